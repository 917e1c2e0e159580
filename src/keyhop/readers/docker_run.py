"""``docker run`` and ``podman run``, as documents and scripts tell people to type them."""

from __future__ import annotations

from collections.abc import Container, Iterator

from keyhop.documented.commands import DOCUMENTS, typed
from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _concerns(tree: Tree, _desk: Desk) -> Container[str]:
    """The documents with such a command."""
    return {each.source.path for each in typed(tree) if "run" in each.texts}


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    from keyhop.documented.container_runs import read

    yield from read(source, tree, desk)


READER = Reader(
    id="docker-run",
    title="docker run in documents and scripts",
    claims=DOCUMENTS,
    concerns=_concerns,
    read=_read,
)
