"""Docker Compose files, with their override files, ``include:`` and ``extends:``."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.compose.emission import deployment_facts
from keyhop.compose.finding import NAMES, deployments
from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree


def _read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The deployments whose first file this is."""
    for deployment in deployments(tree, desk):
        if deployment.files[0] == source.path:
            yield from deployment_facts(deployment, tree, desk)


READER = Reader(id="compose", title="Docker Compose", claims=(*NAMES, "*.yml", "*.yaml"), read=_read)
