"""Service units of systemd."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.units.systemd import read

    yield from read(source, tree, desk)


READER = Reader(id="systemd", title="systemd units", claims=("*.service",), holding=(b"ExecStart",), read=_read)
