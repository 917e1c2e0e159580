"""A key is loaded after the code that needs it has looked.

## Why it fails
Some clients take the key when they are made, and modules make them when they are imported. A ``load_dotenv()``
below that import, or in ``main()``, comes too late.

## Fix
Load the file first, above the import of the modules that read it.

## Fix safety
Unsafe. The order of imports may matter to other modules.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Finding, Fix, Note, Rule, Safety
from keyhop.remedy import Hoist
from keyhop.rules.rule import finding, lost_trails, process_of, via, where, who
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Loss


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.LATE):
        load, late = via(trail.lost_at) or "a later line", getattr(trail.lost_at, "span", None)
        process, read = process_of(topology, trail), trail.need.span or who(trail)
        yield finding(
            RULE.id,
            trail,
            f"{load} sets {trail.name} in {process} after {who(trail)}{where(trail.need.span)} has looked for it",
            related=(Note(message=f"{trail.name} is set here, too late", span=late),) if late else (),
            fixes=(_fix(f"Move {load}{where(late)} above {_above(late, trail.need.span)}{read}.", late),),
        )


def _fix(title: str, late: Span | None) -> Fix:
    return Fix(title=title, safety=Safety.UNSAFE, remedy=Hoist(span=late) if late is not None else None)


def _above(late: Span | None, read: Span | None) -> str:
    """What stands between the load and the read, where they are in two files."""
    return "" if late is not None and read is not None and late.path == read.path else "the import that leads to "


RULE = Rule(
    id="loaded-too-late",
    summary="a key is loaded after the code has looked for it",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop",),
)
