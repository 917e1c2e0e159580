"""Whether a provider accepts a credential: four answers, and what they rest on. Nothing in here holds a value."""

from __future__ import annotations

from enum import Enum

from keyhop.causes import Cause
from keyhop.readiness import Wrong
from keyhop.records import dataclass


class Standing(str, Enum):
    """What a provider says of a credential."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_ALLOWED = "not allowed"
    """It is accepted, but what was asked is not open to it."""
    CANNOT_TELL = "cannot tell"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One answer, judged."""

    standing: Standing
    because: str
    """In words of keyhop's own; nothing of the answer is in it."""
    cause: Cause | None = None
    lacks: str = ""
    """What is not open to an accepted key: ``quota``, ``model``, ``organisation``, ``region``, ``network``, …"""
    mend: str = ""
    open: tuple[str, ...] = ()
    """What the answer does not tell apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One request, and what came of it."""

    about: str
    """``key``; of Azure also ``resource``, ``API version`` and ``deployment``."""
    judged: Judged
    method: str = ""
    """Empty where nothing was sent."""
    origin: str = ""
    """Whom: scheme, host and port."""
    moved_by: str = ""
    """The variable that names it, where it is not the provider's usual one."""
    status: int | None = None
    proxy: str = ""
    trust: str = ""
    """Whose certificates were trusted."""


class Presence(str, Enum):
    """What is seen of a credential before anybody is asked."""

    THERE = "there"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """It may be there in a way that this process does not show: an identity, a profile."""
    ABSENT = "absent"
    """It is not there, and is not always needed."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One credential of this process."""

    provider: str
    """Its id; empty where nobody's is known."""
    title: str
    names: tuple[str, ...]
    """The variables that decide; canonical ones where none is set."""
    because: tuple[str, ...]
    """Who needs it."""
    presence: Presence
    wrong: tuple[Wrong, ...] = ()
    brought_by: str = ""
    """What the program itself does to get it once it runs, where this process does not have it."""
    reads: tuple[Read, ...] = ()

    @property
    def standing(self) -> Standing | None:
        """What the reads come to; None where nobody was to be asked."""
        found = [each.judged.standing for each in self.reads]
        return next((each for each in _WORST_FIRST if each in found), None)


_WORST_FIRST = (Standing.REJECTED, Standing.NOT_ALLOWED, Standing.CANNOT_TELL, Standing.ACCEPTED)
_HOLDS, _FAILS, _UNSURE = 0, 1, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """All credentials that were looked at."""

    process: str
    """What it is called."""
    live: bool
    """Whether providers were to be asked."""
    scope: str
    """Why these credentials, in words."""
    verified: tuple[Verified, ...]
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0: all hold; 1: one is missing, unusable, rejected or not allowed what was asked; 5: one cannot be told."""
        standings = {each.standing for each in self.verified}
        presences = {each.presence for each in self.verified}
        if Presence.WRONG in presences or standings & {Standing.REJECTED, Standing.NOT_ALLOWED}:
            return _FAILS
        unsure = Presence.UNKNOWN in presences or Standing.CANNOT_TELL in standings
        return _UNSURE if unsure else _HOLDS

    @property
    def rejects(self) -> bool:
        """Whether one is certainly of no use."""
        return self.exit_code == _FAILS
