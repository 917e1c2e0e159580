"""Every crew, flow and agent of CrewAI judged when it begins, from the moment that CrewAI is there."""

from __future__ import annotations

from contextlib import suppress
from types import ModuleType

from keyhop.errors import UsageError
from keyhop.module_watch import Watch

_HOOKS = "crewai.hooks"
_watch: Watch | None = None


def watch_crews() -> None:
    """Once per process. CrewAI is not imported for it; versions without the hook are left alone."""
    global _watch
    if _watch is None:
        _watch = Watch((_HOOKS,), _hooked)
        _watch.start()


def _hooked(module: ModuleType) -> None:
    from keyhop.startup import hook

    with suppress(UsageError):
        hook()
