"""MariTalk, the Sabiá models."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("maritalk"),
    title="MariTalk",
    url="https://plataforma.maritaca.ai",
    credentials=(Credential.of(key("MARITALK_API_KEY"), reader="litellm"),),
    settings=variables("MARITALK_API_BASE"),
    prefixes=("maritalk",),
    hosts=("chat.maritaca.ai",),
    references=(LITELLM,),
)
