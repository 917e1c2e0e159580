"""DigitalOcean Gradient AI."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("gradient-ai"),
    title="DigitalOcean Gradient AI",
    url="https://cloud.digitalocean.com/gen-ai",
    credentials=(Credential.of(key("GRADIENT_AI_API_KEY"), reader="litellm"),),
    settings=variables("GRADIENT_AI_AGENT_ENDPOINT"),
    prefixes=("gradient_ai",),
    hosts=(
        "inference.do-ai.run",
        "*.agents.do-ai.run",
    ),
    references=(LITELLM,),
)
