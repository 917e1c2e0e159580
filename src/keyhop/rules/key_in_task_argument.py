"""A key is handed to a worker as an argument of its task.

## Why it fails
Arguments lie in the broker in the clear, in Celery's message even twice; they show in events, in logs at DEBUG, and
with ``result_extended`` in the result backend. And a task that waits is run with the key of the time when it was
sent.

## Fix
Let the worker read the key from its own environment. If tasks need different keys, send a name, and look the key
up in the worker.

## Fix safety
Shown only. The worker has to be given the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Act
from keyhop.finding import Finding, Fix, Rule, Severity
from keyhop.rules.rule import about, practised, title_of
from keyhop.topology import Topology


def _judge(topology: Topology) -> Iterator[Finding]:
    for practice in practised(topology, Act.SENDS_IN_MESSAGE):
        names = " and ".join(practice.names)
        yield about(
            RULE.id,
            practice,
            f"`{practice.subject}` sends {names} of {title_of(topology, practice.place)} in the message, where the "
            "broker keeps it in the clear",
            severity=Severity.WARNING,
            fixes=(Fix(title=f"Read {names} in the task, and give the worker the variable."),),
        )


RULE = Rule(
    id="key-in-task-argument",
    summary="a key is sent through the broker as a task's argument",
    since="0.1",
    judge=_judge,
)
