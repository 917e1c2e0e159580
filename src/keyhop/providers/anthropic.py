"""Anthropic."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, GITLEAKS, KINGFISHER, LITELLM, TRUFFLEHOG, released

_SHAPES = (
    Shape(title="API key", pattern=r"sk-ant-api\d{2}-[\w-]{93}AA", certain=True),
    Shape(title="admin key, refused for messages", pattern=r"sk-ant-admin\d{2}-[\w-]{93}AA", certain=True),
    Shape(title="OAuth access token", pattern=r"sk-ant-oat\d{2}-[\w-]{40,}", certain=True),
    Shape(title="OAuth refresh token", pattern=r"sk-ant-ort\d{2}-[\w-]{40,}", certain=True),
)

PROVIDER = Provider(
    id=ProviderId("anthropic"),
    title="Anthropic",
    url="https://console.anthropic.com/settings/keys",
    credentials=(
        Credential.of(key("ANTHROPIC_API_KEY", shapes=_SHAPES)),
        Credential(
            reader="litellm",
            any_of=(
                (key("ANTHROPIC_API_KEY", shapes=_SHAPES),),
                (key("ANTHROPIC_AUTH_TOKEN", shapes=_SHAPES, arguments=()),),
            ),
        ),
        Credential(
            reader="sdk",
            any_of=(
                (key("ANTHROPIC_API_KEY", shapes=_SHAPES),),
                (key("ANTHROPIC_AUTH_TOKEN", shapes=_SHAPES, arguments=("auth_token",)),),
            ),
        ),
        Credential.of(
            key("ANTHROPIC_API_KEY", shapes=_SHAPES, arguments=("api_key", "anthropic_api_key")),
            reader="langchain",
        ),
    ),
    settings=variables("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"),
    prefixes=("anthropic", "anthropic_text"),
    hosts=("api.anthropic.com",),
    probe=Probe(
        method="GET",
        url="https://api.anthropic.com/v1/models?limit=1",
        header="x-api-key: {key}",
        headers=("anthropic-version: 2023-06-01",),
        rejected_when="authentication_error",
        limited=(403,),
        base="https://api.anthropic.com",
        base_names=variables("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"),
    ),
    never_read=variables("CLAUDE_API_KEY", "ANTHROPIC_KEY", "ANTHROPIC_AUTH_TOKEN"),
    references=(CREWAI, LITELLM, released("anthropic", "0.73.0"), GITLEAKS, TRUFFLEHOG, KINGFISHER),
)
