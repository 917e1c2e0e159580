"""Ray: a worker is judged in its first task, an actor in its constructor.

What a worker's setup hook raises is told in a log file alone; what a task raises comes back to ``ray.get``, what an
actor's constructor raises comes back with every call of it. Nothing goes through ``runtime_env``, whose variables Ray
writes into logs and shows in its dashboard.
"""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

from keyhop.guard import Guard
from keyhop.guarded import MARK, guard_class, guarded
from keyhop.live.live import Attached, Live


def _attach(ray: Any, guard: Guard) -> Attached:
    """Every function and class that is made remote from now on."""
    guard.sendable()
    make_remote = ray.remote

    def remote(*positional: Any, **named: Any) -> Any:
        if positional and not named:
            return make_remote(*(_behind(each, guard) for each in positional))
        decorate = make_remote(*positional, **named)
        return lambda decorated: decorate(_behind(decorated, guard))

    ray.remote = remote

    def undo() -> None:
        if ray.remote is remote:
            ray.remote = make_remote

    return Attached(ray, undo)


def _behind(decorated: Any, guard: Guard) -> Any:
    """Ray's own remote classes, which it makes when it needs them, are none of the user's."""
    if str(getattr(decorated, "__module__", "")).partition(".")[0] == "ray":
        return decorated
    if inspect.isclass(decorated):
        if not hasattr(decorated.__init__, MARK):
            guard_class(decorated, guard)
        return decorated
    return guarded(decorated, guard) if inspect.isfunction(decorated) and not hasattr(decorated, MARK) else decorated


LIVE = Live(
    id="ray",
    title="Ray",
    module="ray",
    supports=("ray >=2.30,<3",),
    line='keyhop.attach(ray, "openai")  # before the first @ray.remote',
    stops="ray.get raises the MissingCredential of the task, or of the actor's constructor",
    is_host=lambda thing: isinstance(thing, ModuleType) and thing.__name__ == "ray",
    attach=_attach,
)
