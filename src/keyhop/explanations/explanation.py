"""Failures explained, and what every format that writes them is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from keyhop.catalogue import provider
from keyhop.cause_words import WORDS, Words, said
from keyhop.causes import Cause
from keyhop.finding import Finding
from keyhop.records import dataclass
from keyhop.topology import Topology
from keyhop.value import Trail

if TYPE_CHECKING:
    from keyhop.diagnosis import Diagnosis


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """How the credential travels to the process that failed, as the project's files have it."""

    trail: Trail
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One diagnosis, and where the project's files lose what it is about."""

    diagnosis: Diagnosis
    journeys: tuple[Journey, ...] = ()
    traces: tuple[str, ...] = ()
    """Commands that show more of them."""

    @property
    def words(self) -> Words:
        return WORDS[self.diagnosis.cause]

    @property
    def sentence(self) -> str:
        """The cause."""
        return self.say(self.words.sentence)

    @property
    def others(self) -> tuple[tuple[Cause, str], ...]:
        """What else it may be, each with its sentence."""
        return tuple((other, self.say(WORDS[other].sentence)) for other in self.diagnosis.alternatives)

    @property
    def whom(self) -> str:
        """Which process failed, how many of its kind, and how often."""
        often = "once" if self.diagnosis.count == 1 else f"{self.diagnosis.count} times"
        who = self.diagnosis.process or "the process that wrote this"
        some, all_of_them = len(self.diagnosis.instances), self.diagnosis.peers
        which = f", {some} of {all_of_them} that failed" if all_of_them > 1 else ""
        return f"{who}{which}, {often}"

    @property
    def next(self) -> tuple[str, ...]:
        """Commands that settle it, or show more."""
        return (*self.diagnosis.next, *self.traces)

    def say(self, text: str) -> str:
        """A text of `Words` about this case."""
        known = provider(self.diagnosis.provider)
        key = next((credential.id for credential in known.credentials), "") if known else ""
        return said(text, provider=known.title if known else "", key="" if key.startswith("@") else key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the texts tell, the likeliest first."""

    explained: tuple[Explained, ...]
    failures: int
    """How many were read, equal ones too."""
    topology: Topology | None = None
    """Of the project, where one was given."""
    remark: str = ""
    """Why the project tells nothing."""

    @property
    def unexplained(self) -> bool:
        """Whether something failed that no diagnosis speaks of."""
        return bool(self.failures) and not self.explained

    @property
    def in_short(self) -> str:
        """What is said where nothing is explained."""
        return (
            "something failed, and the text does not tell why" if self.failures else "there is no failure in the text"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write an explanation. `render` takes whether to use colours."""

    id: str
    title: str
    render: Callable[[Explanation, bool], str]
