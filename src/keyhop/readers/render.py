"""Render's blueprints."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.platforms.render import read

    yield from read(source, tree, desk)


READER = Reader(
    id="render",
    title="Render blueprint",
    claims=("render.yaml", "render.yml"),
    holding=(b"services", b"projects"),
    read=_read,
)
