"""What commands write into the environment of the process that they run in."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.assignment import Assignment
from keyhop.building.stage import withheld
from keyhop.catalogue import VarName
from keyhop.facts import (
    Dialect,
    Everything,
    Hop,
    IfUnset,
    Nothing,
    One,
    Passage,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
)
from keyhop.launcher import Load
from keyhop.readers.reader import Desk
from keyhop.shells.host import Found
from keyhop.shells.state import State
from keyhop.sighting import UNKNOWN
from keyhop.span import Span
from keyhop.text.expansion import Computed, Pieces, sealed
from keyhop.view import View


class EnvironmentWrites:
    """Makes the facts of one process's commands, each at a later moment than the one before."""

    def __init__(self, place: PlaceId, view: View, desk: Desk) -> None:
        self.place = place
        self.view = view
        self.desk = desk
        self._number = 0
        self._scopes: set[PlaceId] = set()

    def moment(self) -> Position:
        self._number += 1
        return Position(Phase.ENTRYPOINT, self._number)

    def assign(
        self,
        name: str,
        value: Pieces,
        via: str,
        state: State,
        span: Span | None,
        target: PlaceId | None = None,
        taken_at: Position | None = None,
    ) -> Iterator[Found]:
        at = self.moment()
        yield from Assignment(
            target=target or self.place,
            name=name,
            value=value,
            source=self.place,
            at=at,
            taken_at=taken_at or at,
            via=via,
            given=state.given,
            span=span,
        ).facts(self.desk)

    def keep(self, name: str, value: Pieces, state: State, span: Span | None) -> Iterator[Found]:
        scope = PlaceId(f"{self.place}:script")
        if scope not in self._scopes:
            self._scopes.add(scope)
            yield Place(id=scope, kind="scope", title="the script's own variables")
        via = "set without export"
        at = self.moment()
        text = sealed(value)
        if any(isinstance(piece, Computed) for piece in value):
            yield Supply(place=scope, name=VarName(name), seen=UNKNOWN, at=at, via=via, given=state.given, span=span)
        else:
            yield from self.assign(name, value, via, state, span, scope)
        yield Hop(
            source=scope,
            target=self.place,
            passage=withheld(name),
            via=via,
            at=self.moment(),
            given=state.given,
            span=span,
        )
        if text is not None:
            at = self.moment()
            yield Hop(
                source=self.place,
                target=self.place,
                passage=One(name=VarName(name), source_name=VarName(name), replaced_by=self.desk.see(text, name)),
                via=f"{name}=… where it is exported already",
                at=at,
                taken_at=at,
                given=state.given,
                span=span,
            )

    def load(self, load: Load, state: State, span: Span | None) -> Iterator[Found]:
        missing = not self.view.on_the_host and self.view.presence(load.path) == "absent"
        inside = missing and self.view.seat(load.path) is not None
        passages: tuple[Passage, ...] = (Nothing(),) if inside else (Everything(),)
        if load.names is not None:
            names = map(VarName, load.names)
            passages = tuple(One(name=name, source_name=name) for name in names)
        at = self.moment()
        for passage in passages:
            yield Hop(
                source=self.view.file_place(load.path),
                target=self.place,
                passage=passage,
                via=f"{load.via}: it is not in the container" if inside else load.via,
                at=at,
                dialect=Dialect(load.dialect),
                overwrite=load.overwrite,
                given=state.given,
                span=span,
            )

    def drop(
        self,
        names: tuple[str, ...],
        via: str,
        state: State,
        span: Span | None,
    ) -> Iterator[Found]:
        empty = PlaceId(f"{self.place}:dropped")
        at = self.moment()
        if empty not in self._scopes:
            self._scopes.add(empty)
            yield Place(id=empty, kind="scope", title="nothing")
        for name in names:
            yield Hop(
                source=empty,
                target=self.place,
                passage=One(name=VarName(name), source_name=VarName(name), if_unset=IfUnset.REMOVE),
                via=via,
                at=at,
                given=state.given,
                span=span,
            )
