"""Functions and classes whose calls run in workers: the target of a ``Process``, a task of Ray or Dask, an actor."""

from __future__ import annotations

import inspect
from typing import Any

from keyhop.guard import Guard
from keyhop.guarded import guard_class, guarded
from keyhop.live.live import Attached, Live


def _attach(host: Any, guard: Guard) -> Attached:
    guard.sendable()
    if inspect.isclass(host):
        return Attached(host, guard_class(host, guard))
    return Attached(guarded(host, guard), lambda: None)


LIVE = Live(
    id="functions",
    title="A function or class",
    module="builtins",
    supports=(),
    line='@keyhop.attach("openai")',
    stops="MissingCredential from the call",
    is_host=lambda thing: inspect.isfunction(thing) or inspect.isclass(thing),
    attach=_attach,
)
