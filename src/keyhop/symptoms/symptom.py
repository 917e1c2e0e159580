"""What every symptom is: the signature by which a client, a host or a provider tells of one cause."""

from __future__ import annotations

import re
from enum import Enum, IntEnum
from functools import cached_property

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.records import dataclass


class Level(IntEnum):
    """How much a signature tells. In one failure the highest level decides."""

    BESIDE = 0
    """Something failed that says nothing about keys."""
    MASK = 1
    """A wrapper that hides what it wraps."""
    STATUS = 2
    """An HTTP status, whatever its body says."""
    CLASS = 3
    """The exception's class."""
    WORDS = 4
    """Words that many use for it."""
    BODY = 5
    """The provider's own words or code, or the client's own message."""
    VALUE = 6
    """What the text shows of the value itself, or of the place that asked."""


class Source(Enum):
    """Where a signature is known from."""

    MEASURED = "measured"
    """The real program was seen to say it."""
    DOCUMENTED = "documented"
    """The program's source or its maker's documentation says so."""
    FIELD = "field"
    """Only people's reports."""


UNSUPPLIED = (
    Cause.MISSING_EVERYWHERE,
    Cause.LOADED_TOO_LATE,
    Cause.WRONG_VARIABLE_NAME,
    Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER,
    Cause.SHADOWED_OR_STALE_VALUE,
)
"""What looks like a key that is missing in this process."""
REFUSED = (
    Cause.EXPIRED_OR_REVOKED,
    Cause.PLACEHOLDER_VALUE,
    Cause.WRONG_PROVIDER_KEY,
    Cause.SHADOWED_OR_STALE_VALUE,
    Cause.CONTAMINATED_VALUE,
)
"""What looks like an invalid key."""


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """One signature. Every condition that is given must hold."""

    cause: Cause
    says: str = ""
    """A pattern of the message or the body, whose white space is folded to single spaces; case does not matter."""
    codes: tuple[str, ...] = ()
    """Codes of which one must stand in the message or the body, as whole words."""
    types: tuple[str, ...] = ()
    """Exceptions: a last name, or as many dotted parts from the right as it takes."""
    statuses: tuple[int, ...] = ()
    near: str = ""
    """A pattern that the failure's text must hold somewhere."""
    unless: str = ""
    """A pattern that it must not hold."""
    asked: tuple[str, ...] = ()
    """Providers, one of which must have been asked."""
    provider: str = ""
    """Whose words they are; empty where the rest of the text tells who was asked."""
    also: tuple[Cause, ...] = ()
    """Causes that the signature cannot exclude."""
    certainty: Certainty = Certainty.LIKELY
    level: Level = Level.BODY
    cannot_tell: tuple[str, ...] = ()
    """Questions that the text leaves open."""
    next: tuple[str, ...] = ()
    """Commands that settle it, with ``{name}`` for the variable and ``{process}`` for who failed."""
    source: Source = Source.DOCUMENTED
    samples: tuple[str, ...] = ()
    """Texts that must be explained by it. Our own words, or the program's; never a reporter's."""
    not_samples: tuple[str, ...] = ()
    """Texts that it must pass by."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """`says` or `codes`, whichever is given; matches the empty text where neither is."""
        if self.codes:
            one = "|".join(map(re.escape, self.codes))
            return re.compile(rf"(?<![\w-])(?:{one})(?![\w-])", re.IGNORECASE)
        return re.compile(self.says, re.IGNORECASE)

    @cached_property
    def nearby(self) -> re.Pattern[str]:
        return re.compile(self.near, re.IGNORECASE)

    @cached_property
    def barred(self) -> re.Pattern[str]:
        return re.compile(self.unless or r"(?!)", re.IGNORECASE)

    @property
    def conditions(self) -> int:
        """How many are given: the more, the more special."""
        given = (self.says or self.codes, self.types, self.statuses, self.near, self.asked, self.provider)
        return sum(map(bool, given))

    def raised_by(self, type: str) -> bool:
        """Whether the exception is one of `types`."""
        return not self.types or any(type == each or type.endswith(f".{each}") for each in self.types)
