"""A failure as a text or a live exception tells it. Everything in here is masked already: it holds no value."""

from __future__ import annotations

from enum import Enum

from keyhop.records import dataclass


class Link(Enum):
    """How an exception is tied to the one that was raised after it."""

    CAUSE = "cause"
    """``raise … from``."""
    CONTEXT = "context"
    """Raised while it was handled."""
    GROUP = "group"
    """A member of an exception group."""
    REMOTE = "remote"
    """Brought over from another process as text."""
    QUOTED = "quoted"
    """Only quoted in the other's message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One call of a traceback."""

    path: str
    line: int
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One exception."""

    type: str
    """As dotted as it is told: ``openai.AuthenticationError``, or ``AuthenticationError``."""
    message: str = ""
    notes: tuple[str, ...] = ()
    """PEP 678."""
    status: int | None = None
    """Of the HTTP answer that it reports."""
    body: str = ""
    """That answer's body, as text; empty where none is told."""
    code: str = ""
    """The provider's or the operating system's own code, where an attribute tells it."""
    frames: tuple[Frame, ...] = ()
    """Outermost call first."""
    link: Link | None = None
    """How it is tied to the exception that follows it in the chain; None for the last."""
    line: int = 0
    """1-based, in the text; 0 for a live exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who wrote a line of a log, as far as its prefix tells."""

    role: str = ""
    """What the user's tool calls it: a service, a job, an actor class, a pool's process."""
    instance: str = ""
    """Which one of several: ``worker-2``, ``pid=4711, ip=10.0.0.3``, ``ForkPoolWorker-3``."""


NOBODY = Speaker()
"""Of whom a log tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A line of a text."""

    line: int
    """1-based; 0 for a live exception."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What one thread was doing when somebody looked."""

    thread: str
    """Its name; empty where the dump does not tell."""
    frames: tuple[Frame, ...]
    """Outermost call first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that went wrong, told once."""

    chain: tuple[Raised, ...] = ()
    """What was raised first comes first; empty where the text tells of no exception."""
    quotes: tuple[Quote, ...] = ()
    """The lines that tell of it, without prefixes and colours, at most a few hundred."""
    status: int | None = None
    """Of an HTTP exchange that the text shows outside of an exception."""
    body: str = ""
    url: str = ""
    """Whom the request went to, without user, query and fragment."""
    speaker: Speaker = NOBODY
    stacks: tuple[Stack, ...] = ()
    """Of a dump of all threads, as py-spy and faulthandler print it."""
    time: float | None = None
    """Seconds since the epoch, or since any fixed point where the log tells no date."""

    @property
    def text(self) -> str:
        """All quoted lines."""
        return "\n".join(quote.text for quote in self.quotes)
