"""Z.AI, the maker of GLM."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("zai"),
    title="Z.AI",
    url="https://z.ai/manage-apikey/apikey-list",
    credentials=(Credential.of(key("ZAI_API_KEY"), reader="litellm"),),
    settings=variables("ZAI_API_BASE"),
    prefixes=("zai",),
    hosts=("api.z.ai",),
    references=(LITELLM,),
)
