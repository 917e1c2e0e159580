"""A comment behind a key becomes a part of it.

## Why it fails
``KEY=value  # production`` ends at the ``#`` for python-dotenv and Compose, and goes on for ``docker run
--env-file``, systemd and python-decouple. ``KEY=  # put it here`` is empty for python-dotenv, and the comment
itself for Compose.

## Fix
Put the comment on a line of its own.

## Fix safety
Safe where the value is plain without the comment. Else shown only: a ``#`` may belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Supply
from keyhop.finding import Finding, Rule
from keyhop.rules.rule import altered_trails, asker, cleaned, finding, reader_of, where, written_at
from keyhop.sighting import Change, State
from keyhop.topology import Topology
from keyhop.value import Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in altered_trails(topology, Change.COMMENT):
        line = where(written_at(trail))
        alone = _is_empty(trail)
        what = "the value" if alone else "a part of the value"
        then = ", and write the key behind the =" if alone else ""
        yield finding(
            RULE.id,
            trail,
            f"{reader_of(trail)} takes the comment behind {trail.name}{line} for {what} that "
            f"{asker(topology, trail)} gets",
            fixes=(cleaned(trail, f"Put the comment on a line of its own, above {trail.name}{line}{then}."),),
        )


def _is_empty(trail: Trail) -> bool:
    """There is nothing but the comment."""
    return isinstance(trail.value.origin, Supply) and trail.value.origin.seen.state is State.EMPTY


RULE = Rule(
    id="comment-kept-in-value",
    summary="a comment becomes a part of the key",
    since="0.1",
    judge=_judge,
    refines=("value-altered",),
)
