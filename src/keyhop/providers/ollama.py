"""Ollama: local servers ask for no key, ollama.com does."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI, LITELLM

PROVIDER = Provider(
    id=ProviderId("ollama"),
    title="Ollama",
    url="https://ollama.com",
    credentials=(Credential.of(key("OLLAMA_API_KEY"), required=False),),
    settings=variables("OLLAMA_HOST", "OLLAMA_API_BASE", "OLLAMA_BASE_URL", "OLLAMA_URL", "EMBEDDINGS_OLLAMA_URL"),
    prefixes=("ollama", "ollama_chat"),
    hosts=("localhost", "127.0.0.1", "ollama.com"),
    probe=Probe(
        method="GET",
        url="{base}/api/tags",
        header="Authorization: Bearer {key}",
        base="http://localhost:11434",
        base_names=variables("OLLAMA_HOST", "OLLAMA_API_BASE", "OLLAMA_BASE_URL", "OLLAMA_URL"),
    ),
    keyless=True,
    references=(CREWAI, LITELLM),
)
