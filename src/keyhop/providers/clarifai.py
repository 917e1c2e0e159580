"""Clarifai."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("clarifai"),
    title="Clarifai",
    url="https://clarifai.com/settings/security",
    credentials=(Credential.of(key("CLARIFAI_API_KEY"), reader="litellm"),),
    prefixes=("clarifai",),
    hosts=("api.clarifai.com",),
    references=(LITELLM,),
)
