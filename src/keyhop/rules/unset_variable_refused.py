"""A host insists on a variable that is not set, and starts nothing.

## Why it fails
``${KEY:?message}`` makes Docker Compose stop with an error where ``KEY`` is unset, also for services of
profiles that are not started.

## Fix
Set the variable where the host looks it up.

## Fix safety
Shown only. The value is nowhere in the project.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.catalogue import VarName
from keyhop.facts import Hop, One
from keyhop.finding import Finding, Fix, Rule
from keyhop.rules.rule import finding, home, lost_trails, nowhere, process_of, via, who
from keyhop.topology import Topology
from keyhop.value import Loss, Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.REFUSED):
        process, hop = process_of(topology, trail), trail.lost_at
        name = _asked(trail)
        missing = nowhere(topology, hop.source, name) if isinstance(hop, Hop) else "nothing sets"
        place = home(topology, hop.source, name) if isinstance(hop, Hop) else "its source"
        yield finding(
            RULE.id,
            trail,
            f"{via(trail.lost_at)} of {process} insists on {name}, which {missing}, so that "
            f"{process}, where {who(trail)} needs it, does not start",
            fixes=(Fix(title=f"Set {name} in {place}."),),
        )


def _asked(trail: Trail) -> VarName:
    passage = getattr(trail.lost_at, "passage", None)
    return passage.source_name if isinstance(passage, One) else trail.name


RULE = Rule(
    id="unset-variable-refused",
    summary="a host refuses to start because a variable is not set",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop",),
)
