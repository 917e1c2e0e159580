"""AI21, the maker of Jamba."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("ai21"),
    title="AI21",
    url="https://studio.ai21.com/account/api-key",
    credentials=(Credential.of(key("AI21_API_KEY"), reader="litellm"),),
    settings=variables("AI21_API_BASE"),
    prefixes=("ai21_chat",),
    hosts=("api.ai21.com",),
    references=(LITELLM,),
)
