"""Workers are started before the key is set, and keep the environment of that moment.

## Why it fails
A forked or spawned child, the server of ``forkserver`` and the workers of Ray and Dask get a copy of the
environment when they start. What their parent sets later never reaches them, and with ``forkserver`` and a local
Ray not even workers that are started afterwards.

## Fix
Load the key before the first worker is started, or let each worker load it itself.

## Fix safety
Unsafe. A pool, or Ray, is put behind ``keyhop.attach``, which makes keyhop one of the project's dependencies. Another
order is shown only, as it may matter to other code.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop
from keyhop.finding import Finding, Fix, Note, Rule
from keyhop.rules.rule import finding, line_of, loading_itself, lost_trails, process_of, title_of, where, who
from keyhop.topology import Topology
from keyhop.value import Loss


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.LATE):
        hop = trail.lost_at
        if not isinstance(hop, Hop) or topology.place(hop.source).kind != "process":
            continue
        if topology.place(hop.target).kind != "process":
            continue
        process, parent = process_of(topology, trail), title_of(topology, hop.source)
        late = line_of(topology.value(hop.source, trail.name))
        yield finding(
            RULE.id,
            trail,
            f"{hop.via}{where(hop.span)} gives {process} the environment that {parent} has at that moment, and "
            f"{trail.name}, which {who(trail)} needs, is set after that{where(late)}",
            related=(Note(message=f"{trail.name} is set here, too late", span=late),) if late else (),
            fixes=(Fix(title=f"Set {trail.name} before {hop.via}{where(hop.span)}."), *loading_itself(trail)),
        )


RULE = Rule(
    id="frozen-too-early",
    summary="workers are started before the key is set",
    since="0.1",
    judge=_judge,
    refines=("loaded-too-late",),
)
