"""A key is there, and a hop on its way to the process does not pass it on.

## Why it fails
A process sees only what its host hands to it. A variable in the shell, in ``.env`` or in another
service reaches a container, a worker or a job only where a line says so.

## Fix
Add the variable at the hop that the finding names.

## Fix safety
Shown only. Which hop should carry the key is for its owner to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, Nothing
from keyhop.finding import Finding, Rule
from keyhop.rules.rule import Fix, finding, given, lost_trails, process_of, title_of, via, where, who
from keyhop.topology import Topology
from keyhop.value import Loss, Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, *Loss):
        yield finding(
            RULE.id,
            trail,
            f"{trail.name} does not reach {process_of(topology, trail)}: {_why(topology, trail)}, and {who(trail)} needs it",
            fixes=(_fix(topology, trail),),
        )


def _why(topology: Topology, trail: Trail) -> str:
    hop = trail.lost_at
    if not isinstance(hop, Hop):
        return "nothing gives it to it"
    if isinstance(hop.passage, Nothing) and hop.passage.names is None and topology.place(hop.source).kind == "file":
        return f"{hop.via}{where(hop.span)} keeps {title_of(topology, hop.source)} out"
    if trail.loss is Loss.NOT_SUPPLIED:
        return f"{hop.via} does not give it to it, and nothing in view sets it"
    held = trail.value.origin
    begins = f"{via(held)} has it, and " if held is not None and via(held) != hop.via else ""
    return f"{begins}{hop.via} does not pass it on"


def _fix(topology: Topology, trail: Trail) -> Fix:
    hop = trail.lost_at
    if isinstance(hop, Hop) and topology.place(hop.source).kind == "file":
        source = title_of(topology, hop.source)
        return Fix(title=f"Hand {trail.name} over when the container starts; {source} belongs in no image.")
    return given(topology, trail)


RULE = Rule(
    id="key-lost-at-hop",
    summary="a key does not reach the process that needs it",
    since="0.1",
    judge=_judge,
)
