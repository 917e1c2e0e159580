"""Azure OpenAI, now part of Microsoft Foundry."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, identity, key, setting, variables
from keyhop.citations import CREWAI, KINGFISHER, LITELLM, TRUFFLEHOG, released
from keyhop.crewai_version import AZURE_IDENTITY

_SHAPES = (
    Shape(title="classic key", pattern=r"[0-9a-f]{32}"),
    Shape(title="84-character key", pattern=r"[0-9A-Za-z]{52}JQQJ99[0-9A-Z]{2}AC[0-9A-Za-z]{10,30}"),
)
_ENDPOINT = setting("AZURE_ENDPOINT", "AZURE_OPENAI_ENDPOINT", "AZURE_API_BASE", arguments=("endpoint",))
_LITELLM_ENDPOINT = setting("AZURE_API_BASE", arguments=("base_url", "api_base"))
_SDK_ENDPOINT = setting("AZURE_OPENAI_ENDPOINT", arguments=("azure_endpoint", "base_url"))
_SDK_VERSION = setting("OPENAI_API_VERSION", arguments=("api_version", "openai_api_version"))
_CLIENT = (
    setting("AZURE_CLIENT_ID"),
    setting("AZURE_TENANT_ID"),
    key("AZURE_CLIENT_SECRET", arguments=(), since=AZURE_IDENTITY),
)
_TOKEN = key("AZURE_OPENAI_AD_TOKEN", arguments=("azure_ad_token", "azure_ad_token_provider"))


def _probe(header: str, *names: str) -> Probe:
    return Probe(
        method="GET",
        url="{endpoint}/openai/models?api-version=2024-10-21",
        header=header,
        base_names=variables(
            "AZURE_ENDPOINT",
            "AZURE_OPENAI_ENDPOINT",
            "AZURE_API_BASE",
            "EMBEDDINGS_OPENAI_API_BASE",
            "OPENAI_API_BASE",
        ),
        names=variables(*names),
    )


PROVIDER = Provider(
    id=ProviderId("azure"),
    title="Azure OpenAI",
    url="https://ai.azure.com",
    credentials=(
        Credential(
            any_of=(
                (key("AZURE_API_KEY", shapes=_SHAPES), _ENDPOINT),
                (_ENDPOINT, *_CLIENT),
                (_ENDPOINT, identity("@azure identity", since=AZURE_IDENTITY)),
            ),
        ),
        Credential(
            reader="litellm",
            any_of=(
                (key("AZURE_API_KEY", "AZURE_OPENAI_API_KEY", shapes=_SHAPES), _LITELLM_ENDPOINT),
                (key("AZURE_AD_TOKEN", arguments=("azure_ad_token",)), _LITELLM_ENDPOINT),
                (_LITELLM_ENDPOINT, *_CLIENT),
            ),
        ),
        Credential(
            reader="sdk",
            any_of=(
                (key("AZURE_OPENAI_API_KEY", shapes=_SHAPES), _SDK_ENDPOINT, _SDK_VERSION),
                (_TOKEN, _SDK_ENDPOINT, _SDK_VERSION),
            ),
        ),
        Credential(
            reader="langchain",
            any_of=(
                (
                    key(
                        "AZURE_OPENAI_API_KEY",
                        "OPENAI_API_KEY",
                        shapes=_SHAPES,
                        arguments=("api_key", "openai_api_key"),
                    ),
                    _SDK_ENDPOINT,
                    _SDK_VERSION,
                ),
                (_TOKEN, _SDK_ENDPOINT, _SDK_VERSION),
            ),
        ),
        Credential.of(
            key("EMBEDDINGS_OPENAI_API_KEY", "OPENAI_API_KEY", shapes=_SHAPES),
            setting("EMBEDDINGS_OPENAI_API_BASE", "OPENAI_API_BASE", arguments=("api_base",)),
            reader="embedder",
        ),
    ),
    settings=variables(
        "AZURE_API_VERSION",
        "AZURE_CREDENTIAL_SCOPES",
        "AZURE_TOKEN_CREDENTIALS",
        "AZURE_OPENAI_DEPLOYMENT",
        "AZURE_DEPLOYMENT_ID",
        "EMBEDDINGS_OPENAI_DEPLOYMENT_ID",
        "EMBEDDINGS_OPENAI_API_VERSION",
    ),
    prefixes=("azure", "azure_text"),
    hosts=(
        "*.openai.azure.com",
        "*.cognitiveservices.azure.com",
        "*.services.ai.azure.com",
        "*.openai.azure.us",
    ),
    probe=_probe("api-key: {key}", "AZURE_API_KEY", "AZURE_OPENAI_API_KEY", "OPENAI_API_KEY"),
    other_probes=(_probe("Authorization: Bearer {key}", "AZURE_OPENAI_AD_TOKEN", "AZURE_AD_TOKEN"),),
    never_read=variables("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY", "AZURE_AD_TOKEN", "AZURE_KEY"),
    references=(
        CREWAI,
        LITELLM,
        released("azure-ai-inference", "1.0.0b9"),
        released("openai", "2.54.0"),
        TRUFFLEHOG,
        KINGFISHER,
    ),
)
