"""Which credentials a tool of crewai_tools asks for.

The declarations of crewai-tools (`keyhop.crewai_tools`) are corrected here where its source says otherwise:
CrewAI itself never reads a declaration.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from keyhop.catalogue import Credential, Part, ProviderId, VarName, by_name, key, provider, setting
from keyhop.crewai_tools import DECLARED, EMBEDDING
from keyhop.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolNeed:
    """One credential that a tool asks for, of the service that accepts it."""

    provider: ProviderId
    credential: Credential


def _openai(*alternatives: tuple[Part, ...]) -> ToolNeed:
    return ToolNeed(provider=ProviderId("openai"), credential=Credential(reader="tool", any_of=alternatives))


_OPENAI_OR_AZURE = _openai(
    (key("OPENAI_API_KEY", arguments=()),),
    (
        key("AZURE_OPENAI_API_KEY", arguments=("use_azure_identity",)),
        setting("AZURE_OPENAI_ENDPOINT"),
        setting("OPENAI_API_VERSION"),
    ),
)
_RAG_EMBEDDER = _openai((key("OPENAI_API_KEY", arguments=("config", "adapter")),))

_EMBEDDERS = {
    "AzureDocumentDBVectorSearchTool": _OPENAI_OR_AZURE,
    "DB2VectorSearchTool": _openai((key("OPENAI_API_KEY", arguments=("custom_embedding_fn",)),)),
    "MongoDBVectorSearchTool": _OPENAI_OR_AZURE,
    "OracleVectorSearchTool": _openai((key("OPENAI_API_KEY", arguments=("embedding_function",)),)),
    "QdrantVectorSearchTool": _openai((key("OPENAI_API_KEY", arguments=("custom_embedding_fn",)),)),
    "StagehandTool": _openai(
        (key("OPENAI_API_KEY", arguments=("model_api_key",)),),
        (key("ANTHROPIC_API_KEY", arguments=("model_api_key",)),),
        (key("GOOGLE_API_KEY", arguments=("model_api_key",)),),
    ),
}
"""Classes that call a model of their own, and how they read its key."""

_SERVICES: dict[str, tuple[str, ...]] = {
    "AzureDocumentDBVectorSearchTool": ("azure-documentdb",),
    "BedrockInvokeAgentTool": ("bedrock",),
    "BedrockKBRetrieverTool": ("bedrock",),
    "CrewaiPlatformTools": ("crewai-amp",),
    "DB2VectorSearchTool": ("db2",),
    "MongoDBVectorSearchTool": (),
    "OracleVectorSearchTool": (),
    "PatronusPredefinedCriteriaEvalTool": ("patronus",),
    "S3ReaderTool": ("amazon-s3",),
    "S3WriterTool": ("amazon-s3",),
    "ZapierActionTools": ("zapier",),
}
"""Classes and factories whose declarations are missing or wrong, with the services they do ask."""

_FAIL_WITHOUT = frozenset(
    {
        "BrowserbaseLoadTool",
        "DatabricksQueryTool",
        "DaytonaExecTool",
        "DaytonaFileTool",
        "DaytonaPythonTool",
        "EXASearchTool",
        "ExaSearchTool",
        "HyperbrowserLoadTool",
        "ScrapegraphScrapeTool",
        "StagehandTool",
    }
)
"""Classes that declare their service's variables as optional and fail without them."""


def tool_needs(name: str, arguments: Collection[str] = ()) -> tuple[ToolNeed, ...] | None:
    """What the tool class `name` needs where code passes `arguments`; None if crewai_tools has no such class."""
    if name not in DECLARED and name not in _SERVICES:
        return None
    return tuple(
        replace(need, credential=left)
        for need in _needs(name)
        if (left := need.credential.beside(arguments)) is not None
    )


def embeds(name: str) -> bool:
    """Whether the class embeds what it reads: its ``config`` may name an embedder in place of OpenAI's."""
    return name in EMBEDDING


def _needs(name: str) -> list[ToolNeed]:
    services = _SERVICES.get(name)
    needs = _declared(name) if services is None else [_of(service, required=True) for service in services]
    embedder = _EMBEDDERS.get(name) or (_RAG_EMBEDDER if name in EMBEDDING else None)
    if embedder is None:
        return needs
    return [*(need for need in needs if need.provider != embedder.provider), embedder]


def _declared(name: str) -> list[ToolNeed]:
    """The services whose secrets the class declares; required if one of those is, or known to be."""
    services: dict[ProviderId, bool] = {}
    for variable, required in DECLARED[name]:
        for owner in by_name().get(VarName(variable), ())[:1]:
            services[owner.id] = services.get(owner.id, False) or required or name in _FAIL_WITHOUT
    return [_of(service, required=required) for service, required in services.items()]


def _of(service: str, *, required: bool) -> ToolNeed:
    found = provider(service)
    if found is None:
        raise LookupError(f"keyhop.providers has no module for {service}")
    credential = found.credential("tool")
    return ToolNeed(provider=found.id, credential=replace(credential, required=credential.required and required))
