"""Mistral AI."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import KINGFISHER, LITELLM

_SHAPES = (Shape(title="key", pattern=r"[0-9A-Za-z]{32}"),)

PROVIDER = Provider(
    id=ProviderId("mistral"),
    title="Mistral AI",
    url="https://console.mistral.ai/api-keys",
    credentials=(
        Credential.of(key("MISTRAL_API_KEY", "MISTRAL_AZURE_API_KEY", shapes=_SHAPES), reader="litellm"),
        Credential.of(
            key("MISTRAL_API_KEY", shapes=_SHAPES, arguments=("api_key", "mistral_api_key")), reader="langchain"
        ),
    ),
    settings=variables("MISTRAL_API_BASE", "MISTRAL_AZURE_API_BASE"),
    prefixes=("mistral",),
    hosts=("api.mistral.ai",),
    probe=Probe(
        method="GET",
        url="https://api.mistral.ai/v1/models",
        header="Authorization: Bearer {key}",
        base="https://api.mistral.ai/v1",
        base_names=variables("MISTRAL_API_BASE"),
    ),
    never_read=variables("MISTRALAI_API_KEY", "MISTRAL_AI_API_KEY", "MISTRAL_KEY"),
    references=(LITELLM, KINGFISHER),
)
