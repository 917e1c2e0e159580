"""The files that a job sees: what the repository holds, and what its own steps make."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import END, Everything, Hop, Phase, Place, PlaceId, Position
from keyhop.launch import Presence, Step
from keyhop.paths import absolute
from keyhop.promises import Promises
from keyhop.span import Source
from keyhop.tree import Tree
from keyhop.view import ON_THE_HOST, View


class Checkout(View):
    """The file system of one job. What ``.gitignore`` keeps out of the repository is not in it."""

    def __init__(self, step: Step, tree: Tree, promises: Promises) -> None:
        super().__init__(step.job, ON_THE_HOST, tree, promises)
        self._made = frozenset(step.made)
        self.environment_inside = step.environment_inside

    def presence(self, path: str) -> Presence:
        seat = self.seat(path)
        if absolute("/", path) in self._made:
            return "promised"
        return "here" if seat is not None and self._committed(seat.source) else "absent"

    def source(self, path: str) -> Source | None:
        seat = self.seat(path)
        return self.tree.source(seat.source) if seat and self._committed(seat.source) else None

    def file_place(self, path: str) -> PlaceId:
        return PlaceId(f"{self.process}:{absolute('/', path)}")

    def file_facts(self, place: PlaceId) -> Iterator[Place | Hop]:
        path = place.removeprefix(f"{self.process}:")
        source = path.lstrip("/")
        committed = self._committed(source)
        made = path in self._made
        yield Place(id=place, kind="file", title=f"{source} of the job", missing=not committed and not made)
        if committed:
            yield Hop(
                source=PlaceId(source),
                target=place,
                passage=Everything(),
                via="actions/checkout",
                at=Position(Phase.HOST),
                taken_at=END,
            )

    def _committed(self, source: str) -> bool:
        return self.tree.has(source) and not self.tree.ignores(source)
