"""What a project's people start by hand, in a shell that has what they exported."""

from __future__ import annotations

from collections.abc import Container, Iterator

from keyhop.catalogue import VarName
from keyhop.documented.commands import DOCUMENTS, typed_in
from keyhop.documented.processes import local_processes
from keyhop.facts import Everything, Hop, Phase, Place, PlaceId, Position, Supply
from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.sighting import PRESENT
from keyhop.span import Source
from keyhop.tree import Tree

_PROSE = (".md", ".mdx", ".rst")


def _concerns(tree: Tree, desk: Desk) -> Container[str]:
    return {each.path for each in local_processes(tree, desk)}


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The processes that this file is the first to name."""
    shells: dict[PlaceId, None] = {}
    for each in local_processes(tree, desk):
        if each.path != source.path:
            continue
        shell = PlaceId(f"{each.deployment}:shell")
        shells[shell] = None
        span = each.launch.span
        yield Place(id=each.id, kind="process", title=each.title, span=span, deployment=each.deployment)
        yield Hop(
            source=shell,
            target=each.id,
            passage=Everything(),
            via="shell",
            at=Position(Phase.HOST),
            span=span,
        )
        yield each.launch
    for shell in shells if source.path.endswith(_PROSE) else ():
        yield from _exports(shell, source, tree)


def _exports(shell: PlaceId, source: Source, tree: Tree) -> Iterator[Supply]:
    """Variables that the document tells its reader to export."""
    for each in typed_in(source, tree):
        if each.texts[0] not in ("export", "set", "setx"):
            continue
        for text in each.texts[1:]:
            name, equals, _ = text.partition("=")
            if equals and name.isidentifier():
                yield Supply(
                    place=shell,
                    name=VarName(name),
                    seen=PRESENT,
                    promised=True,
                    via=source.path,
                    span=each.span,
                )


READER = Reader(
    id="local",
    title="scripts and servers started by hand",
    claims=(*DOCUMENTS, "*.py"),
    concerns=_concerns,
    read=read,
)
