"""MiniMax."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("minimax"),
    title="MiniMax",
    url="https://platform.minimax.io",
    credentials=(Credential.of(key("MINIMAX_API_KEY"), reader="litellm"),),
    settings=variables("MINIMAX_API_BASE"),
    prefixes=("minimax",),
    hosts=(
        "api.minimax.io",
        "api.minimaxi.com",
    ),
    references=(LITELLM,),
)
