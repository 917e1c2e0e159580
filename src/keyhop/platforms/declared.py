"""What a platform's file says that a process has in its environment, as facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from keyhop.catalogue import VarName, by_name
from keyhop.facts import (
    Blindspot,
    Fact,
    Hop,
    IfUnset,
    Nothing,
    One,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
    World,
)
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.sighting import PRESENT, UNKNOWN
from keyhop.span import Span
from keyhop.text.expansion import slips
from keyhop.text.sealed import Sealed

_AT = Position(Phase.HOST, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A value that the file itself has."""

    name: str
    value: Sealed = field(repr=False)
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A value that is kept outside the repository, and that the file asks for."""

    name: str
    store: str
    """Where, in words: ``Render's dashboard``."""
    under: str = ""
    """Its name there; empty for its own."""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A value that the platform makes itself: a generated secret, the address of a database."""

    name: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The value of another place."""

    name: str
    place: PlaceId
    under: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A value that only the platform can tell; without a name, any number of them."""

    why: str
    name: str = ""
    span: Span | None = None


Declared = Literal | Kept | Made | Copied | Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process that a platform starts."""

    id: PlaceId
    title: str
    deployment: str
    via: str
    """What its users call the list: ``envVars:``."""
    declared: tuple[Declared, ...]
    span: Span
    list_span: Span | None = None
    """Where the list stands."""
    open_because: str = ""
    """Why more may be set than the file says; empty where the file is all."""

    def facts(self, desk: Desk) -> Iterator[Fact]:
        """The process and what it has."""
        yield Place(
            id=self.id,
            kind="process",
            title=self.title,
            span=self.span,
            world=World.OPEN if self.open_because else World.CLOSED,
            why=self.open_because,
            deployment=self.deployment,
        )
        outside = PlaceId(f"{self.deployment}:outside")
        yield Place(id=outside, kind="scope", title="what is beside it", deployment=self.deployment)
        if not self.open_because:
            span = self.list_span or self.span
            at = Position(Phase.HOST)
            yield Hop(source=outside, target=self.id, passage=Nothing(), via=self.via, at=at, span=span)
        yield from declared_facts(self.declared, self.id, self.via, desk)


def declared_facts(declared: Iterable[Declared], target: PlaceId, via: str, desk: Desk) -> Iterator[Fact]:
    """The writes of a list into one place, a later entry over an earlier one."""
    for each in declared:
        match each:
            case Literal(name=name, value=value):
                seen = desk.see(value, name)
                seen = replace(seen, changes=seen.changes or slips(value))
                yield Supply(place=target, name=VarName(name), seen=seen, at=_AT, via=via, span=each.span)
            case Kept():
                yield from _kept(each, target, via)
            case Made(name=name):
                yield Supply(place=target, name=VarName(name), seen=PRESENT, at=_AT, via=via, span=each.span)
            case Copied(name=name):
                one = One(name=VarName(name), source_name=VarName(each.under), if_unset=IfUnset.EMPTY)
                yield Hop(source=each.place, target=target, passage=one, via=via, at=_AT, span=each.span)
            case Unseen(name="", why=why):
                yield Blindspot(place=target, why=why, at=_AT, span=each.span)
            case Unseen(name=name):
                yield Supply(place=target, name=VarName(name), seen=UNKNOWN, at=_AT, via=via, span=each.span)


def _kept(each: Kept, target: PlaceId, via: str) -> Iterator[Fact]:
    store, under = PlaceId(each.store), VarName(each.under or each.name)
    yield Place(
        id=store, kind="store", title=each.store, world=World.OPEN, why=f"{each.store} is outside the repository"
    )
    yield Supply(place=store, name=under, seen=PRESENT, promised=True, via=each.store)
    one = One(name=VarName(each.name), source_name=under, if_unset=IfUnset.EMPTY)
    yield Hop(source=store, target=target, passage=one, via=via, at=_AT, span=each.span)


def names_a_credential(declared: Iterable[Declared]) -> bool:
    """Whether a list has a credential, so that its author means it to be all that the process needs."""
    return any(each.name in by_name() for each in declared)
