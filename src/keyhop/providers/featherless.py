"""Featherless AI."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("featherless"),
    title="Featherless AI",
    url="https://featherless.ai/account/api-keys",
    credentials=(Credential.of(key("FEATHERLESS_AI_API_KEY", "FEATHERLESS_API_KEY"), reader="litellm"),),
    settings=variables("FEATHERLESS_AI_API_BASE", "FEATHERLESS_API_BASE"),
    prefixes=("featherless_ai",),
    hosts=("api.featherless.ai",),
    references=(LITELLM,),
)
