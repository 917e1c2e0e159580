"""Settings objects as places of their own: fed by their files and by the process, which wins."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath

from keyhop.facts import Blindspot, Dialect, Everything, Hop, Phase, Place, PlaceId, Position
from keyhop.python.evaluate import Evaluator
from keyhop.python.library import joined
from keyhop.python.scopes import Scope
from keyhop.python.settings_objects import configuration
from keyhop.python.values import Library

PYDANTIC = Dialect("pydantic-settings")


def place_of(process: PlaceId, type: Scope | Library) -> PlaceId:
    """The place that stands for a settings object, or for what a library looks into, in a process."""
    return PlaceId(f"{process}:{type.name}")


def facts(ev: Evaluator, process: PlaceId, type: Scope, built: Position) -> Iterator[Place | Hop | Blindspot]:
    """The place of a settings class and what fills it when it is made at `built`."""
    place = place_of(process, type)
    settings = configuration(ev, type)
    span = type.module.span(settings.node or type.node)
    yield Place(id=place, kind="settings", title=f"{type.name} of {process}", span=type.module.span(type.node))
    if settings.unreadable:
        yield Blindspot(place=place, why="its env_file is computed while running", at=Position(Phase.HOST), span=span)
    for number, path in enumerate(settings.files):
        absolute = normpath(joined(ev.cwd, path))
        yield Hop(
            source=ev.modules.view.file_place(absolute),
            target=place,
            passage=Everything(),
            via="env_file",
            at=Position(Phase.HOST, number),
            dialect=PYDANTIC,
            span=span,
        )
    yield Hop(
        source=process,
        target=place,
        passage=Everything(),
        via=f"{type.name}()",
        at=Position(Phase.ENTRYPOINT),
        taken_at=built,
        span=type.module.span(type.node),
    )


def of_library(ev: Evaluator, process: PlaceId, library: Library) -> Iterator[Place | Hop]:
    """The place of a library that reads a file of its own beside the process, or in place of it."""
    place = place_of(process, library)
    yield Place(id=place, kind="settings", title=f"{library.name} in {process}")
    if library.file is not None:
        yield Hop(
            source=ev.modules.view.file_place(library.file),
            target=place,
            passage=Everything(),
            via=library.name,
            at=Position(Phase.HOST),
            dialect=Dialect(library.dialect),
        )
    if not library.process_first:
        return
    yield Hop(
        source=process,
        target=place,
        passage=Everything(),
        via=library.name,
        at=Position(Phase.ENTRYPOINT),
        taken_at=Position(Phase.CALL),
    )
