"""Morph."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("morph"),
    title="Morph",
    url="https://morphllm.com/dashboard/api-keys",
    credentials=(Credential.of(key("MORPH_API_KEY"), reader="litellm"),),
    settings=variables("MORPH_API_BASE"),
    prefixes=("morph",),
    hosts=("api.morphllm.com",),
    references=(LITELLM,),
)
