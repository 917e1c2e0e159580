"""Meta's Llama API."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("meta-llama"),
    title="Llama API",
    url="https://llama.developer.meta.com",
    credentials=(Credential.of(key("LLAMA_API_KEY"), reader="litellm"),),
    settings=variables("LLAMA_API_BASE"),
    prefixes=("meta_llama",),
    hosts=("api.llama.com",),
    references=(LITELLM,),
)
