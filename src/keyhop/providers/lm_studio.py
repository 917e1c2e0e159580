"""LM Studio, a local server."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("lm-studio"),
    title="LM Studio",
    url="https://lmstudio.ai",
    credentials=(Credential.of(key("LM_STUDIO_API_KEY"), reader="litellm", required=False),),
    settings=variables("LM_STUDIO_API_BASE"),
    prefixes=("lm_studio",),
    hosts=("localhost", "127.0.0.1"),
    keyless=True,
    references=(LITELLM,),
)
