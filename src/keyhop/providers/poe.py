"""Poe."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("poe"),
    title="Poe",
    url="https://poe.com/api_key",
    credentials=(Credential.of(key("POE_API_KEY"), reader="litellm"),),
    prefixes=("poe",),
    hosts=("api.poe.com",),
    references=(LITELLM,),
)
