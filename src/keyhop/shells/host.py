"""What a script that is followed needs of the follower."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias

from keyhop.facts import Blindspot, Hop, Place, PlaceId, Position, Supply
from keyhop.launch import Entry
from keyhop.launcher import Call, Load
from keyhop.readers.reader import Desk
from keyhop.shells.state import State
from keyhop.span import Span
from keyhop.text.expansion import Pieces
from keyhop.view import View

Found: TypeAlias = Entry | Supply | Hop | Place | Blindspot


class Host(Protocol):
    """What a script needs of the follower that runs it."""

    view: View
    desk: Desk
    place: PlaceId

    def moment(self) -> Position:
        """The next moment of the process's life."""
        ...

    def start(
        self, call: Call, settings: tuple[tuple[str, Pieces, Span | None], ...], state: State, span: Span | None
    ) -> Iterator[Found]: ...

    def assign(
        self, name: str, value: Pieces, via: str, state: State, span: Span | None, target: PlaceId | None = None
    ) -> Iterator[Found]: ...

    def keep(self, name: str, value: Pieces, state: State, span: Span | None) -> Iterator[Found]:
        """``NAME=value`` without export: it reaches no program, unless the name is exported already."""
        ...

    def load(self, load: Load, state: State, span: Span | None) -> Iterator[Found]: ...

    def drop(self, names: tuple[str, ...], via: str, state: State, span: Span | None) -> Iterator[Found]: ...

    def apart(self, found: Callable[[], Iterator[Found]]) -> Iterator[Found]:
        """What a process of its own does: its writes reach only the programs that it starts itself."""
        ...
