"""The methods of CrewAI through which keys get out, and what is put around each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeAlias

from keyhop.records import dataclass
from keyhop.text.redacting import (
    redact_chain,
    redact_fields,
    redacted,
    redacted_json,
    remember_fields,
    shown,
)

_Method: TypeAlias = Callable[..., Any]
_COPYING: ContextVar[bool] = ContextVar("keyhop_copying", default=False)
"""CrewAI copies crews by way of ``model_dump``: such a copy keeps its keys."""
_TOLD = re.compile(r"error|reason|message|output|result", re.IGNORECASE)
"""Fields of events that repeat what somebody else said."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One method, and what is put around it."""

    owner: str
    method: str
    around: Callable[[_Method], _Method]
    always: bool = False
    """Every version of CrewAI that is supported has it."""

    def apply(self, module: Any) -> Callable[[], None] | None:
        """Puts it there, and returns what takes it away; None where there is no such method."""
        owner = getattr(module, self.owner, None)
        method = getattr(owner, self.method, None)
        if owner is None or method is None:
            return None
        own = owner.__dict__.get(self.method)
        made = self.around(method)
        setattr(owner, self.method, made)

        def undo() -> None:
            if owner.__dict__.get(self.method) is not made:
                return
            if own is None:
                delattr(owner, self.method)
            else:
                setattr(owner, self.method, own)

        return undo


def _dumped(method: _Method) -> _Method:
    @wraps(method)
    def model_dump(self: Any, *positional: Any, **named: Any) -> Any:
        data = method(self, *positional, **named)
        return data if _COPYING.get() else redacted(data)

    return model_dump


def _dumped_json(method: _Method) -> _Method:
    @wraps(method)
    def model_dump_json(self: Any, *positional: Any, **named: Any) -> str:
        text = method(self, *positional, **named)
        return text if _COPYING.get() else redacted_json(text, named.get("indent"))

    return model_dump_json


def _represented(method: _Method) -> _Method:
    @wraps(method)
    def __repr_args__(self: Any) -> Iterator[tuple[str | None, Any]]:
        for name, value in method(self):
            yield name, shown(name, value)

    return __repr_args__


def _copied(method: _Method) -> _Method:
    @wraps(method)
    def copy(self: Any, *positional: Any, **named: Any) -> Any:
        token = _COPYING.set(True)
        try:
            return method(self, *positional, **named)
        finally:
            _COPYING.reset(token)

    return copy


def _made(method: _Method) -> _Method:
    @wraps(method)
    def __init__(self: Any, *positional: Any, **named: Any) -> None:
        method(self, *positional, **named)
        remember_fields(self)

    return __init__


def _emitted(method: _Method) -> _Method:
    @wraps(method)
    def emit(self: Any, source: Any, event: Any, *positional: Any, **named: Any) -> Any:
        redact_fields(event, _TOLD)
        return method(self, source, event, *positional, **named)

    return emit


def _run(method: _Method) -> _Method:
    @wraps(method)
    def kickoff(self: Any, *positional: Any, **named: Any) -> Any:
        _remember_models(self)
        try:
            return method(self, *positional, **named)
        except BaseException as error:
            redact_chain(error)
            raise

    return kickoff


def _run_async(method: _Method) -> _Method:
    @wraps(method)
    async def kickoff(self: Any, *positional: Any, **named: Any) -> Any:
        _remember_models(self)
        try:
            return await method(self, *positional, **named)
        except BaseException as error:
            redact_chain(error)
            raise

    return kickoff


def _remember_models(runs: Any) -> None:
    """Models may be older than the redaction."""
    fields = getattr(runs, "__dict__", {})
    for agent in (runs, *(fields.get("agents") or ())):
        for model in (getattr(agent, "__dict__", {}).get(name) for name in ("llm", "manager_llm", "chat_llm")):
            remember_fields(model)


def _shows(owner: str, *, always: bool = False) -> tuple[Patch, ...]:
    return (
        Patch(owner, "__repr_args__", _represented, always),
        Patch(owner, "model_dump", _dumped, always),
        Patch(owner, "model_dump_json", _dumped_json, always),
    )


def _runs(owner: str) -> tuple[Patch, ...]:
    return (
        Patch(owner, "kickoff", _run),
        Patch(owner, "kickoff_async", _run_async),
        Patch(owner, "akickoff", _run_async),
    )


MODULES: dict[str, tuple[Patch, ...]] = {
    "crewai.llms.base_llm": (*_shows("BaseLLM", always=True), Patch("BaseLLM", "__init__", _made)),
    "crewai.agents.agent_builder.base_agent": (
        *_shows("BaseAgent", always=True),
        Patch("BaseAgent", "copy", _copied),
    ),
    "crewai.agent.core": _runs("Agent"),
    "crewai.agents.agent_executor": _shows("AgentExecutor"),
    "crewai.crew": (*_shows("Crew", always=True), Patch("Crew", "copy", _copied), *_runs("Crew")),
    "crewai.task": (*_shows("Task", always=True), Patch("Task", "copy", _copied)),
    "crewai.tools.base_tool": _shows("BaseTool", always=True),
    "crewai.memory.unified_memory": _shows("Memory"),
    "crewai.flow.runtime": (*_shows("Flow"), *_runs("Flow")),
    "crewai.mcp.config": (*_shows("MCPServerHTTP"), *_shows("MCPServerSSE"), *_shows("MCPServerStdio")),
    "crewai.events.base_events": (*_shows("BaseEvent"), Patch("BaseEvent", "to_json", _dumped)),
    "crewai.events.event_bus": (
        Patch("CrewAIEventsBus", "emit", _emitted),
        Patch("CrewAIEventsBus", "aemit", _emitted),
    ),
    "crewai.state.runtime": _shows("RuntimeState"),
}
