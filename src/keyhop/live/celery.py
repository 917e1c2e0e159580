"""Celery: the main process of a worker is judged before it has children.

Celery swallows what a signal's receiver raises, but for ``SystemExit``; ``worker_init`` is sent before the pool and
the consumer are made. Its children are forks, so that they have what the main process loaded. A message carries the
generation of its sender's keys, and a worker with older ones asks its stores before it begins the task.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any

from keyhop.errors import KeyhopError
from keyhop.guard import Guard
from keyhop.guarded import MARK, guarded
from keyhop.leaving import leave, told
from keyhop.live.live import Attached, Live, is_instance
from keyhop.loads import LOADS

HEADER = "keyhop_generation"


def _attach(app: Any, guard: Guard) -> Attached:
    signals: Any = import_module("celery.signals")
    wrapped: list[Any] = []

    def begin(sender: Any = None, **_: object) -> None:
        if sender is not None and sender.app is not app:
            return
        try:
            guard.check(worker=str(getattr(sender, "hostname", "")))
        except KeyhopError as error:
            _tell(sender, error)
            leave(error)
        for task in app.tasks.values():
            if not task.name.startswith("celery.") and not hasattr(task.run, MARK):
                wrapped.append(task)
                task.run = guarded(task.run, guard, partial(_asked, task))

    def stamp(headers: Any = None, **_: object) -> None:
        if isinstance(headers, dict) and LOADS.generation:
            headers.setdefault(HEADER, LOADS.generation)

    signals.worker_init.connect(begin, weak=False)
    signals.before_task_publish.connect(stamp, weak=False)

    def undo() -> None:
        signals.worker_init.disconnect(begin)
        signals.before_task_publish.disconnect(stamp)
        for task in wrapped:
            with suppress(AttributeError):
                task.run = task.run.__wrapped__
        wrapped.clear()

    return Attached(app, undo)


def _asked(task: Any) -> int:
    """The generation that the message at hand asks for."""
    number = getattr(task.request, HEADER, 0)
    return number if isinstance(number, int) else 0


def _tell(worker: Any, error: KeyhopError) -> None:
    """In the worker's own log, where that is a file: it is set up only after this."""
    if not getattr(worker, "logfile", None):
        return
    with suppress(Exception):
        worker.setup_logging()
        logging.getLogger("celery.worker").critical("keyhop: %s", told(error))


LIVE = Live(
    id="celery",
    title="Celery",
    module="celery",
    supports=("celery >=5.3,<6",),
    line='keyhop.attach(app, "openai")',
    stops="the worker ends with status 78 before it has children; the reason is on stderr and in its log file",
    is_host=lambda thing: is_instance(thing, "celery.app.base", "Celery"),
    attach=_attach,
)
