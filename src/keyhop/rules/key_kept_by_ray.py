"""A key is given to Ray in a way that Ray stores and shows.

## Why it fails
``runtime_env`` is written to logs and answered by the dashboard's API; the arguments of an actor's constructor,
and what a remote function takes from the main module around it, lie in the cluster's store, all in the clear (Ray
2.60.0). Arguments of tasks and of an actor's methods were not found there.

## Fix
Let the worker read the key from a file or a secret store, or send it as an argument of a method.

## Fix safety
Shown only. The workers have to get the key in another way.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Act
from keyhop.finding import Finding, Fix, Rule
from keyhop.rules.rule import about, practised, title_of
from keyhop.topology import Topology


def _judge(topology: Topology) -> Iterator[Finding]:
    for practice in practised(topology, Act.SHOWS_TO_RAY):
        names = " and ".join(practice.names)
        yield about(
            RULE.id,
            practice,
            f"`{practice.subject}` in {title_of(topology, practice.place)} gives {names} to Ray, which keeps it in "
            "the clear",
            fixes=(Fix(title=f"Read {names} in the worker from a file or a secret store, or hand it to a method."),),
        )


RULE = Rule(
    id="key-kept-by-ray",
    summary="a key is given to Ray where Ray keeps it in the clear",
    since="0.1",
    judge=_judge,
)
