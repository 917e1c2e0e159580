"""Two processes that are started together hold different keys under one name.

## Why it fails
It does not fail as long as both keys are good. When one of them is revoked, used up or limited, some workers fail
and others go on, and the error seems to come and go.

## Fix
Give both processes the key from one place.

## Fix safety
Shown only. Two keys may be meant, to tell their costs apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.catalogue import provider
from keyhop.facts import Act
from keyhop.finding import Finding, Fix, Note, Rule, Severity
from keyhop.rules.rule import arriving_trails, finding, line_of, process_of, where
from keyhop.topology import Topology, same
from keyhop.value import Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    first: dict[tuple[object, ...], Trail] = {}
    told: set[tuple[object, ...]] = set()
    gateways = {practice.place for practice in topology.practices if practice.act is Act.IS_GATEWAY}
    for trail in arriving_trails(topology):
        if trail.value.doubts or trail.need.owner in gateways or trail.value.seen.text is not None:
            continue
        key = (topology.place(trail.need.owner).deployment, trail.name, _asked(topology, trail))
        other = first.setdefault(key, trail)
        if key in told or other.need.owner == trail.need.owner or same(trail.value, other.value) is not False:
            continue
        told.add(key)
        one, two = line_of(other.value), line_of(trail.value)
        process, sibling = process_of(topology, trail), process_of(topology, other)
        yield finding(
            RULE.id,
            trail,
            f"{process} and {sibling} hold different keys under {trail.name}: "
            f"one is given{where(two)}, the other{where(one)}",
            span=two,
            severity=Severity.NOTE,
            related=(Note(message=f"{sibling} gets another key here", span=one),) if one else (),
            fixes=(Fix(title=f"Give both {trail.name} from one place, unless two keys are meant."),),
        )


def _asked(topology: Topology, trail: Trail) -> tuple[str | None, ...]:
    """Who gets the key: the service, and the addresses that are set for it."""
    found = provider(trail.need.provider or "")
    names = found.settings if found else ()
    addresses = (name for name in names if name.endswith(("_BASE", "_URL", "_ENDPOINT", "_HOST")))
    return (trail.need.provider, *(topology.value(trail.need.owner, name).seen.text for name in addresses))


RULE = Rule(
    id="different-keys-in-siblings",
    summary="two processes of one deployment hold different keys under one name",
    since="0.1",
    judge=_judge,
)
