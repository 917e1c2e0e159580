"""NLP Cloud."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("nlp-cloud"),
    title="NLP Cloud",
    url="https://nlpcloud.com/home/token",
    credentials=(Credential.of(key("NLP_CLOUD_API_KEY"), reader="litellm"),),
    settings=variables("NLP_CLOUD_API_BASE"),
    prefixes=("nlp_cloud",),
    hosts=("api.nlpcloud.io",),
    references=(LITELLM,),
)
