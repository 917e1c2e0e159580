"""CometAPI."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("cometapi"),
    title="CometAPI",
    url="https://api.cometapi.com/console/token",
    credentials=(Credential.of(key("COMETAPI_KEY"), reader="litellm"),),
    settings=variables("COMETAPI_API_BASE"),
    prefixes=("cometapi",),
    hosts=("api.cometapi.com",),
    references=(LITELLM,),
)
