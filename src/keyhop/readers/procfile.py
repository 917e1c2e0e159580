"""A Procfile: a platform starts its processes and sets what is typed into its dashboard; honcho reads ``.env``."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.documented.commands import typed
from keyhop.facts import Dialect, Everything, Hop, Phase, Place, PlaceId, Position, World
from keyhop.launch import Launch
from keyhop.readers.reader import Desk, Reader, Reading, unreadable
from keyhop.span import Source, Undecodable
from keyhop.text.procfile import ProcessLine, parse
from keyhop.tree import Tree
from keyhop.view import ON_THE_HOST

_RUNNERS = ("honcho", "foreman", "overmind", "hivemind", "goreman", "forego")


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """A process for each line, and once more for each line that a documented honcho starts here."""
    try:
        lines = parse(source.text)
    except Undecodable as error:
        yield unreadable(source.path, str(error))
        return
    runner = _documented(source, tree)
    for line in lines:
        yield from _on_the_platform(line, source)
        if runner:
            yield from _here(line, source, runner)


def _on_the_platform(line: ProcessLine, source: Source) -> Iterator[Reading]:
    process = PlaceId(f"procfile:{source.path}#{line.name}")
    yield Place(
        id=process,
        kind="process",
        title=f"process {line.name}",
        span=source.span(line.start, line.end),
        world=World.OPEN,
        why="the platform's dashboard may set it",
        deployment=source.path,
    )
    yield _launch(process, line, source)


def _here(line: ProcessLine, source: Source, runner: str) -> Iterator[Reading]:
    process = PlaceId(f"{runner}:{source.path}#{line.name}")
    deployment = f"{runner} start"
    span = source.span(line.start, line.end)
    directory = source.path.rpartition("/")[0]
    yield Place(id=process, kind="process", title=f"process {line.name}", span=span, deployment=deployment)
    yield Hop(
        source=PlaceId(f"{deployment}:shell"),
        target=process,
        passage=Everything(),
        via="shell",
        at=Position(Phase.HOST),
        span=span,
    )
    yield Hop(
        source=PlaceId(f"{directory}/.env" if directory else ".env"),
        target=process,
        passage=Everything(),
        via=f"{runner} loads .env",
        at=Position(Phase.HOST, 1),
        dialect=Dialect("honcho"),
        span=span,
    )
    yield _launch(process, line, source)


def _launch(process: PlaceId, line: ProcessLine, source: Source) -> Launch:
    return Launch(
        place=process,
        text=line.command,
        cwd="/" + source.path.rpartition("/")[0],
        layers=ON_THE_HOST,
        span=source.span(line.start, line.end),
    )


def _documented(source: Source, tree: Tree) -> str | None:
    """The program that the project tells people to start this Procfile with on their own machine."""
    directory = source.path.rpartition("/")[0]
    for each in typed(tree):
        words = [word for word in each.texts if word not in ("uv", "run", "poetry", "pipenv")]
        if words[:1] and words[0] in _RUNNERS and "start" in words and directory in each.directories:
            return words[0]
    return None


READER = Reader(id="procfile", title="Procfile", claims=("Procfile", "Procfile.*", "procfile"), read=read)
