"""What every reader of a deployment format is, and what it works with."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import field
from typing import TypeAlias

from keyhop.catalogue import VarName
from keyhop.facts import Blindspot, Fact, Need, PlaceId, Position, World
from keyhop.launch import Launch
from keyhop.promises import Promises
from keyhop.records import dataclass
from keyhop.sighting import Seen
from keyhop.span import Source, Span
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker, see
from keyhop.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A need that a setting decides: ``MODEL`` says which key is needed."""

    place: PlaceId
    settings: tuple[VarName, ...]
    """Tried in this order; the first that is set decides."""
    at: Position
    """When the setting is read."""
    needs: Callable[[str | None], tuple[Need, ...]]
    """The needs for a setting's text; None: it is not set anywhere in view, so that the code's default decides."""
    why: str
    """Why nothing can be said where the setting's text is not known."""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What all readers of one run share."""

    promises: Promises
    marker: Marker
    shell: Mapping[str, Sealed] | None = None
    """The variables of the caller's shell, where the user asked for them."""
    deployments: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    """Deployments that the settings name: (name, files)."""

    def see(self, value: Sealed | None, name: str) -> Seen:
        """The value-free picture of a value under a name."""
        return see(value, self.marker, name=name)

    def shell_world(self) -> World:
        return World.PROMISED if self.shell is None else World.CLOSED


Reading: TypeAlias = Fact | Launch | Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One deployment format."""

    id: str
    title: str
    claims: tuple[str, ...]
    """Globs: of a file's name, or of its path where there is a ``/``."""
    holding: tuple[bytes, ...] = ()
    """A file that holds none of these says nothing to it; empty: every file that it claims may."""
    concerns: Callable[[Tree, Desk], Container[str]] | None = None
    """The files that say something to it, where it knows them beforehand; None: every one that it claims."""
    read: Callable[[Source, Tree, Desk], Iterator[Reading]]
    """Yields facts and launches. Never raises for what a file holds: that is a Blindspot."""


def unreadable(path: str, why: str, place: PlaceId | None = None) -> Blindspot:
    """The blindspot for a file that could not be read."""
    return Blindspot(place=place, why=why, writes=place is not None, span=Span(path=path))
