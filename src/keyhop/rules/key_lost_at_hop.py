"""A key is there, and a hop on its way to the process does not pass it on.

## Why it fails
A process sees only what its host hands to it. A variable in the shell, in ``.env`` or in another
service reaches a container, a worker or a job only where a line says so.

## Fix
Add the variable at the hop that the finding names.

## Fix safety
Safe: only a name is added, and no value is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Finding, Fix, Rule
from keyhop.rules.rule import finding, lost_trails, process_of, via, who
from keyhop.topology import Topology
from keyhop.value import Loss


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.NOT_PASSED, Loss.NOT_SUPPLIED):
        process = process_of(topology, trail)
        hop = via(trail.lost_at)
        passed = f"{hop} does not pass it on" if hop and trail.loss is Loss.NOT_PASSED else "nothing supplies it"
        yield finding(
            RULE.id,
            trail,
            f"{trail.name} does not reach {process}: {passed}, and {who(trail)} needs it",
            fixes=(Fix(title=f"Add {trail.name} to {hop or process}."),),
        )


RULE = Rule(
    id="key-lost-at-hop",
    summary="a key does not reach the process that needs it",
    since="0.1",
    judge=_judge,
)
