"""FriendliAI."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("friendli"),
    title="FriendliAI",
    url="https://suite.friendli.ai",
    credentials=(Credential.of(key("FRIENDLIAI_API_KEY", "FRIENDLI_TOKEN"), reader="litellm"),),
    settings=variables("FRIENDLI_API_BASE"),
    prefixes=("friendliai",),
    hosts=("api.friendli.ai",),
    references=(LITELLM,),
)
