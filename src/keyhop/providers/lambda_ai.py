"""Lambda."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("lambda-ai"),
    title="Lambda",
    url="https://cloud.lambda.ai/api-keys",
    credentials=(Credential.of(key("LAMBDA_API_KEY"), reader="litellm"),),
    settings=variables("LAMBDA_API_BASE"),
    prefixes=("lambda_ai",),
    hosts=("api.lambda.ai",),
    references=(LITELLM,),
)
