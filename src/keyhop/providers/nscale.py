"""Nscale."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("nscale"),
    title="Nscale",
    url="https://console.nscale.com",
    credentials=(Credential.of(key("NSCALE_API_KEY"), reader="litellm"),),
    settings=variables("NSCALE_API_BASE"),
    prefixes=("nscale",),
    hosts=("inference.api.nscale.com",),
    references=(LITELLM,),
)
