"""The bytes of a key change on the way.

## Why it fails
A reader undoes a backslash, cuts a value at a blank, leaves ``${NAME}`` unexpanded, or does not take the line
for an assignment at all. The provider gets another text than the one that was written.

## Fix
Write the line as ``KEY=value``, without quotes, blanks, backslashes or ``export``: every reader agrees on it.

## Fix safety
Unsafe for a file that a script sources: ``set -a`` exports all that is in it. Else shown only: another reader of the
same file may need what is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop
from keyhop.finding import Finding, Fix, Rule, Safety
from keyhop.remedy import ExportSourced
from keyhop.rules.rule import asker, finding, first_change, lost_trails, reader_of, via, where, written_at
from keyhop.sighting import Change, State
from keyhop.topology import Topology
from keyhop.value import Loss, Trail

_WORDS = {
    Change.BACKSLASH: "changes a backslash in",
    Change.NOT_ASCII: "has a character that no header may hold in",
    Change.TRUNCATED: "leaves a hole in",
    Change.UNEXPANDED: "hands on the text ${…} itself as",
}


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.ALTERED, Loss.REPLACED):
        (what, so), line = _what(trail), where(written_at(trail))
        yield finding(
            RULE.id,
            trail,
            f"{reader_of(trail)} {what} {trail.name}{line}, so that {asker(topology, trail)} {so}",
            fixes=(_fix(trail),),
        )


def _what(trail: Trail) -> tuple[str, str]:
    """What the reader does to the value, and what that leaves."""
    if _is_kept_in_the_shell(trail):
        return "sets", "never sees it"
    if trail.value.seen.state is State.ABSENT:
        return "does not read the line of", "does not get it"
    return _WORDS.get(first_change(trail), "changes the value of"), "gets another value"


def _fix(trail: Trail) -> Fix:
    line = where(written_at(trail))
    if _is_kept_in_the_shell(trail):
        span = getattr(trail.lost_at, "span", None)
        title = f"Put `set -a` before `{via(trail.lost_at).split(' without')[0]}`, and `set +a` behind it."
        return Fix(title=title, safety=Safety.UNSAFE, remedy=ExportSourced(span=span) if span is not None else None)
    if first_change(trail) is Change.TRUNCATED:
        return Fix(title=f"Set the variables that {trail.name} is made of{line}.")
    return Fix(title=f"Write `{trail.name}=value`{line}, without `export`, quotes, blanks or backslashes.")


def _is_kept_in_the_shell(trail: Trail) -> bool:
    """A script sources a file of plain assignments, which its children do not inherit."""
    return isinstance(trail.lost_at, Hop) and trail.lost_at.dialect.endswith("-noexport")


RULE = Rule(
    id="value-altered",
    summary="a key is changed on the way",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop",),
)
