"""Scripts and applications that start Ray, or are served by it, and that nothing else in the project runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.documented.processes import aside, is_deployed, local_processes
from keyhop.facts import Everything, Hop, Phase, Place, PlaceId, Position
from keyhop.launch import Launch
from keyhop.launcher import module_of
from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.span import Source, Undecodable
from keyhop.tree import Tree
from keyhop.view import ON_THE_HOST, View

_STARTS = re.compile(r"\bray\.init\(|\bserve\.run\(|\.remote\(")
_GUARD = re.compile(r"^if\s+__name__\s*==\s*['\"]__main__['\"]", re.M)
_INIT = re.compile(r"^ray\.init\(", re.M)
_BOUND = re.compile(r"^(\w+)\s*(?::[^=\n]+)?=\s*[\w.]+(?:\.options\([^\n]*\))?\.bind\(", re.M)


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The driver that this file is."""
    words = _command(source, tree, desk)
    if words is None:
        return
    path = source.path
    place = PlaceId(f"ray:{path}#driver")
    _, root = module_of(View(place, ON_THE_HOST, tree, desk.promises), f"/{path}")
    deployment = f"local in {root.strip('/') or '.'}"
    span = source.span_of_line(1)
    yield Place(id=place, kind="process", title=" ".join(words), span=span, deployment=deployment)
    yield Hop(
        source=PlaceId(f"{deployment}:shell"),
        target=place,
        passage=Everything(),
        via="shell",
        at=Position(Phase.HOST),
        span=span,
    )
    yield Launch(place=place, words=words, cwd=root, layers=ON_THE_HOST, span=span)


def _command(source: Source, tree: Tree, desk: Desk) -> tuple[str, ...] | None:
    """How it is run; None where it is no driver, or something else runs it."""
    path = source.path
    if b"ray" not in source.data or aside(path):
        return None
    try:
        text = source.text
    except Undecodable:
        return None
    if not re.search(r"^\s*(?:import|from) ray\b", text, re.M):
        return None
    bound = _BOUND.search(text)
    runs = _STARTS.search(text) and (_GUARD.search(text) or _INIT.search(text))
    if not (runs or bound) or is_deployed(path, tree) or _runs_by_hand(path, tree, desk):
        return None
    if runs or bound is None:
        return ("python", f"/{path}")
    module, _ = module_of(View(PlaceId(""), ON_THE_HOST, tree, desk.promises), f"/{path}")
    return ("serve", "run", f"{module}:{bound[1]}")


def _runs_by_hand(path: str, tree: Tree, desk: Desk) -> bool:
    return any(f":{path}" in each.id for each in local_processes(tree, desk))


READER = Reader(id="ray", title="Ray drivers and applications", claims=("*.py",), holding=(b"ray",), read=read)
