"""multiprocessing: a ``Process`` of a context is judged before its target runs, a ``Pool`` in its first tasks.

What an initializer of a ``Pool`` raises makes it start workers for ever, so that nothing is judged there.
"""

from __future__ import annotations

import copy
from multiprocessing import context as contexts
from types import ModuleType
from typing import Any

from keyhop.errors import KeyhopError
from keyhop.guard import Guard
from keyhop.guarded import guard_methods
from keyhop.leaving import leave
from keyhop.live.live import Attached, Live, is_instance

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
_TAKES_FUNCTION = ("apply", "apply_async", "map", "map_async", "starmap", "starmap_async", "imap", "imap_unordered")


def _attach(host: Any, guard: Guard) -> Attached:
    if _is_pool(host):
        return Attached(host, guard_methods(host, _TAKES_FUNCTION, guard))
    return Attached(_guarded(host.get_context(), guard.sendable()), lambda: None)


def _guarded(given: Any, guard: Guard) -> Any:
    """A context of its own: the process's others stay as they are."""
    context = copy.copy(given)
    kind = _BY_METHOD[context.get_start_method()]

    def process(*positional: Any, **named: Any) -> Any:
        made = kind(*positional, **named)
        made.keyhop_guard = guard
        return made

    def pool(*positional: Any, **named: Any) -> Any:
        made = type(context).Pool(context, *positional, **named)
        guard_methods(made, _TAKES_FUNCTION, guard)
        return made

    context.Process, context.Pool, context.get_context = process, pool, lambda method=None: context
    return context


def _is_pool(thing: object) -> bool:
    return is_instance(thing, "multiprocessing.pool", "Pool")


def _is_host(thing: object) -> bool:
    if isinstance(thing, ModuleType):
        return thing.__name__ == "multiprocessing"
    return isinstance(thing, contexts.BaseContext) or _is_pool(thing)


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
