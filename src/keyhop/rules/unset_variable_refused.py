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

from keyhop.facts import Hop, One
from keyhop.finding import Finding, Rule
from keyhop.rules.rule import Fix, finding, lost_trails, process_of, title_of, via, who
from keyhop.topology import Topology
from keyhop.value import Loss, Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.REFUSED):
        process, name, source = process_of(topology, trail), _asked(trail), _source(topology, trail)
        yield finding(
            RULE.id,
            trail,
            f"{via(trail.lost_at)} of {process} insists on {name}, which {source} does not have: {process} does not start, "
            f"and {who(trail)} needs it",
            fixes=(Fix(title=f"Set {name} in {_file(topology, trail) or source}."),),
        )


def _asked(trail: Trail) -> str:
    passage = getattr(trail.lost_at, "passage", None)
    return passage.source_name if isinstance(passage, One) else trail.name


def _source(topology: Topology, trail: Trail) -> str:
    return title_of(topology, trail.lost_at.source) if isinstance(trail.lost_at, Hop) else "its source"


def _file(topology: Topology, trail: Trail) -> str:
    """The file that is copied to where the host looks the variable up."""
    if not isinstance(trail.lost_at, Hop):
        return ""
    writes = topology.writes(trail.lost_at.source, trail.name)
    files = (w.source for w in writes if isinstance(w, Hop) and topology.place(w.source).kind == "file")
    return next((title_of(topology, id) for id in files), "")


RULE = Rule(
    id="unset-variable-refused",
    summary="a host refuses to start because a variable is not set",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop",),
)
