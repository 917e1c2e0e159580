"""A ``$`` in a key is taken for a variable, and the key loses what follows it.

## Why it fails
Compose, shells, just and direnv expand ``$name`` inside a value; python-dotenv expands only ``${name}``, and
``docker run --env-file`` nothing at all. A key with a ``$`` in it is right in one reader and cut in another.

## Fix
Protect the ``$`` for the reader that expands it. What is right there may be wrong in another reader of the
same file: ``docker run --env-file`` keeps single quotes, and only Compose halves ``$$``.

## Fix safety
Safe where the key then arrives whole in every process that reads the line. Else shown only.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop
from keyhop.finding import Finding, Rule
from keyhop.rules.rule import altered_trails, asker, cleaned, finding, reader_of, where, written_at
from keyhop.sighting import Change
from keyhop.topology import Topology
from keyhop.value import Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in altered_trails(topology, Change.DOLLAR):
        yield finding(
            RULE.id,
            trail,
            f"{reader_of(trail)} expands the $ in {trail.name}{where(written_at(trail))}, so that "
            f"{asker(topology, trail)} gets a part of the key",
            fixes=(cleaned(trail, _advice(trail)),),
        )


def _advice(trail: Trail) -> str:
    line = where(written_at(trail))
    reads_file = isinstance(trail.lost_at, Hop) and bool(trail.lost_at.dialect)
    if "compose" in reader_of(trail) and not reads_file:
        return f"Write each $ of {trail.name} as `$$`{line}."
    return f"Put {trail.name} in single quotes{line}, unless `docker run --env-file` reads it too: that keeps them."


RULE = Rule(
    id="dollar-expanded-in-value",
    summary="a $ in the key is taken for a variable",
    since="0.1",
    judge=_judge,
    refines=("value-altered",),
)
