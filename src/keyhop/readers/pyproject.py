"""A CrewAI project: ``crewai run`` starts it in its user's shell (crewai-cli 1.15)."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Everything, Hop, Phase, Place, PlaceId, Position
from keyhop.launch import Launch
from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source, Span, Undecodable
from keyhop.text.toml import load, table
from keyhop.tree import Tree
from keyhop.view import ON_THE_HOST

_SCRIPTS = ("run_crew",)


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The process of ``crewai run``, where the project is made for it."""
    tables = load(source)
    scripts = {**table(tables, "project", "scripts"), **table(tables, "tool", "poetry", "scripts")}
    crewai = table(tables, "tool", "crewai")
    if not crewai and not any(name in scripts for name in _SCRIPTS):
        return
    process = PlaceId(f"crewai:{source.path}")
    deployment = f"crewai run in {source.path}"
    span = _span(source)
    yield Place(id=process, kind="process", title="crewai run", span=span, deployment=deployment)
    yield Hop(
        source=PlaceId(f"{deployment}:shell"),
        target=process,
        passage=Everything(),
        via="shell",
        at=Position(Phase.HOST),
        span=span,
    )
    yield Launch(
        place=process,
        words=("crewai", "run"),
        cwd="/" + source.path.rpartition("/")[0],
        layers=ON_THE_HOST,
        span=span,
    )


def _span(source: Source) -> Span:
    """The line that makes it a CrewAI project."""
    try:
        text = source.text
    except Undecodable:
        return Span(path=source.path)
    found = [at for mark in ("[tool.crewai]", *_SCRIPTS) if (at := text.find(mark)) >= 0]
    return source.span(found[0]) if found else Span(path=source.path)


READER = Reader(id="pyproject", title="crewai run (pyproject.toml)", claims=("pyproject.toml",), read=read)
