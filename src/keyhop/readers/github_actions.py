"""Workflows of GitHub Actions: jobs whose steps run the project's code."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.actions.reading import read

    if source.path.count("/") == 2:  # GitHub loads no workflow from a folder below
        yield from read(source, tree, desk)


READER = Reader(
    id="github-actions",
    title="GitHub Actions",
    claims=(".github/workflows/*.yml", ".github/workflows/*.yaml"),
    read=_read,
)
