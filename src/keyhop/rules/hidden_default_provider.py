"""A default of CrewAI asks for the key of a provider that the project never names.

## Why it fails
Memory, knowledge, planning, an agent without ``llm`` and most search tools come with a model or an embedder of
OpenAI's. A crew whose agents all use another provider still needs ``OPENAI_API_KEY`` for these. Where memory or
knowledge lacks it, the crew runs and remembers nothing.

## Fix
Name an embedder or a model of your own provider, or give the process the key that the default wants.

## Fix safety
Unsafe. A model is named as the other calls of the module name theirs, and an embedder likewise, else the one that
runs in the process itself and needs no key. Changing an embedder makes what is stored unreadable. A tool's own
embedder is shown only: which one it takes is for its author to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Finding, Fix, Rule, Safety
from keyhop.remedy import Pass
from keyhop.rules.rule import NOT_GIVEN, canonical, finding, given, lost_trails, process_of, title_of_provider, who
from keyhop.topology import Topology
from keyhop.value import Trail

_OWN = (
    ("planning", "Name a model for it: `Crew(planning=True, planning_llm=…)`.", "planning_llm"),
    ("memory", "Name an embedder for it: `Crew(memory=True, embedder={…})`.", "embedder"),
    ("Memory", "Name an embedder for it: `Memory(embedder={…})`.", "embedder"),
    ("knowledge", "Name an embedder for it: `Crew(knowledge_sources=[…], embedder={…})`.", "embedder"),
    ("Tool", "Name an embedder for it: the tool's `config={…}`.", ""),
    ("Agent", "Name a model for it: `Agent(llm=…)`.", "llm"),
)
"""What a default belongs to, how an own provider is named there, and by which argument."""
_KEYLESS = '{"provider": "onnx", "config": {}}'
"""The embedder that CrewAI brings along and that runs in the process."""


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, *NOT_GIVEN):
        if not trail.need.hidden:
            continue
        owner, process = title_of_provider(trail.need.provider or ""), process_of(topology, trail)
        yield finding(
            RULE.id,
            trail,
            f"{who(trail)} calls {owner} and needs {canonical(trail)}, which does not reach {process}",
            span=trail.need.span,
            fixes=(*_own(trail), given(topology, trail)),
        )


def _own(trail: Trail) -> tuple[Fix, ...]:
    found = next((each for each in _OWN if each[0] in trail.need.because), None)
    if found is None:
        return ()
    _, advice, argument = found
    span, text = trail.need.span, _KEYLESS if argument == "embedder" else ""
    remedy = Pass(argument=argument, text=text, span=span) if argument and span is not None else None
    return (Fix(title=advice, safety=Safety.UNSAFE, remedy=remedy),)


RULE = Rule(
    id="hidden-default-provider",
    summary="a default needs a provider's key that the process does not get",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop", "missing-beside-sibling", "template-name-not-forwarded", "wrong-provider-key"),
)
