"""A variable is set and empty, and that beats the place that has the key.

## Why it fails
Set and empty is not unset. ``KEY: ${KEY}`` with nothing behind it, or a line ``KEY=``, gives the process an
empty value, which hides the image's and ``env_file:``'s, and which ``load_dotenv()`` does not replace.

## Fix
Delete the line that writes the empty value, or give it one.

## Fix safety
Safe where another line gives the process the key: then the line that empties it is deleted. Unsafe where a workflow
is called without the secret that it asks for. Else shown only.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, One, Overwrite, Supply, Text, Write
from keyhop.finding import Finding, Fix, Note, Rule, Safety
from keyhop.remedy import Delete
from keyhop.rules.rule import (
    called,
    finding,
    home,
    lost_trails,
    nowhere,
    process_of,
    severity_in_file,
    title_of,
    via,
    where,
    who,
)
from keyhop.sighting import State
from keyhop.topology import Topology
from keyhop.value import Loss, Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.EMPTIED):
        beaten = tuple(write for write in trail.value.passed_over if via(write))
        wins = f", and wins over {_told(topology, beaten[0])}" if beaten else f", and {who(trail)} needs it"
        yield finding(
            RULE.id,
            trail,
            f"{trail.name} is empty in {process_of(topology, trail)}: {_why(topology, trail)}{wins}",
            severity=severity_in_file(topology, trail),
            related=tuple(Note(message=_note(topology, write), span=write.span) for write in beaten),
            fixes=(_fix(topology, trail, beaten),),
        )


def _empties(trail: Trail) -> Write | None:
    """The line that holds the empty value: a line of a file, where the loss is that the file is read."""
    line = trail.value.origin
    return line if isinstance(line, Supply) and line.seen.state is State.EMPTY else trail.lost_at


def _why(topology: Topology, trail: Trail) -> str:
    write = _empties(trail)
    match write:
        case Hop(passage=One(source_name=source)):
            return f"{write.via} sets it to ${{{source}}}, which {nowhere(topology, write.source, source)}"
        case Hop(passage=Text()):
            return f"{write.via} makes it of variables that are not set"
        case None:
            return "it is set to nothing"
    is_line = write.span is not None and via(write) == write.span.path
    return f"{write.span if is_line else via(write)} sets it to nothing"


def _told(topology: Topology, write: Write) -> str:
    """The write that is beaten: ``the value of .env (compose env_file:)``."""
    if isinstance(write, Hop):
        return f"the value that {write.via} takes from {title_of(topology, write.source)}"
    return f"the value of {via(write)}{where(write.span)}"


def _note(topology: Topology, write: Write) -> str:
    if isinstance(write, Hop) and write.overwrite is Overwrite.IF_ABSENT:
        return f"{write.via} does not replace a value that is set, even an empty one"
    return f"{_told(topology, write)} is beaten here"


def _fix(topology: Topology, trail: Trail, beaten: tuple[Write, ...]) -> Fix:
    write, title = _empties(trail), _advice(topology, trail, beaten)
    call = called(topology, trail)
    if call is not None:
        return call
    if isinstance(write, Hop) and beaten and write.span is not None:
        return Fix(title=title, safety=Safety.SAFE, remedy=Delete(name=trail.name, span=write.span))
    return Fix(title=title)


def _advice(topology: Topology, trail: Trail, beaten: tuple[Write, ...]) -> str:
    write = _empties(trail)
    if isinstance(write, Hop) and beaten:
        return f"Delete {trail.name} from {write.via}{where(write.span)}, so that the other value stays."
    if isinstance(write, Hop):
        name = write.passage.source_name if isinstance(write.passage, One) else trail.name
        return f"Set {name} in {home(topology, write.source, name)}."
    return f"Give {trail.name} its value{where(getattr(write, 'span', None))}, or delete the line."


RULE = Rule(
    id="empty-value-wins",
    summary="an empty value hides the key",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop",),
)
