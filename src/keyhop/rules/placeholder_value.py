"""A value of a template was never filled in.

## Why it fails
``your-key-here``, ``sk-...`` and ``changeme`` are texts like any other: they are sent, and the provider
rejects them with a 401.

## Fix
Put the key in place of the placeholder, in a file that git ignores.

## Fix safety
Unsafe where the placeholder is a default, and the process is given the variable. Else shown only: the key is nowhere
in the project.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, Write
from keyhop.finding import Finding, Fix, Rule, Severity
from keyhop.rules.rule import asker, finding, given, lost_trails, severity_in_file, via, where
from keyhop.topology import Topology
from keyhop.value import Loss


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.PLACEHOLDER):
        write = trail.lost_at
        default = isinstance(write, Hop)
        what = "falls back to a placeholder" if default else "has a placeholder"
        yield finding(
            RULE.id,
            trail,
            f"{via(write) or 'a line'} {what} for {trail.name}, so that {asker(topology, trail)} is given no key",
            severity=Severity.NOTE if default else severity_in_file(topology, trail),
            fixes=(given(topology, trail) if default else _filled(write),),
        )


def _filled(write: Write | None) -> Fix:
    return Fix(title=f"Put the key in place of the placeholder{where(write.span if write else None)}.")


RULE = Rule(
    id="placeholder-value",
    summary="a placeholder was never replaced by a key",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop",),
)
