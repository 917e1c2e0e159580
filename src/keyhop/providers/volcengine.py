"""Volcengine Ark, the Doubao models."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("volcengine"),
    title="Volcengine",
    url="https://console.volcengine.com/ark",
    credentials=(Credential.of(key("VOLCENGINE_API_KEY"), reader="litellm"),),
    settings=variables("VOLCENGINE_API_BASE"),
    prefixes=("volcengine",),
    hosts=("ark.cn-beijing.volces.com",),
    references=(LITELLM,),
)
