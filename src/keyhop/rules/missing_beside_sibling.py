"""One process has the key, and another process that is started together with it has not.

## Why it fails
Each service and each worker has an environment of its own. A line that gives the key to the web
process gives nothing to the worker beside it, even if both run the same image.

## Fix
Give the second process the key in the same way as the first. A YAML anchor, or one ``env_file:`` for
both, keeps them alike.

## Fix safety
Safe where the sibling's line holds no value: the process is given the key by the same reference. Else shown only; and
so in crontabs, Bicep and CloudFormation, where the reference needs a parameter that only its owner can name.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, Place
from keyhop.finding import Finding, Fix, Note, Rule, Safety
from keyhop.remedy import HandOn
from keyhop.rules.rule import (
    NOT_GIVEN,
    finding,
    given,
    line_of,
    loading_itself,
    lost_name,
    lost_trails,
    names_of,
    process_of,
    title_of,
    via,
    where,
    who,
)
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Trail, Value


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, *NOT_GIVEN):
        found = _sibling_with_it(topology, trail)
        if found is None:
            continue
        sibling, value = found
        process, other = process_of(topology, trail), title_of(topology, sibling.id)
        line = line_of(value)
        yield finding(
            RULE.id,
            trail,
            f"{process} does not get {lost_name(trail)}, which {other} gets{where(line)}, and {who(trail)} needs it",
            span=_span(topology, trail),
            related=(Note(message=f"{other} gets it here", span=line),) if line else (),
            fixes=(_fix(topology, trail, sibling, value), *loading_itself(trail)),
        )


def _span(topology: Topology, trail: Trail) -> Span | None:
    """The process itself, where the key is lost on a way to it that is not its boundary."""
    lost_at = trail.lost_at
    beside = isinstance(lost_at, Hop) and lost_at.target != trail.need.owner
    return topology.place(trail.need.owner).span if beside else None


def _sibling_with_it(topology: Topology, trail: Trail) -> tuple[Place, Value] | None:
    """The first sibling that holds the name that is lost, with a line that gives it."""
    for sibling in topology.siblings(trail.need.owner):
        for name in names_of(trail):
            value = topology.value(sibling.id, name)
            if value.usable and line_of(value) is not None:
                return sibling, value
    return None


def _fix(topology: Topology, trail: Trail, sibling: Place, value: Value) -> Fix:
    last = value.hops[-1] if value.hops else None
    option = next((each for each in ("env_file", "--env-file") if isinstance(last, Hop) and each in via(last)), "")
    if isinstance(last, Hop) and option:
        source, process = title_of(topology, last.source), process_of(topology, trail)
        title = f"Add `{source}` to `env_file:` of {process}, as {sibling.title} has it."
        if option == "--env-file":
            title = f"Add `--env-file {source}` to {process}, as {sibling.title} has it."
        span = topology.place(trail.need.owner).span
        if span is None:
            return Fix(title=title)
        name = lost_name(trail)
        remedy = HandOn(process=trail.need.owner, name=name, span=span, sibling=sibling.id, env_file=last.source)
        return Fix(title=title, safety=Safety.SAFE, remedy=remedy)
    return given(topology, trail, beside=sibling.id, like=line_of(value) if value.hops else None)


RULE = Rule(
    id="missing-beside-sibling",
    summary="a process lacks a key that a process beside it has",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop", "template-name-not-forwarded"),
)
