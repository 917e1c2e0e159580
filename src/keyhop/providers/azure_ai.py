"""Models on Azure AI Foundry that LiteLLM calls by ``azure_ai/``, with names of their own."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, setting, variables
from keyhop.citations import LITELLM

_ENDPOINT = setting("AZURE_AI_API_BASE", arguments=("base_url", "api_base"))

PROVIDER = Provider(
    id=ProviderId("azure-ai"),
    title="Azure AI Foundry models",
    url="https://ai.azure.com",
    credentials=(
        Credential(
            reader="litellm",
            any_of=(
                (key("AZURE_AI_API_KEY"), _ENDPOINT),
                (key("AZURE_OPENAI_API_KEY", "AZURE_API_KEY", "AZURE_AD_TOKEN"), _ENDPOINT),
            ),
        ),
    ),
    settings=variables("AZURE_AI_API_VERSION"),
    prefixes=("azure_ai",),
    hosts=("*.services.ai.azure.com", "*.models.ai.azure.com", "*.inference.ai.azure.com"),
    references=(LITELLM,),
)
