"""What live objects of CrewAI, its tools and other clients hold, read without a call and without an import."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from keyhop.catalogue import Part
from keyhop.crewai_version import CrewAIVersion
from keyhop.text.sealed import Sealed

_LONGEST = 40
_LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "::1", "host.docker.internal")
_KINDS = ("Crew", "BaseAgent", "LiteAgent", "Task", "BaseLLM", "BaseTool", "Flow", "Memory", "AgentExecutor")


def known(thing: object) -> bool:
    """Whether it is something of CrewAI, or a tool, whose needs can be told."""
    return is_a(thing, *_KINDS) or is_crew_class(thing)


def is_a(thing: object, *names: str) -> bool:
    """Whether it is an instance of one of CrewAI's classes of these names."""
    return any(each.__name__ in names and package(each) in ("crewai", "crewai_tools") for each in type(thing).__mro__)


def is_crew_class(thing: object) -> bool:
    """Whether its class is one under ``@CrewBase``."""
    return getattr(type(thing), "is_crew_class", False) is True


def package(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def version() -> CrewAIVersion | None:
    """Of the CrewAI that this process has imported."""
    text = getattr(sys.modules.get("crewai"), "__version__", None)
    return CrewAIVersion.parse(text) if isinstance(text, str) else None


def field(thing: Any, name: str) -> Any:
    """A field, without the warnings that deprecated ones give."""
    return getattr(thing, "__dict__", {}).get(name)


def items(thing: Any, name: str) -> tuple[Any, ...]:
    value = field(thing, name)
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def argument(holder: object, part: Part) -> Any:
    """What an object was given, or has copied, for a part: the value sealed, a function as it is, or None.

    Of the names that it may have it under the first counts.
    """
    for name in part.arguments:
        value = holder.get(name) if isinstance(holder, Mapping) else field(holder, name)
        value = getattr(value, "get_secret_value", lambda value=value: value)()
        if isinstance(value, str):
            return Sealed(value)
        if callable(value):
            return value
    return None


def is_given_by_function(llm: object) -> bool:
    """Whether a client asks a function for its key at every call."""
    given = getattr(llm, "client_params", None)
    return isinstance(given, Mapping) and callable(given.get("api_key"))


def is_local(llm: object) -> bool:
    """Whether it asks this machine, where mostly any key will do."""
    urls = (field(llm, name) for name in ("base_url", "api_base", "endpoint"))
    try:
        return any(urlsplit(url).hostname in _LOCAL for url in urls if isinstance(url, str))
    except ValueError:
        return False


def shown(llm: object) -> str:
    """A model as its code would write it: ``LLM('gpt-4o')``."""
    model = getattr(llm, "model", "")
    return f"LLM({model!r})" if isinstance(model, str) and model else type(llm).__name__


def short(text: object) -> str:
    """A role or a name, quoted, on one line."""
    line = " ".join(str(text or "").split())
    return repr(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…")
