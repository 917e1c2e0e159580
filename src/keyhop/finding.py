"""What is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from enum import Enum, IntEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from keyhop.facts import Practice
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Trail

if TYPE_CHECKING:
    from keyhop.remedy import Edit, Remedy


class Severity(IntEnum):
    """How bad it is. Errors and warnings make a check fail, notes do not."""

    NOTE = 0
    WARNING = 1
    ERROR = 2

    @property
    def word(self) -> str:
        return self.name.lower()


class Certainty(Enum):
    """How sure it is."""

    CERTAIN = "certain"
    """Every file it rests on is in the repository."""
    LIKELY = "likely"
    """It rests on something the project says of itself, such as a template."""
    POSSIBLE = "possible"
    """A write that may or may not happen decides."""


class Safety(Enum):
    """What may be done with a fix."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    SHOW_ONLY = "show-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One way to mend a finding."""

    title: str
    safety: Safety = Safety.SHOW_ONLY
    """What may be done with it, where edits can be made for its remedy."""
    remedy: Remedy | None = None
    """None: no program can tell which bytes would have to change."""
    edits: tuple[Edit, ...] = ()

    @property
    def id(self) -> str:
        """Stable across runs for the same title and remedy."""
        return sha256(f"{self.title}|{self.remedy}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Another place that a finding speaks of."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault, at one place, for one process."""

    rule: str
    severity: Severity
    certainty: Certainty
    message: str
    """What, where, at which hop; lower case, no full stop. Names are printed, values never."""
    span: Span
    trail: Trail | None = None
    practice: Practice | None = None
    """What the finding is about where that is no trail."""
    related: tuple[Note, ...] = ()
    fixes: tuple[Fix, ...] = ()

    @property
    def process(self) -> str:
        if self.trail is not None:
            return str(self.trail.need.owner)
        return str(self.practice.place) if self.practice else ""

    @property
    def credential(self) -> str:
        return self.trail.need.credential if self.trail else next(iter(self.names), "")

    @property
    def names(self) -> tuple[str, ...]:
        """The variables it is about, canonical first."""
        if self.trail is not None:
            return self.trail.need.names
        return self.practice.names if self.practice else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One fault that keyhop knows. Its page is the docstring of its module."""

    id: str
    """Kebab-case; names the fault and reads after "allow"."""
    summary: str
    since: str
    judge: Callable[[Topology], Iterator[Finding]]
    refines: tuple[str, ...] = field(default=())
    """Rules that say the same less exactly: where both speak of one trail, this one is heard."""


def certainty_of(trail: Trail) -> Certainty:
    """How sure a lost trail is: nothing in `given` is certain, a doubt is possible."""
    if trail.value.doubts:
        return Certainty.POSSIBLE
    return Certainty.LIKELY if trail.value.given else Certainty.CERTAIN


def span_of(trail: Trail) -> Span:
    """Where a lost trail is lost: the write that lost it, else the process, else the read."""
    candidates: Sequence[Span | None] = (
        getattr(trail.lost_at, "span", None),
        trail.need.span,
    )
    return next((span for span in candidates if span is not None), Span(path="."))
