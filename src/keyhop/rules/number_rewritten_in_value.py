"""A value without quotes is a number to YAML, and is written back in another form.

## Why it fails
Compose reads ``0123`` as 83, ``1e3`` as 1000 and ``1.50`` as 1.5 before it hands them to the container. A token
or an account of digits arrives as another one.

## Fix
Put the value in quotes in the YAML file.

## Fix safety
Safe.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Finding, Rule
from keyhop.rules.rule import altered_trails, asker, cleaned, finding, reader_of, where, written_at
from keyhop.sighting import Change
from keyhop.topology import Topology


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in altered_trails(topology, Change.NUMBER):
        line = where(written_at(trail))
        yield finding(
            RULE.id,
            trail,
            f"{reader_of(trail)} reads the value of {trail.name}{line} as a number and writes it anew, so "
            f"that {asker(topology, trail)} gets another one",
            fixes=(cleaned(trail, f"Put the value of {trail.name} in quotes{line}."),),
        )


RULE = Rule(
    id="number-rewritten-in-value",
    summary="YAML reads the key as a number",
    since="0.1",
    judge=_judge,
    refines=("value-altered",),
)
