"""Cohere."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, GITLEAKS, LITELLM, released

_SHAPES = (Shape(title="key", pattern=r"[0-9A-Za-z]{40}"),)

PROVIDER = Provider(
    id=ProviderId("cohere"),
    title="Cohere",
    url="https://dashboard.cohere.com/api-keys",
    credentials=(
        Credential.of(key("COHERE_API_KEY", "CO_API_KEY", shapes=_SHAPES), reader="litellm"),
        Credential.of(key("CO_API_KEY", "COHERE_API_KEY", shapes=_SHAPES), reader="sdk"),
        Credential.of(
            key("COHERE_API_KEY", shapes=_SHAPES, arguments=("cohere_api_key", "api_key")), reader="langchain"
        ),
        Credential.of(key("EMBEDDINGS_COHERE_API_KEY", "COHERE_API_KEY", shapes=_SHAPES), reader="embedder"),
    ),
    settings=variables("COHERE_API_BASE"),
    prefixes=("cohere", "cohere_chat"),
    hosts=("api.cohere.com",),
    probe=Probe(method="GET", url="https://api.cohere.com/v1/models", header="Authorization: Bearer {key}"),
    references=(CREWAI, LITELLM, released("cohere", "7.3.1"), GITLEAKS),
)
