"""What CrewAI asks for though no code names it: the default model, the planner, memory and knowledge."""

from __future__ import annotations

from collections.abc import Mapping

from keyhop.catalogue import Credential, ProviderId, VarName, key, variables
from keyhop.crewai_version import NEWEST, CrewAIVersion
from keyhop.embedders import embedder
from keyhop.records import dataclass
from keyhop.routing import Route, route

_DEFAULT_ORDER = CrewAIVersion(0, 120, 0)
_DEFAULT_MODELS = ((CrewAIVersion(1, 3, 0), "gpt-4.1-mini"), (CrewAIVersion(0), "gpt-4o-mini"))
_PLANNERS = ((CrewAIVersion(1, 15, 0), "gpt-5.4-mini"), (CrewAIVersion(0), "gpt-4o-mini"))

_COPIED = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "gemini": "GEMINI_API_KEY",
    "nvidia_nim": "NVIDIA_NIM_API_KEY",
    "groq": "GROQ_API_KEY",
    "azure": "AZURE_API_KEY",
    "cerebras": "CEREBRAS_API_KEY",
    "sambanova": "SAMBANOVA_API_KEY",
}
"""By prefix, the variable that CrewAI's ``ENV_VARS`` makes it pass as ``api_key``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultLLM:
    """What an agent without ``llm=`` gets, read from the environment when it is built."""

    model: str
    chosen_by: VarName | None
    """The variable that names the model; None for CrewAI's own default."""
    route: Route
    key: VarName | None
    """The variable whose value is passed as the key, if set. Not always one of the route's: a model without
    a prefix gets OpenAI's key, whichever service it goes to."""
    endpoint: VarName | None
    """The variable that sends the calls, with their key, to another host."""


def model_names(version: CrewAIVersion | None = None) -> tuple[VarName, ...]:
    """The variables that name the default model, in the order they are read."""
    if (version or NEWEST) < _DEFAULT_ORDER:
        return variables("OPENAI_MODEL_NAME", "MODEL")
    return variables("MODEL", "MODEL_NAME", "OPENAI_MODEL_NAME")


def endpoint_names(version: CrewAIVersion | None = None) -> tuple[VarName, ...]:
    """The variables that redirect the default model, in the order they are read."""
    if (version or NEWEST) < _DEFAULT_ORDER:
        return variables("OPENAI_API_BASE", "OPENAI_BASE_URL")
    return variables("BASE_URL", "OPENAI_API_BASE", "OPENAI_BASE_URL", "API_BASE", "AZURE_API_BASE")


def default_llm(settings: Mapping[VarName, str], version: CrewAIVersion | None = None) -> DefaultLLM:
    """The default model where the process has `settings`; empty ones count as absent, as CrewAI takes them."""
    version = version or NEWEST
    chosen_by = next((name for name in model_names(version) if settings.get(name)), None)
    model = settings[chosen_by] if chosen_by else _as_of(version, _DEFAULT_MODELS)
    endpoint = next((name for name in endpoint_names(version) if settings.get(name)), None)
    prefix = model.partition("/")[0] if "/" in model else "openai"
    copied = _COPIED.get(prefix)
    return DefaultLLM(
        model=model,
        chosen_by=chosen_by,
        route=route(model, base_url=endpoint is not None, version=version),
        key=VarName(copied) if copied else None,
        endpoint=endpoint,
    )


def planner(version: CrewAIVersion | None = None) -> Route:
    """The model that ``Crew(planning=True)`` plans with; it is fixed and heeds no variable."""
    version = version or NEWEST
    return route(_as_of(version, _PLANNERS), version=version)


def memory(name: str | None = None, version: CrewAIVersion | None = None) -> Route:
    """What ``memory=True`` embeds with, `name` being the embedder's provider if one is configured.

    A wrong key there never fails a kickoff: CrewAI 1.15 only emits events.
    """
    return embedder(name, version)


def knowledge(name: str | None = None, version: CrewAIVersion | None = None) -> Route:
    """What ``knowledge_sources=`` embed with; unlike memory they heed no ``EMBEDDINGS_…`` by default."""
    if name is not None:
        return embedder(name, version)
    return Route(
        model="",
        provider=ProviderId("openai"),
        reader="embedder",
        credential=Credential.of(key("OPENAI_API_KEY"), reader="embedder"),
    )


def _as_of(version: CrewAIVersion, models: tuple[tuple[CrewAIVersion, str], ...]) -> str:
    return next(model for since, model in models if version >= since)
