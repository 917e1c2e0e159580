"""Pools of the standard library: a worker is judged in its first task, which raises what is wrong.

What an initializer raises makes an executor say "terminated abruptly" and a ``Pool`` start workers for ever, so that
nothing is judged there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keyhop.guard import Guard
from keyhop.guarded import Call
from keyhop.live.live import Attached, Live, is_instance
from keyhop.loads import LOADS

_TAKES_FUNCTION = ("apply", "apply_async", "map", "map_async", "starmap", "starmap_async", "imap", "imap_unordered")


def guard_pool(pool: Any, guard: Guard) -> Attached:
    """An instance of ``multiprocessing.Pool``."""
    return _guarded(pool, _TAKES_FUNCTION, guard)


def _attach(executor: Any, guard: Guard) -> Attached:
    return guard_pool(executor, guard) if _is_pool(executor) else _guarded(executor, ("submit",), guard)


def _guarded(host: Any, methods: tuple[str, ...], guard: Guard) -> Attached:
    """Methods of one instance whose first argument is the function to run."""
    guard.sendable()
    for name in methods:
        setattr(host, name, _sending(getattr(host, name), guard))

    def undo() -> None:
        for name in methods:
            host.__dict__.pop(name, None)

    return Attached(host, undo)


def _sending(method: Callable[..., Any], guard: Guard) -> Callable[..., Any]:
    def sent(function: Callable[..., Any], /, *positional: Any, **named: Any) -> Any:
        behind = function if isinstance(function, Call) else Call(function, guard, LOADS.generation)
        return method(behind, *positional, **named)

    return sent


def _is_pool(thing: object) -> bool:
    return is_instance(thing, "multiprocessing.pool", "Pool")


LIVE = Live(
    id="executors",
    title="concurrent.futures and multiprocessing.Pool",
    module="concurrent.futures",
    supports=("Python >=3.10",),
    line='pool = keyhop.attach(ProcessPoolExecutor(), "openai")',
    stops="the first task of each worker raises MissingCredential; the pool stays whole",
    is_host=lambda thing: is_instance(thing, "concurrent.futures._base", "Executor") or _is_pool(thing),
    attach=_attach,
)
