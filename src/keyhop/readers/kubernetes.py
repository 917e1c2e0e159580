"""Manifests of Kubernetes that are applied as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.kubernetes.manifests import read

    yield from read(source, tree, desk)


READER = Reader(
    id="kubernetes",
    title="Kubernetes manifests",
    claims=("*.yaml", "*.yml"),
    holding=(b"containers:", b'"containers"'),
    read=_read,
)
