"""A key ends in a line end or a blank, or begins with a byte order mark.

## Why it fails
Such a key cannot be sent in a header. The client refuses it before it calls anyone, and OpenAI's says
``Connection error.``, which looks like a fault of the network. The line end comes with a file that is read as a
whole, a block scalar of YAML, or Windows line ends.

## Fix
Strip the value where it is read, or write the file without the line end.

## Fix safety
Safe in env files, for a block of YAML, and in the base64 of a Secret, of which only the end is cut. A file that is
the value as a whole is shown only.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Finding, Rule
from keyhop.rules.rule import (
    altered_trails,
    cleaned,
    finding,
    first_change,
    process_of,
    reader_of,
    where,
    who,
    written_at,
)
from keyhop.sighting import Change
from keyhop.topology import Topology
from keyhop.value import Trail

_WORDS = {
    Change.NEWLINE: "a newline",
    Change.CARRIAGE_RETURN: "a carriage return",
    Change.SPACE: "a blank at its edge",
    Change.BYTE_ORDER_MARK: "a byte order mark",
}
_ADVICE = {
    Change.NEWLINE: "Write {name} without a newline{at}: `|-` for a block of YAML, `printf %s` for a file or base64.",
    Change.CARRIAGE_RETURN: "Save the file with LF line ends{at}.",
    Change.SPACE: "Take the blank off {name}{at}.",
    Change.BYTE_ORDER_MARK: "Save the file as UTF-8 without a byte order mark{at}.",
}


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in altered_trails(topology, *_WORDS):
        process, what = process_of(topology, trail), _WORDS[first_change(trail)]
        yield finding(
            RULE.id,
            trail,
            f"{reader_of(trail)} gives {process} {trail.name} with {what}, which {who(trail)} cannot send",
            fixes=(cleaned(trail, _advice(trail)),),
        )


def _advice(trail: Trail) -> str:
    return _ADVICE[first_change(trail)].format(name=trail.name, at=where(written_at(trail)))


RULE = Rule(
    id="line-end-in-value",
    summary="a line end or a blank sticks to the key",
    since="0.1",
    judge=_judge,
    refines=("value-altered",),
)
