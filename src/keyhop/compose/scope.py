"""Where Compose looks up the names of ``${…}``: the shell, then the env files of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from keyhop.catalogue import VarName
from keyhop.compose.problem import Problem
from keyhop.facts import Dialect, Everything, Hop, IfUnset, One, Phase, Place, PlaceId, Position, Text
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.text import dotenv
from keyhop.text.assignments import is_text, showable
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
    above: Mapping[str, Sealed] = field(repr=False)
    """Of these, what the env files cannot overwrite: the shell's, or those of an including file."""
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
        optional = {each.name for each in template.references() if each.operator[-1:] in ("-", "+")}

        def lookup(name: str) -> Sealed | None:
            found = self.known.get(name)
            if found is None and (self.closed or name in optional):
                return None
            visible = showable(name, found) if found is not None else None
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
        file = dotenv.read(source.data, COMPOSE, above, found)
        if file.error is not None:
            span = _span_of_line(source, file.at)
            problems.append(Problem(why=f"{path}: {file.error}", span=span))
        found.update(dotenv.values(file))
    scope = Scope(
        place=place,
        shell=shell,
        env_files=env_files,
        known={**found, **above},
        above=above,
        closed=desk.shell is not None,
        parent=parent,
    )
    return scope, tuple(problems)


def scope_facts(scope: Scope, deployment: str, title: str, tree: Tree, desk: Desk) -> Iterator[Place | Hop]:
    """The scope as a place, and what is copied into it, the winner last."""
    yield Place(id=scope.place, kind="scope", title=title, deployment=deployment)
    earlier: Mapping[str, Sealed] = {}
    for number, path in enumerate(scope.env_files):
        copy = EnvFileCopy(
            path=path,
            target=scope.place,
            dialect=COMPOSE,
            via="compose .env",
            at=Position(Phase.HOST, number),
            scope=scope,
            earlier=earlier,
        )
        yield from copy.hops(tree, desk)
        earlier = {**earlier, **copy.values(tree)}
    above = scope.parent.place if scope.parent else scope.shell
    via = "compose include:" if scope.parent else "shell"
    at = Position(Phase.HOST, len(scope.env_files))
    yield Hop(source=above, target=scope.place, passage=Everything(), via=via, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFileCopy:
    """An env file that Compose copies into a place."""

    path: str
    target: PlaceId
    dialect: Dialect
    via: str
    at: Position
    scope: Scope = field(repr=False)
    beside: Mapping[str, Sealed] = field(default_factory=dict, repr=False)
    """The target's own values, which a line may mention where the scope lacks the name."""
    earlier: Mapping[str, Sealed] = field(default_factory=dict, repr=False)
    """What the files before it in the same list set; a line may mention it where nothing else has the name."""
    span: Span | None = None

    def hops(self, tree: Tree, desk: Desk) -> Iterator[Hop]:
        """The file as a whole, then the lines whose value rests on names from outside of it."""
        yield Hop(
            source=PlaceId(self.path),
            target=self.target,
            passage=Everything(),
            via=self.via,
            at=self.at,
            dialect=self.dialect,
            span=self.span,
        )
        source = tree.source(self.path)
        if source is None:
            return
        alone = dotenv.read(source.data, self.dialect)
        if not any(line.uses or line.inherits for line in alone.lines):
            return
        before = {line.start: line.value for line in alone.lines}
        for line in self._reading(source).lines:
            if line.inherits:
                if self.target != self.scope.place:
                    yield self._line(self.scope.place, _passed(line.name), source, line)
            elif line.uses and line.value is not None:
                yield from self._resolved(line, line.value, before.get(line.start), source, desk)

    def values(self, tree: Tree) -> dict[str, Sealed]:
        """What the file sets, its variables resolved as far as they are in view."""
        source = tree.source(self.path)
        return dotenv.values(self._reading(source)) if source else {}

    def problem(self, tree: Tree) -> Problem | None:
        """Why Compose stops at the file, unless that rests on a variable that is not in view."""
        source = tree.source(self.path)
        if source is None:
            return None
        file = self._reading(source)
        if file.error is None or (not self.scope.closed and any(line.uses for line in file.lines)):
            return None
        return Problem(why=f"{self.path}: {file.error}", span=_span_of_line(source, file.at))

    def _reading(self, source: Source) -> dotenv.File:
        known = self.scope.above if self.target == self.scope.place else {**self.beside, **self.scope.known}
        return dotenv.read(source.data, self.dialect, known, self.earlier)

    def _resolved(
        self, line: dotenv.Line, value: Sealed, alone: Sealed | None, source: Source, desk: Desk
    ) -> Iterator[Hop]:
        """A line that is something else than the file alone says."""
        name = VarName(line.name)
        seen = desk.see(value, name)
        inside = tuple(each for each in line.uses if each in self.scope.known)
        if alone is None or seen != desk.see(alone, name):
            refs = tuple(One(name=name, source_name=VarName(each)) for each in inside or line.uses)
            text = Text(name=name, refs=refs, resolved=seen)
            yield self._line(self.scope.place if inside else self.target, text, source, line)
        elif not self.scope.closed and not inside and not is_text(value):
            refs = tuple(One(name=name, source_name=VarName(each)) for each in line.uses)
            yield self._line(self.scope.place, Text(name=name, refs=refs, bare=True), source, line)

    def _line(self, origin: PlaceId, passage: One | Text, source: Source, line: dotenv.Line) -> Hop:
        span = source.span(line.start, line.end)
        return Hop(source=origin, target=self.target, passage=passage, via=self.via, at=self.at, span=span)


def _passed(name: str) -> One:
    return One(name=VarName(name), source_name=VarName(name), if_unset=IfUnset.KEEP)


def _span_of_line(source: Source, line: int) -> Span:
    return source.span_of_line(line) if line else Span(path=source.path)
