"""Workers of Celery, RQ, Dramatiq and arq that no file of the project starts: they run in a shell of somebody's."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Everything, Hop, Phase, Place, PlaceId, Position
from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source
from keyhop.tree import Tree
from keyhop.unstarted import unstarted


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The workers whose application this file defines."""
    for each in unstarted(tree, desk):
        if each.path == source.path:
            yield Place(
                id=each.id, kind="process", title=each.title, span=each.launch.span, deployment=each.deployment
            )
            yield Hop(
                source=PlaceId(f"{each.deployment}:shell"),
                target=each.id,
                passage=Everything(),
                via="the worker's shell",
                at=Position(Phase.HOST, 1),
                span=each.launch.span,
            )
            yield each.launch


READER = Reader(
    id="queue-workers",
    title="task workers started by hand",
    claims=("*.py",),
    holding=(b"celery", b"dramatiq", b"arq", b"rq", b"worker_main"),
    read=read,
)
