"""Moonshot AI, the maker of Kimi."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("moonshot"),
    title="Moonshot AI",
    url="https://platform.moonshot.ai/console/api-keys",
    credentials=(Credential.of(key("MOONSHOT_API_KEY"), reader="litellm"),),
    settings=variables("MOONSHOT_API_BASE"),
    prefixes=("moonshot",),
    hosts=(
        "api.moonshot.ai",
        "api.moonshot.cn",
    ),
    references=(LITELLM,),
)
