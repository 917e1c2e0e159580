"""Which service, and which of its credentials, CrewAI asks for a model.

CrewAI decides by the model's name whether it calls a service itself or leaves it to LiteLLM, and the two
read different variables. This follows ``crewai.llm.LLM._resolve_route`` of 1.15.30 and the releases before
it; nothing is guessed: a model that no rule places has no provider.
"""

from __future__ import annotations

from typing import Literal

from keyhop.catalogue import Credential, Provider, ProviderId, by_prefix, provider
from keyhop.crewai_version import (
    COMPATIBLE,
    CUSTOM_ENDPOINT,
    DASHSCOPE_ANY,
    DEEPINFRA,
    INFERENCE,
    LISTED,
    NATIVE,
    NEWEST,
    PATTERNS,
    SNOWFLAKE,
)
from keyhop.crewai_version import CrewAIVersion as CrewAIVersion
from keyhop.listed_models import listed
from keyhop.litellm_models import litellm_prefix
from keyhop.records import dataclass

_ALIASES = {
    "openai": "openai",
    "anthropic": "anthropic",
    "claude": "anthropic",
    "azure": "azure",
    "azure_openai": "azure",
    "google": "gemini",
    "gemini": "gemini",
    "bedrock": "bedrock",
    "aws": "bedrock",
    "openrouter": "openrouter",
    "deepseek": "deepseek",
    "ollama": "ollama",
    "ollama_chat": "ollama",
    "hosted_vllm": "vllm",
    "cerebras": "cerebras",
    "dashscope": "dashscope",
    "snowflake": "snowflake",
    "deepinfra": "deepinfra",
}
"""CrewAI's prefixes for what it calls itself, and the service each means."""

_SINCE = {
    "openai": NATIVE,
    "anthropic": NATIVE,
    "azure": NATIVE,
    "gemini": NATIVE,
    "bedrock": NATIVE,
    "snowflake": SNOWFLAKE,
    "deepinfra": DEEPINFRA,
}
"""Since when CrewAI calls a service itself; the others since COMPATIBLE."""

_STARTS = {
    "openai": ("gpt-", "o1", "o3", "o4", "whisper-"),
    "anthropic": ("claude-", "anthropic."),
    "gemini": ("gemini-", "gemma-", "learnlm-"),
    "deepseek": ("deepseek",),
}
"""How the models of a service begin that CrewAI takes for it, listed or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where CrewAI sends the calls for a model, and what it reads for them."""

    model: str
    """As the service is asked for it, without the prefix that chose the service."""
    provider: ProviderId | None = None
    """None if nothing places the model, or if a service that the catalogue does not have answers for it."""
    reader: Literal["crewai", "litellm", "embedder"] = "crewai"
    credential: Credential | None = None
    """None if the provider is not known."""
    error: str | None = None
    """Why CrewAI or LiteLLM would refuse the model, for a message."""

    @property
    def native(self) -> bool:
        """Whether CrewAI calls the service without LiteLLM."""
        return self.provider is not None and self.reader != "litellm"

    @property
    def required(self) -> bool:
        """Whether a call without the credential is bound to fail."""
        return self.credential is not None and self.credential.required


def route(
    model: str | None,
    *,
    provider: str | None = None,
    base_url: bool = False,
    api_base: bool = False,
    custom_openai: bool = False,
    is_litellm: bool = False,
    version: CrewAIVersion | None = None,
) -> Route:
    """Where ``LLM(model, …)`` goes. `base_url`, `api_base`: whether the call passes that argument.

    A `model` of None is one that is not known. `version` None is the newest.
    """
    version = version or NEWEST
    if not model:
        return Route(model="", error="the model is not known")
    if is_litellm or version < NATIVE:
        return _litellm(model)
    if custom_openai and version >= CUSTOM_ENDPOINT:
        prefix, _, rest = model.partition("/")
        return _native("openai", rest if rest and prefix.lower() == "openai" else model, version)
    if provider and version >= LISTED:
        return _named(provider, model, version)
    prefix, slash, rest = model.partition("/")
    if not slash:
        return _native(_inferred(model, version), model, version)
    service = _ALIASES.get(prefix.lower() if version >= LISTED else prefix)
    if service is None or not _is_native(service, prefix, version):
        return _litellm(model)
    if service == "deepinfra" and not _is_organised(rest):
        return Route(model=rest, error=f"DeepInfra models are org/model, not {rest!r}")
    custom = service == "openai" and (base_url or api_base) and version >= CUSTOM_ENDPOINT
    if custom or _takes(service, rest, version):
        return _native(service, rest, version)
    return _litellm(model)


def service_of(name: str) -> str | None:
    """The service behind the name that CrewAI calls it by itself, in a prefix or as ``llm.provider``."""
    return _ALIASES.get(name)


def _named(name: str, model: str, version: CrewAIVersion) -> Route:
    """``provider=`` is taken as it is, and the model with its prefix."""
    service = _ALIASES.get(name)
    if service is None or name == "aws" or not _is_native(service, name, version):
        return _litellm(model)
    if service == "deepinfra" and not _is_organised(model):
        return Route(model=model, error=f"DeepInfra models are org/model, not {model!r}")
    return _native(service, model, version)


def _is_native(service: str, prefix: str, version: CrewAIVersion) -> bool:
    if prefix == "aws" and version < LISTED:
        return False
    return version >= _SINCE.get(service, COMPATIBLE)


def _takes(service: str, model: str, version: CrewAIVersion) -> bool:
    """Whether CrewAI calls `service` itself for ``prefix/model``."""
    if version < LISTED:
        return True
    lowered = model.lower()
    # NOTE: OpenAI's own list never held a model that its pattern misses, so the pattern stands for it.
    if service != "openai" and version < PATTERNS and service in _STARTS:
        return listed(model, version) == service
    if service == "bedrock":
        return "." in model if version >= PATTERNS else listed(model, version) == service
    if service == "dashscope" and version < DASHSCOPE_ANY:
        return lowered.startswith("qwen")
    return lowered.startswith(_STARTS.get(service, ("",)))


def _is_organised(model: str) -> bool:
    return model.count("/") == 1 and all(model.split("/"))


def _inferred(model: str, version: CrewAIVersion) -> str:
    """The service of a model without a prefix: by list, by pattern, else OpenAI."""
    if version < LISTED:
        return "openai"
    if service := listed(model, version):
        return service
    lowered = model.lower()
    if version >= INFERENCE:
        if "anthropic." in lowered:
            return "bedrock"
        for service in ("anthropic", "gemini"):
            if lowered.startswith(_STARTS[service]):
                return service
    return "openai"


def _native(service: str, model: str, version: CrewAIVersion) -> Route:
    found = _known(service)
    return Route(model=model, provider=found.id, credential=found.credential("crewai").as_of(version))


def _litellm(model: str) -> Route:
    prefix, rest = litellm_prefix(model)
    found = by_prefix(prefix) if prefix else None
    if found is None:
        error = f"LiteLLM knows no provider for {model!r}" if prefix is None else None
        return Route(model=model, reader="litellm", error=error)
    return Route(model=rest, provider=found.id, reader="litellm", credential=found.credential("litellm"))


def _known(service: str) -> Provider:
    found = provider(service)
    if found is None:
        raise LookupError(f"keyhop.providers has no module for {service}")
    return found
