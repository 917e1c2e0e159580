"""Directories that kustomize builds."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.kustomize.deployment import read

    yield from read(source, tree, desk)


READER = Reader(
    id="kustomize",
    title="kustomize",
    claims=("kustomization.yaml", "kustomization.yml", "Kustomization"),
    read=_read,
)
