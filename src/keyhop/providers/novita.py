"""Novita AI."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("novita"),
    title="Novita AI",
    url="https://novita.ai/settings/key-management",
    credentials=(Credential.of(key("NOVITA_API_KEY"), reader="litellm"),),
    settings=variables("NOVITA_API_BASE"),
    prefixes=("novita",),
    hosts=("api.novita.ai",),
    references=(LITELLM,),
)
