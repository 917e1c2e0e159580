"""A process holds the key of one provider, and its code asks another provider.

## Why it fails
CrewAI decides by the model's name which provider it calls, and takes that provider's own variable. The key of
another provider beside it is not used; and one provider's key under another's name is rejected with a 401.

## Fix
Give the process the key of the provider that its model names, or name a model of the provider whose key it has.

## Fix safety
Unsafe where the process is given the key that is missing; else shown only. Whether the key or the model is the
mistake is for the project to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.catalogue import ProviderId, VarName, by_name, provider
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Note, Rule
from keyhop.rules.rule import (
    NOT_GIVEN,
    finding,
    given,
    line_of,
    lost_name,
    lost_trails,
    process_of,
    title_of_provider,
    where,
    who,
)
from keyhop.sighting import State
from keyhop.topology import Topology
from keyhop.value import Trail, Value, Verdict


def _judge(topology: Topology) -> Iterator[Finding]:
    yield from _others_key(topology)
    yield from _others_shape(topology)


def _others_key(topology: Topology) -> Iterator[Finding]:
    """The needed key is lost, and the process has a key that none of its code asks for."""
    for trail in lost_trails(topology, *NOT_GIVEN):
        if not _is_llm(trail.need.provider):
            continue
        for name, owner, value in _idle_keys(topology, trail):
            process, line = process_of(topology, trail), line_of(value)
            yield finding(
                RULE.id,
                trail,
                f"{process} is given {name}, the key of {owner}{where(line)}, and not {lost_name(trail)}, "
                f"which {who(trail)} needs",
                related=(Note(message=f"{name} is given here", span=line),) if line else (),
                fixes=(given(topology, trail), Fix(title=f"Or name a model of {owner}, whose key {process} has.")),
            )
            break


def _idle_keys(topology: Topology, trail: Trail) -> Iterator[tuple[VarName, str, Value]]:
    """Keys of other LLM providers that arrive at the process and that none of its needs asks for.

    Names that are good for other things than models, such as those of AWS, say nothing.
    """
    asked = {name for need in topology.needs if need.owner == trail.need.owner for name in need.names}
    for name, owners in by_name().items():
        first = owners[0]
        if name in asked or first.id == trail.need.provider or not name.endswith("_API_KEY"):
            continue
        if any(owner.kind != "llm" for owner in owners):
            continue
        value = topology.value(trail.need.owner, name)
        if value.usable and not value.seen.dummy:
            yield name, first.title, value


def _others_shape(topology: Topology) -> Iterator[Finding]:
    """The needed key arrives, and its shape is that of another provider's keys."""
    for trail in topology.trails():
        looks, wanted = trail.value.seen.looks, trail.need.provider
        if trail.verdict is not Verdict.ARRIVES or trail.need.required is Required.OPTIONAL or trail.need.any_value:
            continue
        if looks is None or wanted is None or looks == wanted or _is_sent_elsewhere(topology, trail):
            continue
        has, needs = title_of_provider(looks), title_of_provider(wanted)
        yield finding(
            RULE.id,
            trail,
            f"{trail.name} in {process_of(topology, trail)} looks like a key of {has}, and {who(trail)} "
            f"sends it to {needs}",
            span=line_of(trail.value),
            fixes=(Fix(title=f"Put a key of {needs} under {trail.name}."),),
        )


def _is_sent_elsewhere(topology: Topology, trail: Trail) -> bool:
    """A variable that names another host is set, so that another provider may answer."""
    found = provider(trail.need.provider or "")
    hosts = [n for n in (found.settings if found else ()) if any(w in n for w in ("BASE", "URL", "HOST", "ENDPOINT"))]
    hosts += [VarName("BASE_URL"), VarName("API_BASE")]
    return any(topology.value(trail.need.owner, name).seen.state is not State.ABSENT for name in hosts)


def _is_llm(id: ProviderId | None) -> bool:
    found = provider(id) if id else None
    return found is not None and found.kind == "llm"


RULE = Rule(
    id="wrong-provider-key",
    summary="a process has another provider's key than its code needs",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop", "missing-beside-sibling", "template-name-not-forwarded"),
)
