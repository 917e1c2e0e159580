"""Hyperbolic."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("hyperbolic"),
    title="Hyperbolic",
    url="https://app.hyperbolic.xyz/settings",
    credentials=(Credential.of(key("HYPERBOLIC_API_KEY"), reader="litellm"),),
    settings=variables("HYPERBOLIC_API_BASE"),
    prefixes=("hyperbolic",),
    hosts=("api.hyperbolic.xyz",),
    references=(LITELLM,),
)
