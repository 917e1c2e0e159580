"""The project's files as one process sees them: through COPY, bind mounts and ``.dockerignore``."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from keyhop.facts import END, Everything, Hop, Layer, Nothing, Phase, Place, PlaceId, Position, World
from keyhop.launch import Presence, Seat
from keyhop.paths import absolute
from keyhop.promises import Promises, is_env_file
from keyhop.span import Source, Span
from keyhop.text.dockerignore import excluding_line
from keyhop.tree import Tree, join

ON_THE_HOST = (Layer(target="/", source=".", via=""),)
"""What a process outside any container sees: the project, at ``/``."""


class View:
    """A process's file system, as far as it comes from the project. Paths are absolute, inside the process."""

    environment_inside: bool | None = None
    """Whether its virtual environment lies inside the project, where the process itself tells."""

    def __init__(self, process: PlaceId, layers: tuple[Layer, ...], tree: Tree, promises: Promises) -> None:
        self.process = process
        self.layers = layers
        self.tree = tree
        self._promises = promises
        self._known: dict[str, Seat | None] = {}

    @property
    def on_the_host(self) -> bool:
        return self.layers == ON_THE_HOST

    @property
    def likeness(self) -> tuple[tuple[object, ...], ...]:
        """The same for all views in which each path leads to the same file."""
        return tuple((layer.target, layer.source, layer.but, layer.ignore, layer.root) for layer in self.layers)

    def seat(self, path: str) -> Seat | None:
        """Where the file at `path` comes from, whether or not it is there; None outside every layer.

        The topmost layer that has the file decides, else the topmost that would have it.
        """
        if path not in self._known:
            seats = tuple(self._seats(absolute("/", path)))
            here = (s for s in seats if s.excluded is None and self._is_here(s.source))
            likely = (s for s in seats if s.excluded is None and self._promises.promised(s.source))
            self._known[path] = next(here, None) or next(likely, None) or next(iter(seats), None)
        return self._known[path]

    def presence(self, path: str) -> Presence:
        """Whether a file is there, is promised, is kept out by a ``.dockerignore``, or is not there.

        A file is possible where nothing promises it and ``.gitignore`` expects it.
        """
        seat = self.seat(path)
        if seat is None:
            return "absent"
        exists = self._is_here(seat.source) and not self.tree.has_directory(seat.source)
        if not exists and not self._promises.promised(seat.source):
            return "possible" if self._promises.possible(seat.source) else "absent"
        if seat.excluded is not None:
            return "excluded"
        return "here" if exists else "promised"

    def source(self, path: str) -> Source | None:
        """The file at `path`, if it is in the repository and in this process."""
        seat = self.seat(path)
        return self.tree.source(seat.source) if seat and seat.excluded is None else None

    def has(self, path: str) -> bool:
        seat = self.seat(path)
        return seat is not None and seat.excluded is None and self.tree.has(seat.source)

    def has_directory(self, path: str) -> bool:
        seat = self.seat(path)
        return seat is not None and self.tree.has_directory(seat.source if seat.source != "." else "")

    def inside(self, project_path: str) -> str | None:
        """Where the process sees a file of the project; None if nowhere."""
        for layer in reversed(self.layers):
            base = "" if layer.source == "." else layer.source
            if project_path == base:
                return layer.target
            if project_path.startswith(f"{base}/" if base else ""):
                relative = project_path[len(base) :].lstrip("/")
                path = absolute(layer.target, relative)
                seat = self.seat(path)
                if seat is not None and seat.source == project_path:
                    return path
        return None

    def named(self, module: str) -> Iterator[str]:
        """The files of the project that may be a module of that name: its file, or the file of its package."""
        yield from self.tree.named(f"{module}.py")
        mounted = {layer.source for layer in self.layers if layer.target.endswith(f"/{module}")}
        for path in self.tree.named("__init__.py"):
            directory = path.rpartition("/")[0]
            if directory.rpartition("/")[2] == module or directory in mounted:
                yield path

    def find_up(self, name: str, directory: str) -> str | None:
        """The nearest file of that name in `directory` or above it: one that is there, promised or kept out,
        else one that is possible."""
        directory = absolute("/", directory)
        possible = None
        while True:
            path = absolute(directory, name)
            match self.presence(path):
                case "here" | "promised" | "excluded":
                    return path
                case "possible":
                    possible = possible or path
            if directory in ("/", ""):
                return possible
            directory = dirname(directory)

    def file_place(self, path: str) -> PlaceId:
        """The place that stands for a file inside this process: the project's own file on the host."""
        path = absolute("/", path)
        if self.on_the_host:
            return PlaceId(path.lstrip("/"))
        return PlaceId(f"{self.process}:{path}")

    def file_facts(self, place: PlaceId) -> Iterator[Place | Hop]:
        """The file's own place and the passage that brings it in, for an id that `file_place` gave."""
        prefix = f"{self.process}:"
        if self.on_the_host or not place.startswith(prefix):
            return
        path = place[len(prefix) :]
        seat = self.seat(path)
        if seat is None:
            # An env file of this project that no layer brings in is not there; any other may be the image's own.
            own = is_env_file(path)
            world, why = (World.CLOSED, "") if own else (World.OPEN, f"{path} is not from this project")
            yield Place(id=place, kind="file", title=path, world=world, why=why, missing=own)
            return
        title = path if seat.layer.on_host else f"{path} in the container"
        yield Place(id=place, kind="file", title=title, span=seat.layer.span)
        kept_out = seat.excluded is not None
        yield Hop(
            source=PlaceId(seat.source),
            target=place,
            passage=Nothing() if kept_out else Everything(),
            via=".dockerignore" if kept_out else seat.layer.via,
            at=Position(Phase.HOST),
            taken_at=END,
            span=seat.excluded or seat.layer.span,
        )

    def _seats(self, path: str) -> Iterator[Seat]:
        for layer in reversed(self.layers):
            target = absolute("/", layer.target)
            if path == target:
                relative = ""
            elif path.startswith(target.rstrip("/") + "/"):
                relative = path[len(target.rstrip("/")) + 1 :]
            else:
                continue
            source = join("" if layer.source == "." else layer.source, relative or ".")
            if source is not None:
                yield Seat(source=source, layer=layer, excluded=self._excluded(layer, source))

    def _excluded(self, layer: Layer, source: str) -> Span | None:
        if not layer.but or layer.ignore is None:
            return None
        base = f"{layer.root}/" if layer.root else ""
        if not source.startswith(base):
            return None
        line = excluding_line(layer.but, source[len(base) :])
        if line is None:
            return None
        return Span(path=layer.ignore.path, line=line + 1)

    def _is_here(self, source: str) -> bool:
        return self.tree.has(source) or self.tree.has_directory(source)
