"""Dockerfiles, each as the image that a process runs."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree

_CLAIMS = (
    "Dockerfile",
    "Dockerfile.*",
    "*.Dockerfile",
    "*.dockerfile",
    "dockerfile",
    "dockerfile.*",
    "Containerfile",
)


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.documented.dockerfiles import read

    yield from read(source, tree, desk)


READER = Reader(id="dockerfile", title="Dockerfile", claims=_CLAIMS, read=_read)
