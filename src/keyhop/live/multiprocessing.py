"""Contexts of multiprocessing: a ``Process`` is judged before its target runs, a ``Pool`` in its first tasks."""

from __future__ import annotations

import copy
from multiprocessing import context as contexts
from types import ModuleType
from typing import Any

from keyhop.errors import KeyhopError
from keyhop.guard import Guard
from keyhop.leaving import leave
from keyhop.live.live import Attached, Live

_OWN = ("multiprocessing.", "concurrent.futures.", "billiard.", "loky.", "joblib.")
"""Modules whose targets are the workers of a pool: what ends these is started again, for ever."""


class _Judged:
    """A process whose child leaves with status 78 and the reason on stderr if it lacks a key."""

    keyhop_guard: Guard

    def run(self) -> None:
        target: Any = getattr(self, "_target", None)
        if not str(getattr(target, "__module__", "")).startswith(_OWN):
            try:
                self.keyhop_guard.check()
            except KeyhopError as error:
                leave(error)
        super().run()  # type: ignore[misc]


class SpawnProcess(_Judged, contexts.SpawnProcess):
    """Of the start method spawn."""


class ForkProcess(_Judged, contexts.ForkProcess):
    """Of the start method fork."""


class ForkServerProcess(_Judged, contexts.ForkServerProcess):
    """Of the start method forkserver."""


_BY_METHOD = {"spawn": SpawnProcess, "fork": ForkProcess, "forkserver": ForkServerProcess}


def _attach(host: Any, guard: Guard) -> Attached:
    """A context of its own: others of the process keep theirs."""
    guard.sendable()
    given: Any = host.get_context()
    context = copy.copy(given)
    kind = _BY_METHOD[context.get_start_method()]

    def process(*positional: Any, **named: Any) -> Any:
        made = kind(*positional, **named)
        made.keyhop_guard = guard
        return made

    def pool(*positional: Any, **named: Any) -> Any:
        from keyhop.live.live import host_of

        made = type(context).Pool(context, *positional, **named)
        return next(host_of(made)).attach(made, guard).host

    context.Process, context.Pool, context.get_context = process, pool, lambda method=None: context
    return Attached(context, lambda: None)


def _is_host(thing: object) -> bool:
    if isinstance(thing, ModuleType):
        return thing.__name__ == "multiprocessing"
    return isinstance(thing, contexts.BaseContext)


LIVE = Live(
    id="multiprocessing",
    title="multiprocessing",
    module="multiprocessing.context",
    supports=("Python >=3.10",),
    line='context = keyhop.attach(multiprocessing.get_context("spawn"), "openai")',
    stops="a Process leaves with status 78 and the reason on stderr; first tasks of a Pool raise MissingCredential",
    is_host=_is_host,
    attach=_attach,
)
