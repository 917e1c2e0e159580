"""Docker Compose files, with their override files, ``include:`` and ``extends:``."""

from __future__ import annotations

from collections.abc import Container, Iterator

from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree

_NAMES = ("*compose*.yml", "*compose*.yaml")
_OTHERS = ("*.yml", "*.yaml")


def _concerns(tree: Tree, desk: Desk) -> Container[str]:
    """The first file of each deployment."""
    if not tree.matching(*_NAMES) and not any(True for _ in tree.holding((b"services", b"include"), *_OTHERS)):
        return ()
    from keyhop.compose.finding import deployments

    return {deployment.files[0] for deployment in deployments(tree, desk)}


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The deployments whose first file this is."""
    from keyhop.compose.emission import deployment_facts
    from keyhop.compose.finding import deployments

    for deployment in deployments(tree, desk):
        if deployment.files[0] == source.path:
            yield from deployment_facts(deployment, tree, desk)


READER = Reader(id="compose", title="Docker Compose", claims=(*_NAMES, *_OTHERS), concerns=_concerns, read=_read)
