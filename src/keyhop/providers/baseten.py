"""Baseten."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("baseten"),
    title="Baseten",
    url="https://app.baseten.co/settings/api_keys",
    credentials=(Credential.of(key("BASETEN_API_KEY"), reader="litellm"),),
    settings=variables("BASETEN_API_BASE"),
    prefixes=("baseten",),
    hosts=("inference.baseten.co",),
    references=(LITELLM,),
)
