"""Task definitions of Amazon ECS."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.platforms.ecs import read

    yield from read(source, tree, desk)


READER = Reader(
    id="ecs",
    title="Amazon ECS task definition",
    claims=("*task*.json", "*ecs*.json", "*container*.json", "*task*.yaml", "*task*.yml"),
    holding=(b"containerDefinitions",),
    read=_read,
)
