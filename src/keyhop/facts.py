"""What readers say about a project: places, what is written into them, and who reads it.

A place is an ordered list of writes. `keyhop.topology` folds them; nothing in here decides anything.
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum, IntEnum
from typing import NamedTuple, NewType, TypeAlias

from keyhop.catalogue import ProviderId, VarName
from keyhop.records import dataclass
from keyhop.sighting import Change, Seen
from keyhop.span import Span

PlaceId = NewType("PlaceId", str)
Dialect = NewType("Dialect", str)


class World(Enum):
    """How much of a place is in view."""

    CLOSED = "all that sets it is in view"
    PROMISED = "it holds what the project says it holds"
    OPEN = "anything may be there"


class Phase(IntEnum):
    """The part of a process's life in which something is written or read."""

    IMAGE = 0
    HOST = 1
    ENTRYPOINT = 2
    IMPORT = 3
    BUILD = 4
    CALL = 5
    END = 9


class Position(NamedTuple):
    """A moment in the life of a process. The later write wins; `number` orders within a phase."""

    phase: Phase
    number: int = 0


END = Position(Phase.END)


class Overwrite(Enum):
    """What a write does where the name is already set."""

    ALWAYS = "it overwrites"
    IF_ABSENT = "it yields to any value, even an empty one"
    IF_EMPTY = "it yields to any value but an empty one"


class IfUnset(Enum):
    """What a hop writes where its source does not have the name."""

    KEEP = "nothing"
    EMPTY = "an empty value"
    REMOVE = "it removes the name"
    REFUSE = "the host refuses to start"
    LITERAL = "the unexpanded text"
    DEFAULT = "a default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Anything that has variables: a shell, a file, an image, a service, a settings object."""

    id: PlaceId
    kind: str
    """``process`` for what is checked; ``file``, ``image``, ``shell``, ``scope``, ``settings``, ``store`` else."""
    title: str = ""
    """What its user calls it: ``service worker``."""
    span: Span | None = None
    world: World = World.CLOSED
    why: str = ""
    """Why it is not closed, in words for a report."""
    deployment: str = ""
    """What is started together with it."""
    instead: PlaceId | None = None
    """A file that is not there: the file of that name that the project's documents make, in another directory."""
    missing: bool = False
    """A file that is not there and that nothing in the project promises."""
    committed: bool = False
    """A file that the repository itself holds, so that nobody's own values are in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a write depends on. ``holds`` is None where that is not known."""

    text: str
    holds: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A write whose value begins here."""

    place: PlaceId
    name: VarName
    seen: Seen
    at: Position = Position(Phase.HOST)
    overwrite: Overwrite = Overwrite.ALWAYS
    via: str = "literal"
    dialects: tuple[tuple[Dialect, Seen | None], ...] = ()
    """How other readers of the same line see it; None: that reader does not see the line at all."""
    promised: bool = False
    """The project says that it will be there: a template, a README."""
    given: Condition | None = None
    span: Span | None = None

    def as_read_by(self, dialect: Dialect) -> Seen | None:
        return dict(self.dialects).get(dialect, self.seen)


@dataclass(frozen=True, slots=True)
class Everything:
    """All names pass, each under ``prefix`` + its own name."""

    prefix: str = ""
    but: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One name passes, perhaps under another name."""

    name: VarName
    source_name: VarName
    if_unset: IfUnset = IfUnset.KEEP
    default: Seen | None = None
    """What `IfUnset.DEFAULT` writes."""
    empty_is_unset: bool = False
    replaced_by: Seen | None = None
    """``${V:+text}``: what is written where the name *is* set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One name is written as a text that mentions other names: ``Bearer ${KEY}``."""

    name: VarName
    refs: tuple[One, ...]
    bare: bool = False
    """There is nothing but the references, so that the text is empty if they all are."""
    resolved: Seen | None = None
    """What it amounts to when every reference is as the files in view say."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No name passes, or none of `names`: the boundary at which a name would have to be added."""

    names: frozenset[str] | None = None


