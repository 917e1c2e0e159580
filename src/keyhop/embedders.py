"""Which service an ``embedder={"provider": …}`` of CrewAI asks, and which variables it reads.

Follows ``crewai/rag/embeddings`` of 1.15.30 and the releases before it. The names differ from those of
models: Azure's embedder reads OpenAI's variables, and ``voyageai`` has a key variable of its own.
"""

from __future__ import annotations

from dataclasses import replace

from keyhop.catalogue import Credential, ProviderId, key, provider
from keyhop.crewai_version import EMBEDDER_ALIASES, EMBEDDER_SETTINGS, NEWEST, UNIFIED_MEMORY, CrewAIVersion
from keyhop.routing import Route

_SERVICES = {
    "openai": "openai",
    "azure": "azure",
    "amazon-bedrock": "bedrock",
    "cohere": "cohere",
    "google-generativeai": "gemini",
    "google": "gemini",
    "google-vertex": "vertex",
    "huggingface": "huggingface",
    "jina": "jina",
    "ollama": "ollama",
    "openrouter": "openrouter",
    "roboflow": "roboflow",
    "voyageai": "voyage",
    "watsonx": "watsonx",
}
_FORMER = {"bedrock": "bedrock", "vertexai": "vertex", "watson": "watsonx"}
"""Names that releases before settings objects used."""

_LOCAL = frozenset({"custom", "instructor", "onnx", "openclip", "oracle", "sentence-transformer", "text2vec"})
"""Embedders that run in the process or get what they need from code."""


def embedder(name: str | None, version: CrewAIVersion | None = None) -> Route:
    """What an embedder asks for; None is the one CrewAI builds where none is configured, OpenAI's."""
    version = version or NEWEST
    if name is None and version < UNIFIED_MEMORY:
        return _asks("openai", Credential.of(key("OPENAI_API_KEY"), reader="embedder"), "")
    name = name or "openai"
    if name in _LOCAL:
        return Route(model=name, reader="embedder")
    service = _SERVICES.get(name) or (_FORMER.get(name) if version < EMBEDDER_ALIASES else None)
    found = provider(service) if service else None
    if service is None or found is None:
        return Route(model=name, reader="embedder", error=f"CrewAI knows no embedder named {name!r}")
    return _asks(service, _as_read(found.credential("embedder"), service, version), name)


def _asks(service: str, credential: Credential | None, name: str) -> Route:
    return Route(model=name, provider=ProviderId(service), reader="embedder", credential=credential)


def _as_read(credential: Credential, service: str, version: CrewAIVersion) -> Credential | None:
    """The names that `version` reads; None where it takes the key from the configuration alone."""
    if version < EMBEDDER_SETTINGS:
        return Credential.of(key("OPENAI_API_KEY"), reader="embedder") if service == "openai" else None
    if version >= EMBEDDER_ALIASES:
        return credential
    return replace(
        credential,
        any_of=tuple(
            tuple(
                replace(part, names=tuple(n for n in part.names if n.startswith("EMBEDDINGS_")) or part.names)
                for part in parts
            )
            for parts in credential.any_of
        ),
    )
