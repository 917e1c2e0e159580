"""Jina AI, embeddings and readers."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI, LITELLM

PROVIDER = Provider(
    id=ProviderId("jina"),
    title="Jina AI",
    url="https://jina.ai/api-dashboard",
    credentials=(
        Credential.of(key("JINA_AI_API_KEY", "JINA_API_KEY", "JINA_AI_TOKEN"), reader="litellm"),
        Credential.of(key("EMBEDDINGS_JINA_API_KEY", "JINA_API_KEY"), reader="embedder"),
    ),
    settings=variables("JINA_AI_API_BASE"),
    prefixes=("jina_ai",),
    hosts=("api.jina.ai", "r.jina.ai"),
    references=(CREWAI, LITELLM),
)
