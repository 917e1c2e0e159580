"""DeepInfra."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI, LITELLM

PROVIDER = Provider(
    id=ProviderId("deepinfra"),
    title="DeepInfra",
    url="https://deepinfra.com/dash/api_keys",
    credentials=(Credential.of(key("DEEPINFRA_API_KEY")),),
    settings=variables("DEEPINFRA_BASE_URL", "DEEPINFRA_API_BASE"),
    prefixes=("deepinfra",),
    hosts=("api.deepinfra.com",),
    never_read=variables("DEEPINFRA_TOKEN", "DEEPINFRA_API_TOKEN"),
    references=(CREWAI, LITELLM),
)
