"""The value-free picture of a value, the same from a file and from a live process."""

from __future__ import annotations

from enum import Enum

from keyhop.catalogue import ProviderId
from keyhop.records import dataclass


class State(Enum):
    """What is under a name, as far as can be said."""

    ABSENT = "absent"
    EMPTY = "empty"
    BLANK = "blank"
    PLACEHOLDER = "placeholder"
    PRESENT = "present"
    UNKNOWN = "unknown"


class Change(str, Enum):
    """What a hop did to the bytes of a value."""

    QUOTES = "quotes"
    COMMENT = "comment"
    NEWLINE = "newline"
    CARRIAGE_RETURN = "carriage-return"
    SPACE = "space"
    DOLLAR = "dollar"
    BACKSLASH = "backslash"
    BYTE_ORDER_MARK = "bom"
    NOT_ASCII = "not-ascii"
    NUMBER = "number"
    TRUNCATED = "truncated"
    UNEXPANDED = "unexpanded"
    OTHER = "other"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Mark:
    """A keyed fingerprint: equal marks of one run mean equal values. Never printed, never stored."""

    digest: bytes

    def __repr__(self) -> str:
        return "Mark()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One value, without the value."""

    state: State
    mark: Mark | None = None
    changes: tuple[Change, ...] = ()
    """How it differs from what its author meant; empty for a sound value."""
    looks: ProviderId | None = None
    """Whose key it looks like, where its shape is no other service's."""
    dummy: bool = False
    """Set on purpose to something that is no key (``NA``, ``unused``)."""
    text: str | None = None
    """The value itself, only of settings that the catalogue lists as not secret."""

    @property
    def usable(self) -> bool:
        return self.state is State.PRESENT and not self.changes


ABSENT = Seen(state=State.ABSENT)
EMPTY = Seen(state=State.EMPTY)
PRESENT = Seen(state=State.PRESENT)
UNKNOWN = Seen(state=State.UNKNOWN)
