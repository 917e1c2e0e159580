"""Galadriel."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("galadriel"),
    title="Galadriel",
    url="https://galadriel.com",
    credentials=(Credential.of(key("GALADRIEL_API_KEY"), reader="litellm"),),
    settings=variables("GALADRIEL_API_BASE"),
    prefixes=("galadriel",),
    hosts=("api.galadriel.com",),
    references=(LITELLM,),
)
