"""gunicorn: the arbiter is judged before it forks workers.

A worker that ends is started again, 87 times in six seconds; ``on_starting`` runs once, before any is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keyhop.errors import KeyhopError
from keyhop.guard import Guard
from keyhop.leaving import leave, told
from keyhop.live.live import Attached, Live
from keyhop.startup import load


def _attach(settings: dict[str, Any], guard: Guard) -> Attached:
    """The variables of a ``gunicorn.conf.py``; hooks that it has, or gets below, stay if they are there already."""
    before = {name: settings.get(name) for name in ("on_starting", "on_reload", "post_fork")}

    def on_starting(server: Any) -> None:
        try:
            guard.check(worker="gunicorn", forks=True)
        except KeyhopError as error:
            if server.cfg.errorlog not in ("-", None):
                server.log.critical("keyhop: %s", told(error))
            leave(error)
        _then(before["on_starting"], server)

    def on_reload(server: Any) -> None:
        """Keys anew for the workers that are started next; where that fails, those there are stay as they are."""
        try:
            load(stores=guard.stores, root=guard.root, trust=guard.trust, timeout=guard.timeout, reload=True)
        except KeyhopError as error:
            server.log.error("keyhop: %s", told(error))
        _then(before["on_reload"], server)

    def post_fork(server: Any, worker: Any) -> None:
        guard.answer(worker="gunicorn")
        _then(before["post_fork"], server, worker)

    settings |= {"on_starting": on_starting, "on_reload": on_reload, "post_fork": post_fork}

    def undo() -> None:
        for name, hook in before.items():
            if hook is None:
                settings.pop(name, None)
            else:
                settings[name] = hook

    return Attached(settings, undo)


def _then(hook: Callable[..., None] | None, *passed: Any) -> None:
    if hook is not None:
        hook(*passed)


LIVE = Live(
    id="gunicorn",
    title="gunicorn",
    module="gunicorn",
    supports=("gunicorn >=21",),
    line='keyhop.attach(globals(), "openai")  # at the end of gunicorn.conf.py',
    stops="the arbiter ends with status 78 before it has workers; the reason is on stderr and in its error log",
    is_host=lambda thing: isinstance(thing, dict) and "__builtins__" in thing,
    attach=_attach,
)