Passage: TypeAlias = Everything | One | Text | Nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A write that copies from another place."""

    source: PlaceId
    target: PlaceId
    passage: Passage
    via: str
    """The mechanism as its users call it, e.g. ``compose environment:``. Printed verbatim in trails."""
    at: Position = Position(Phase.HOST)
    taken_at: Position = END
    """The moment of the *source's* life at which the copy is taken."""
    dialect: Dialect = Dialect("")
    changes: tuple[Change, ...] = ()
    overwrite: Overwrite = Overwrite.ALWAYS
    given: Condition | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blindspot:
    """A write that could not be read, or a part of the project that could not be followed."""

    place: PlaceId | None
    why: str
    at: Position = Position(Phase.HOST)
    names: frozenset[VarName] | None = None
    """Which names it may have written; None: any."""
    writes: bool = True
    """False: it changes no variable, keyhop only did not see something (a need, a launcher)."""
    span: Span | None = None


class Required(Enum):
    """How sure it is that the read happens, and that the code needs a value."""

    ALWAYS = "always"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Code in a process reads a credential: alternatives of parts, each under one of several names."""

    place: PlaceId
    """Where it is looked up: the process, or a settings object inside it."""
    credential: str
    """Its canonical variable, or the variable the code names."""
    any_of: tuple[tuple[tuple[VarName, ...], ...], ...]
    provider: ProviderId | None = None
    reads: tuple[Position, ...] = (END,)
    """When it is read; the first read that finds a name set decides."""
    required: Required = Required.ALWAYS
    secret: bool = True
    any_value: bool = False
    """Any text will do: the service behind it asks for no key."""
    because: str = ""
    """Who needs it, in words: ``LLM('anthropic/claude-sonnet-4-5')``."""
    hidden: bool = False
    """A default chose the provider, not the project's own text."""
    crewai: str = ""
    """The CrewAI version that this rests on, where versions differ."""
    process: PlaceId | None = None
    """The process whose need it is, where `place` is something inside it."""
    span: Span | None = None

    @property
    def owner(self) -> PlaceId:
        """The process that needs it."""
        return self.process or self.place

    @property
    def names(self) -> tuple[VarName, ...]:
        """Every name of every alternative, canonical first."""
        return tuple(dict.fromkeys(n for parts in self.any_of for names in parts for n in names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one live instance of a place saw at a moment: it overrules what was predicted up to there."""

    place: PlaceId
    instance: str
    seen: tuple[tuple[VarName, Seen], ...]
    at: Position = Position(Phase.ENTRYPOINT, 9)
    via: str = "seen live"
    span: Span | None = None


class Act(Enum):
    """What a practice does."""

    ASKS = "it asks a model that its code names"
    ASKS_DEFAULT = "it asks the model that CrewAI takes where none is named"
    SETS_WHILE_SERVING = "it sets a credential for one request, task or thread in what all of them share"
    SENDS_IN_MESSAGE = "it hands a credential to a queue as an argument"
    SHOWS_TO_RAY = "it gives a credential to what Ray keeps in the clear"
    LOSES_TASK = "a task whose call fails is neither kept nor tried again"
    IS_GATEWAY = "it answers for the models of other providers"


class Argument(NamedTuple):
    """What a call passes under a name."""

    name: str
    text: str | None = None
    """The text of an address, without what may be secret in it; None where it is not known, or no address."""
    names: tuple[VarName, ...] = ()
    """The variables that it is read from, the first of them that is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """What a process does that decides where a credential goes, or who sees it, beside looking it up."""

    place: PlaceId
    """The process."""
    act: Act
    subject: str
    """What does it, in words of the code: ``LLM('azure/gpt-4o')``."""
    names: tuple[VarName, ...] = ()
    """The variables it is about: those that hold the credential, or that name the model, in their order."""
    model: str = ""
    """The model that is asked where none of `names` is set; empty where that is not known."""
    arguments: tuple[Argument, ...] = ()
    """What is passed to it."""
    at: Position = END
    required: Required = Required.ALWAYS
    crewai: str = ""
    """The CrewAI version that this rests on."""
    span: Span | None = None


Write: TypeAlias = Supply | Hop | Blindspot | Sighting
Fact: TypeAlias = Place | Supply | Hop | Blindspot | Need | Practice | Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A part of the project that a process sees at another path: by COPY, by a bind mount."""

    target: str
    """Absolute path inside the process's file system."""
    source: str
    """Path relative to the project's root; ``.`` is the root."""
    via: str
    span: Span | None = None
    but: tuple[str, ...] = field(default=())
    """The lines of the ``.dockerignore`` that applies, in order."""
    ignore: Span | None = None
    """Where that ``.dockerignore`` is."""
    root: str = ""
    """What its lines are relative to, as a path relative to the project's root."""
    on_host: bool = False
    """It lies on a host of its own, and in no container."""
