"""v0 of Vercel."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("v0"),
    title="v0",
    url="https://v0.dev/chat/settings/keys",
    credentials=(Credential.of(key("V0_API_KEY"), reader="litellm"),),
    settings=variables("V0_API_BASE"),
    prefixes=("v0",),
    hosts=("api.v0.dev",),
    references=(LITELLM,),
)
