"""Forked children of a process in which CrewAI has run.

CrewAI's event bus (1.x) hands events to threads, which it starts at the first one. A forked child inherits the bus
without the threads, so that the first event of a crew there waits for ever. A bus that was made lazily is set back in
the child, so that it starts threads of its own; one of another build is refused with the reason.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Any

from keyhop.errors import NotStarted

_BUS = "crewai.events.event_bus"
_LAZY = ("_executor_initialized", "_pending_futures", "_futures_lock", "_has_pending_events", "_rwlock")
"""What a bus has that starts its threads at the first event."""
_watching = False
_dead = False
"""Whether this process is a fork whose bus cannot be set back."""


def make_forks_safe() -> None:
    """Once per process, for all that it forks from now on."""
    global _watching
    if not _watching and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forked)
        _watching = True


def refuse_dead_bus() -> None:
    """Raises where a crew would hang.

    Raises:
        NotStarted: with the reason, and what to do instead.
    """
    if _dead:
        raise NotStarted(
            "this process was forked from one in which CrewAI had begun to work, and a crew would wait here for "
            "ever: the threads of CrewAI's event bus did not come along",
            help="Fork before CrewAI runs, or start workers with spawn or forkserver.",
        )


def _forked() -> None:
    global _dead
    with suppress(Exception):  # what is raised here would only be printed
        bus: Any = getattr(sys.modules.get(_BUS), "crewai_event_bus", None)
        if bus is not None and _has_threads(bus):
            _dead = not _set_back(bus)


def _has_threads(bus: Any) -> bool:
    return bool(getattr(bus, "_executor_initialized", hasattr(bus, "_sync_executor")))


def _set_back(bus: Any) -> bool:
    """Whether the bus is now as one that has not seen an event; its handlers stay."""
    if not all(hasattr(bus, name) for name in _LAZY):
        return False
    bus._executor_initialized = False
    bus._has_pending_events = False
    bus._pending_futures = set()
    bus._futures_lock = threading.Lock()
    bus._rwlock = type(bus._rwlock)()
    if hasattr(type(bus), "_instance_lock"):
        type(bus)._instance_lock = type(type(bus)._instance_lock)()
    return True
