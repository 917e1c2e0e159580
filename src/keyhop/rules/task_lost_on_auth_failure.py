"""A task that a refused key meets is gone, and nobody runs it again.

## Why it fails
Celery acknowledges a task before it runs it. When the provider refuses the key, the task fails, and its message is
no longer in the queue: of 500 tasks, each that came after the key was revoked was lost. ``Reject(requeue=True)``
alone changes nothing, for the message is acknowledged already. Of a task that means nothing of the kind keyhop says
nothing: to lose it may be what its author wants.

## Fix
Set ``acks_late=True`` and raise ``Reject(reason, requeue=True)`` on an authentication error, or let the task retry
until the key is good again.

## Fix safety
Unsafe. With ``acks_late`` a task may run twice after a crash.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Act, PlaceId, Practice
from keyhop.finding import Finding, Fix, Rule, Safety, Severity
from keyhop.remedy import Pass
from keyhop.rules.rule import about, practised, title_of
from keyhop.span import Span
from keyhop.topology import Topology


def _judge(topology: Topology) -> Iterator[Finding]:
    told: set[Span | None] = set()
    by_process: dict[PlaceId, list[Practice]] = {}
    for practice in practised(topology, Act.LOSES_TASK):
        if practice.arguments:
            by_process.setdefault(practice.place, []).append(practice)
    for place, practices in by_process.items():
        practice, process = practices[0], title_of(topology, place)
        if practice.span in told:
            continue
        told.update(each.span for each in practices)
        tasks = ", ".join(p.subject for p in practices[:3]) + (" and others" if len(practices) > 3 else "")
        yield about(
            RULE.id,
            practice,
            f"{process} rejects {tasks} for another try, which without `acks_late` the broker has forgotten",
            severity=Severity.WARNING,
            fixes=(_fix(practices),),
        )


def _fix(practices: list[Practice]) -> Fix:
    """For the decorator of the one task; for several it is one setting of the application."""
    span = practices[0].span
    alone = span is not None and len({practice.subject for practice in practices}) == 1
    remedy = Pass(argument="acks_late", text="True", decorator="task", span=span) if alone and span else None
    title = "Set `task_acks_late = True`, or `acks_late=True` for the task."
    return Fix(title=title, safety=Safety.UNSAFE, remedy=remedy)


RULE = Rule(
    id="task-lost-on-auth-failure",
    summary="tasks that meet a refused key are lost",
    since="0.1",
    judge=_judge,
)
