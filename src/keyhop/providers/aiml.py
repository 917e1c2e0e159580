"""AI/ML API."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("aiml"),
    title="AI/ML API",
    url="https://aimlapi.com/app/keys",
    credentials=(Credential.of(key("AIML_API_KEY"), reader="litellm"),),
    settings=variables("AIML_API_BASE"),
    prefixes=("aiml",),
    hosts=("api.aimlapi.com",),
    references=(LITELLM,),
)
