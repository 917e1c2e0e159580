"""A variable is passed through from where it is not set, and that removes it.

## Why it fails
``- KEY`` in ``environment:`` and ``-e KEY`` of ``docker run`` say: as it is in the shell. Where the shell, and
for Compose ``.env``, does not have it, the container does not either: the value of ``env_file:`` and of the
image is removed, without a warning. ``del os.environ["KEY"]`` and ``unset KEY`` do the same in so many words.

## Fix
Delete the line, or set the variable where it is passed through from.

## Fix safety
Safe where another line gives the process the key: then the line that removes it is deleted. Else shown only.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop
from keyhop.finding import Finding, Fix, Note, Rule, Safety
from keyhop.remedy import Delete
from keyhop.rules.rule import finding, home, lost_trails, nowhere, process_of, title_of, via, where, who
from keyhop.topology import Topology
from keyhop.value import Loss, Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.REMOVED):
        process, gone = process_of(topology, trail), _beaten(topology, trail)
        write = trail.lost_at
        if isinstance(write, Hop) and topology.writes(write.source, trail.name):
            so = f"so removes {gone} from {process}" if gone else f"{who(trail)} needs it in {process}"
            nobody, place = (ask(topology, write.source, trail.name) for ask in (nowhere, home))
            message = f"{write.via} passes on {trail.name}, which {nobody}, and {so}"
            advice = f"Set {trail.name} in {place}."
            if gone:
                advice = f"Delete {trail.name} from {write.via}{where(write.span)}, or set it in {place}."
        else:
            line = where(write.span if write else None)
            message = f"{trail.name} is taken out of {process}{line} ({via(write)}), and {who(trail)} needs it"
            advice = f"Delete the line, or remove {trail.name} after {who(trail)} has read it."
        yield finding(
            RULE.id,
            trail,
            message,
            related=tuple(Note(message="this value is removed", span=each.span) for each in trail.value.passed_over),
            fixes=(_fix(trail, advice, gone),),
        )


def _fix(trail: Trail, title: str, gone: str) -> Fix:
    write = trail.lost_at
    if gone and isinstance(write, Hop) and write.span is not None:
        return Fix(title=title, safety=Safety.SAFE, remedy=Delete(name=trail.name, span=write.span))
    return Fix(title=title)


def _beaten(topology: Topology, trail: Trail) -> str:
    """The value that is removed, in words; empty where there was none."""
    for write in reversed(trail.value.passed_over):
        if isinstance(write, Hop):
            return f"the value that {write.via} takes from {title_of(topology, write.source)}"
        if via(write):
            return f"the value of {via(write)}"
    return ""


RULE = Rule(
    id="removed-by-pass-through",
    summary="passing an unset variable through removes the key",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop",),
)
