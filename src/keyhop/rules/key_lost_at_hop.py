"""A key is there, and a hop on its way to the process does not pass it on.

## Why it fails
A process sees only what its host hands to it. A variable in the shell, in ``.env`` or in another
service reaches a container, a worker or a job only where a line says so.

## Fix
Add the variable at the hop that the finding names.

## Fix safety
Safe for a missing ``export``. Unsafe where a process is handed the key: it is for its owner to say so. Shown only
where nothing in the project says what the key is called in the store that has it, or which file holds it.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, Nothing
from keyhop.finding import Finding, Fix, Rule, Safety
from keyhop.remedy import Export
from keyhop.rules.rule import (
    finding,
    given,
    loading_itself,
    lost_name,
    lost_trails,
    nowhere,
    process_of,
    title_of,
    upstream,
    via,
    where,
    who,
)
from keyhop.topology import Topology
from keyhop.value import Loss, Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, *Loss):
        process, why = process_of(topology, trail), _why(topology, trail)
        yield finding(
            RULE.id,
            trail,
            f"{lost_name(trail)} does not reach {process}: {why}, and {who(trail)} needs it",
            fixes=(_fix(topology, trail), *loading_itself(trail)),
        )


def _why(topology: Topology, trail: Trail) -> str:
    hop, kept_out = trail.lost_at, _kept_out(topology, trail)
    if kept_out is not None:
        return f"{kept_out.span or kept_out.via} keeps {title_of(topology, kept_out.source)} out of the image"
    if not isinstance(hop, Hop):
        return f"{nowhere(topology, trail.need.place, trail.name)} it"
    if _is_unexported(hop):
        return f"{hop.span or 'a script'} sets it without `export`"
    if trail.loss is Loss.NOT_SUPPLIED:
        return f"{hop.via} does not give it to it, and nothing in view sets it"
    held = trail.value.origin
    begins = f"{via(held)} has it, and " if held is not None and via(held) != hop.via else ""
    return f"{begins}{hop.via} does not pass it on"


def _is_unexported(hop: Hop) -> bool:
    """A script sets a variable of its own, which its children do not inherit."""
    return hop.via == "set without export"


def _fix(topology: Topology, trail: Trail) -> Fix:
    hop = trail.lost_at
    if isinstance(hop, Hop) and _is_unexported(hop):
        remedy = Export(name=trail.name, span=hop.span) if hop.span is not None else None
        return Fix(title=f"Write `export` before {trail.name}{where(hop.span)}.", safety=Safety.SAFE, remedy=remedy)
    return given(topology, trail)


def _kept_out(topology: Topology, trail: Trail) -> Hop | None:
    """The rule that keeps a file which the process would read out of its image."""
    for place in upstream(topology, trail.need.owner, trail.name):
        for write in topology.writes(place, trail.name) if topology.place(place).kind == "file" else ():
            if isinstance(write, Hop) and isinstance(write.passage, Nothing):
                return write
    return None


RULE = Rule(
    id="key-lost-at-hop",
    summary="a key does not reach the process that needs it",
    since="0.1",
    judge=_judge,
)
