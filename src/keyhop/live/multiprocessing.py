"""multiprocessing: a ``Process`` of a context is judged before its target runs, a ``Pool`` in its first tasks.

What an initializer of a ``Pool`` raises makes it start workers for ever, so that nothing is judged there.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
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

    def _bootstrap(self, *positional: Any, **named: Any) -> Any:
        """In the child; a class below may have a ``run`` of its own, which is judged all the same."""
        given: Any = self
        target: Any = getattr(self, "_target", None)
        if not str(getattr(target, "__module__", "")).startswith(_OWN):
            given.run = partial(_run, self.keyhop_guard, given.run)
        return super()._bootstrap(*positional, **named)  # type: ignore[misc]

    def __reduce_ex__(self, protocol: Any) -> Any:
        """The class that is made for one context is not to be found by its name: the child gets the one above it."""
        made = type(self)
        if "keyhop_guard" not in vars(made):
            return super().__reduce_ex__(protocol)
        return object.__new__, (made.__base__,), {**vars(self), "keyhop_guard": self.keyhop_guard}


def _run(guard: Guard, run: Callable[[], None]) -> None:
    try:
        guard.check()
    except KeyhopError as error:
        leave(error)
    run()


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

    def pool(*positional: Any, **named: Any) -> Any:
        made = type(context).Pool(context, *positional, **named)
        guard_methods(made, _TAKES_FUNCTION, guard)
        return made

    def get_context(method: str | None = None) -> Any:
        same = method is None or method == context.get_start_method()
        return context if same else _guarded(given.get_context(method), guard)

    context.Process = type("Process", (kind,), {"__module__": __name__, "keyhop_guard": guard})
    context.Pool, context.get_context = pool, get_context
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
