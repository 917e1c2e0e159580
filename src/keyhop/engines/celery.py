"""Celery: tasks run in workers, which are started in a shell of their own.

A worker has the variables of that shell, and what the modules that it imports do; of the producer's environment
nothing crosses the broker. ``task_always_eager`` runs tasks in the producer, so that tests with it hide a loss
(Celery 5.7).
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.engines.engine import Engine
from keyhop.facts import Hop, Nothing, Phase, Position
from keyhop.python import elsewhere
from keyhop.python.parents import Asked, Parent
from keyhop.python.values import Function
from keyhop.unstarted import unstarted

_ENQUEUES = ("delay", "apply_async", "send_task", "s", "si", "signature")


def _hops(parent: Parent) -> Iterator[Hop]:
    """Into workers that the project's people start by hand: nothing passes."""
    sent = next((asked for asked in parent.asked(*_ENQUEUES) if _is_task(parent, asked)), None)
    workers = unstarted(parent.program.modules.view.tree, parent.desk) if sent is not None else ()
    for worker in workers:
        if worker.id.startswith("celery:") and worker.id != parent.process and sent is not None:
            yield Hop(
                source=parent.process,
                target=worker.id,
                passage=Nothing(),
                via="celery broker",
                at=Position(Phase.HOST),
                span=sent.site.span,
            )


def _is_task(parent: Parent, asked: Asked) -> bool:
    return asked.method == "send_task" or any(
        isinstance(value, Function) and elsewhere.engine(parent.ev, value.scope) == "celery"
        for value in asked.receivers
    )


ENGINE = Engine(
    id="celery",
    title="Celery",
    supports=("celery >=5.3,<6",),
    inherits="what the shell of the worker has, and what the modules that it imports load; nothing of the producer",
    frozen="the start of the worker",
    methods=frozenset(_ENQUEUES),
    hops=_hops,
)
