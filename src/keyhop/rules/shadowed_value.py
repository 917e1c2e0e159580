"""Two different values are given under one name, and only one of them arrives.

## Why it fails
It does not fail as long as the value that wins is a good one. But whoever changes the other, after a key was
revoked, say, changes nothing. ``load_dotenv()`` yields to what is set, ``environment:`` beats ``env_file:``, and
both beat the image.

## Fix
Keep one of the two.

## Fix safety
Shown only. The one may be meant as the default of the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, One, Supply, Write
from keyhop.finding import Finding, Fix, Note, Rule, Severity
from keyhop.rules.rule import arriving_trails, finding, line_of, process_of, via, where
from keyhop.topology import Topology, same
from keyhop.value import Trail, Value


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in arriving_trails(topology):
        found = _shadowed(topology, trail)
        if found is None:
            continue
        write, value = found
        winner, beaten = line_of(trail.value), line_of(value)
        wins = via(trail.value.hops[-1] if trail.value.hops else trail.value.origin)
        yield finding(
            RULE.id,
            trail,
            f"{trail.name} has two values for {process_of(topology, trail)}: that of {wins}{where(winner)} wins over "
            f"another one, of {via(write)}{where(beaten)}",
            span=winner,
            severity=Severity.NOTE,
            related=(Note(message="this value never arrives", span=beaten),) if beaten else (),
            fixes=(Fix(title=f"Delete one of the two, so that a new key need not be put in both{where(beaten)}."),),
        )


def _shadowed(topology: Topology, trail: Trail) -> tuple[Write, Value] | None:
    """A write of a key that lost against another one, both in view."""
    for write in reversed(trail.value.passed_over):
        value = _value_of(topology, trail, write)
        if value is not None and value.usable and not value.seen.dummy and same(value, trail.value) is False:
            return write, value
    return None


def _value_of(topology: Topology, trail: Trail, write: Write) -> Value | None:
    """What a write would have given."""
    match write:
        case Supply(seen=seen):
            return Value(seen=seen, origin=write)
        case Hop(passage=passage):
            name = passage.source_name if isinstance(passage, One) else trail.name
            value = topology.value(write.source, name, write.taken_at, write.dialect)
            return Value(seen=value.seen, origin=value.origin, hops=(*value.hops, write))
    return None


RULE = Rule(
    id="shadowed-value",
    summary="of two different values under one name only one arrives",
    since="0.1",
    judge=_judge,
)
