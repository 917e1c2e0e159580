"""Charts of Helm."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.charts.deployment import read

    yield from read(source, tree, desk)


READER = Reader(id="helm", title="Helm charts", claims=("Chart.yaml",), read=_read)
