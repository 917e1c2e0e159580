"""What every mender is, and the stretches of text that it proposes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple

from keyhop.records import dataclass
from keyhop.remedy import Edit, Remedy
from keyhop.span import Source
from keyhop.tree import Tree

_BOM = b"\xef\xbb\xbf"


class Change(NamedTuple):
    """New text for a stretch of a file's text, in code points; `moved` as in `Edit`."""

    start: int
    end: int
    text: str = ""
    moved: tuple[int, int] | None = None


class Proposal(NamedTuple):
    """What is to be changed in one file."""

    source: Source
    changes: tuple[Change, ...]
    beside: Proposal | None = None
    """What another file needs with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mender:
    """How one kind of file is mended."""

    id: str
    title: str
    mends: str
    """What is put right in such files."""
    propose: Callable[[Remedy, Tree], Proposal | None]
    """None: the remedy is no matter of such a file, or the text is not one that can be changed with certainty."""


def edits(proposal: Proposal) -> tuple[Edit, ...]:
    """A proposal in bytes, file by file in their order."""
    source, changes, beside = proposal
    basis = sha256(source.data).hexdigest()
    before = len(_BOM) if source.data.startswith(_BOM) else 0

    def at(offset: int) -> int:
        return before + len(source.text[:offset].encode())

    return tuple(
        Edit(
            path=source.path,
            start=at(change.start),
            end=at(change.end),
            basis=basis,
            text=change.text,
            moved=(at(change.moved[0]), at(change.moved[1])) if change.moved else None,
        )
        for change in sorted(changes, key=lambda c: c[:2])
    ) + (edits(beside) if beside else ())


def edited(data: bytes, changes: Iterable[Edit]) -> bytes:
    """The bytes after edits, none of which overlap."""
    parts, done = [], 0
    for edit in sorted(changes, key=lambda e: (e.start, e.end)):
        parts += [data[done : edit.start], data[slice(*edit.moved)] if edit.moved else b"", edit.text.encode()]
        done = edit.end
    return b"".join((*parts, data[done:]))
