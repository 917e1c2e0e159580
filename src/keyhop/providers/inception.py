"""Inception, the maker of Mercury."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("inception"),
    title="Inception",
    url="https://platform.inceptionlabs.ai",
    credentials=(Credential.of(key("INCEPTION_API_KEY"), reader="litellm"),),
    settings=variables("INCEPTION_API_BASE"),
    prefixes=("inception",),
    hosts=("api.inceptionlabs.ai",),
    references=(LITELLM,),
)
