"""Crontabs, and files for ``/etc/cron.d``."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.units.cron import read

    yield from read(source, tree, desk)


READER = Reader(
    id="cron",
    title="crontabs",
    claims=("crontab", "crontab.txt", "*.crontab", "*.cron", "cron.d/*", "*/cron.d/*"),
    read=_read,
)
