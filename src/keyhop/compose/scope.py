"""Where Compose looks up the names of ``${…}``: the shell, then the env files of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from keyhop.catalogue import VarName
from keyhop.compose.problem import Problem
from keyhop.facts import Dialect, Everything, Hop, IfUnset, One, Phase, Place, PlaceId, Position, Text
from keyhop.readers.reader import Desk
from keyhop.span import Source, Span
from keyhop.text import dotenv
from keyhop.text.assignments import showable
from keyhop.text.interpolation import Refused, Template, evaluate
from keyhop.text.sealed import Sealed
from keyhop.tree import Tree

COMPOSE = Dialect("compose")
RAW = Dialect("compose-raw")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """The names that one Compose file may interpolate."""

    place: PlaceId
    shell: PlaceId
    env_files: tuple[str, ...]
    """Project paths, the weakest first."""
    known: Mapping[str, Sealed] = field(repr=False)
    """What the env files in view and the caller's shell, if it is in view, set."""
    closed: bool
    """The shell is in view, so that a name that is not known is not set."""
    parent: Scope | None = None
    """The scope of the file that includes this one; it wins."""

    def resolved(self, template: Template) -> Sealed | None:
        """The text of a template; None where it rests on a name that is not in view.

        Raises:
            Refused: Compose stops at it.
        """
        missing: list[str] = []

        def lookup(name: str) -> Sealed | None:
            found = self.known.get(name)
            if found is None:
                missing.append(name)
            return found

        try:
            text = evaluate(template, lookup)
        except Refused:
            if missing and not self.closed and template.invalid is None:
                return None
            raise
        return text if self.closed or not missing else None

    def as_shown(self, template: Template) -> tuple[Sealed, bool]:
        """The text of a path, an image or a command, and whether it is all in view.

        A value that might be secret is replaced by the variable's name, and so is one that is not in view
        and has no default.
        """
        hidden: list[str] = []

        def lookup(name: str) -> Sealed | None:
            found = self.known.get(name)
            if found is None:
                if not self.closed:
                    hidden.append(name)
                return None
            visible = showable(name, found)
            if visible is None:
                hidden.append(name)
                return Sealed(name)
            return visible

        try:
            return evaluate(template, lookup), not hidden
        except Refused:
            return Sealed(""), False


def open_scope(
    place: PlaceId, shell: PlaceId, env_files: tuple[str, ...], tree: Tree, desk: Desk, parent: Scope | None = None
) -> tuple[Scope, tuple[Problem, ...]]:
    """The scope over `env_files`, of which a later one wins; the shell and an including file win over all."""
    above: Mapping[str, Sealed] = parent.known if parent else (desk.shell or {})
    found: dict[str, Sealed] = {}
    problems = []
    for path in env_files:
        source = tree.source(path)
        if source is None:
            continue
        file = dotenv.read(source.data, COMPOSE, {**found, **above})
        if file.error is not None:
            span = _span_of_line(source, file.at)
            problems.append(Problem(why=f"{path}: {file.error}", span=span))
        found.update(dotenv.values(file))
    scope = Scope(
        place=place,
        shell=shell,
        env_files=env_files,
        known={**found, **above},
        closed=desk.shell is not None,
        parent=parent,
    )
    return scope, tuple(problems)


def scope_facts(scope: Scope, deployment: str, title: str, tree: Tree, desk: Desk) -> Iterator[Place | Hop]:
    """The scope as a place, and what is copied into it, the winner last."""
    yield Place(id=scope.place, kind="scope", title=title, deployment=deployment)
    for number, path in enumerate(scope.env_files):
        yield from env_file_hops(
            path, scope.place, COMPOSE, "compose .env", Position(Phase.HOST, number), scope, {}, tree, desk
        )
    above = scope.parent.place if scope.parent else scope.shell
    via = "compose include:" if scope.parent else "shell"
    at = Position(Phase.HOST, len(scope.env_files))
    yield Hop(source=above, target=scope.place, passage=Everything(), via=via, at=at)


def env_file_hops(
    path: str,
    target: PlaceId,
    dialect: Dialect,
    via: str,
    at: Position,
    scope: Scope,
    beside: Mapping[str, Sealed],
    tree: Tree,
    desk: Desk,
    span: Span | None = None,
) -> Iterator[Hop]:
    """An env file copied into a place, and the lines whose value rests on names from outside of the file.

    Args:
        beside: the target's own values, which such a line sees where the scope lacks a name.
    """
    source = tree.source(path)
    yield Hop(
        source=PlaceId(path), target=target, passage=Everything(), via=via, at=at, dialect=dialect, span=span
    )
    if source is None:
        return
    alone = dotenv.read(source.data, dialect)
    if not any(line.uses or line.inherits for line in alone.lines):
        return
    without = {line.name: line.value for line in alone.lines}
    for line in dotenv.read(source.data, dialect, {**beside, **scope.known}).lines:
        if line.inherits:
            yield _line_hop(scope.place, target, _passed(line.name), via, at, source, line)
            continue
        inside = tuple(name for name in line.uses if name in scope.known)
        uses = inside or tuple(name for name in line.uses if name in beside)
        before = without.get(line.name)
        if not uses or line.value is None or before is None:
            continue
        seen = desk.see(line.value, line.name)
        if seen.mark == desk.see(before, line.name).mark:
            continue
        refs = tuple(One(name=VarName(line.name), source_name=VarName(name)) for name in uses)
        text = Text(name=VarName(line.name), refs=refs, resolved=seen)
        yield _line_hop(scope.place if inside else target, target, text, via, at, source, line)


def _passed(name: str) -> One:
    return One(name=VarName(name), source_name=VarName(name), if_unset=IfUnset.KEEP)


def _line_hop(
    origin: PlaceId, target: PlaceId, passage: One | Text, via: str, at: Position, source: Source, line: dotenv.Line
) -> Hop:
    span = source.span(line.start, line.end)
    return Hop(source=origin, target=target, passage=passage, via=via, at=at, span=span)


def _span_of_line(source: Source, line: int) -> Span:
    return source.span_of_line(line) if line else Span(path=source.path)
