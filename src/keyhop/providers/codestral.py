"""Codestral, Mistral's code models, with keys and a host of their own."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("codestral"),
    title="Codestral",
    url="https://console.mistral.ai/codestral",
    credentials=(Credential.of(key("CODESTRAL_API_KEY"), reader="litellm"),),
    settings=variables("CODESTRAL_API_BASE"),
    prefixes=("codestral", "text-completion-codestral"),
    hosts=("codestral.mistral.ai",),
    references=(LITELLM,),
)
