"""Azure Container Apps, deployed with Bicep."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.platforms.azure_container_apps import read

    yield from read(source, tree, desk)


READER = Reader(
    id="azure-container-apps",
    title="Azure Container Apps in Bicep",
    claims=("*.bicep",),
    holding=(b"Microsoft.App/", b"module "),
    read=_read,
)
