"""Chutes."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("chutes"),
    title="Chutes",
    url="https://chutes.ai/app/api",
    credentials=(Credential.of(key("CHUTES_API_KEY"), reader="litellm"),),
    prefixes=("chutes",),
    hosts=("llm.chutes.ai",),
    references=(LITELLM,),
)
