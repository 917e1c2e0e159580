"""Nebius AI Studio."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("nebius"),
    title="Nebius AI Studio",
    url="https://studio.nebius.ai/settings/api-keys",
    credentials=(Credential.of(key("NEBIUS_API_KEY"), reader="litellm"),),
    settings=variables("NEBIUS_API_BASE"),
    prefixes=("nebius",),
    hosts=("api.studio.nebius.ai",),
    references=(LITELLM,),
)
