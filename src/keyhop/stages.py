"""The stage of a Dockerfile that an image is made of, and all stages it rests on, read as one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from posixpath import basename, normpath

from keyhop.assignment import Assignment
from keyhop.catalogue import VarName
from keyhop.facts import (
    Blindspot,
    Everything,
    Fact,
    Hop,
    Layer,
    One,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
)
from keyhop.readers.reader import Desk
from keyhop.span import Source, Span, Undecodable
from keyhop.text.dockerfile import Instruction, parse
from keyhop.text.expansion import Pieces, inline, references, sealed, shown
from keyhop.tree import Tree, join

_STEP = 4
"""Positions between two instructions."""
_REMOTE = re.compile(r"^(?:[a-z]+://|git@)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A CMD or an ENTRYPOINT."""

    words: tuple[str, ...]
    text: str | None = None
    """The shell form, where ``/bin/sh -c`` runs it."""
    span: Span | None = None

    def followed_by(self, cmd: Command | None) -> Command:
        """An ENTRYPOINT with its CMD; the shell form takes none."""
        if self.text is not None or cmd is None:
            return self
        return Command(words=(*self.words, *cmd.words), span=cmd.span or self.span)


@dataclass(kw_only=True)
class Stage:
    """What the instructions of a stage, and of the stages under it, come to."""

    source: Source
    tree: Tree
    desk: Desk
    context: str | None
    ignore: Source | None
    base: str = ""
    workdir: str = "/"
    entrypoint: Command | None = None
    cmd: Command | None = None
    layers: tuple[Layer, ...] = ()
    made: tuple[tuple[str, Blindspot], ...] = ()
    _shell: tuple[str, ...] = ("/bin/sh", "-c")
    _has_cmd: bool = False
    """A CMD of its own: an ENTRYPOINT discards only the CMD of the stage under it."""
    _known: dict[str, Pieces] = field(default_factory=dict)
    """Variables whose text is known at build time, for paths and names."""
    _own: list[Instruction] = field(default_factory=list)
    _globals: dict[str, Pieces] = field(default_factory=dict)
    _others: dict[str, Stage] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        source: Source,
        tree: Tree,
        desk: Desk,
        *,
        context: str | None,
        target: str | None,
        ignore: Source | None,
    ) -> Stage | None:
        """The stage named `target`, or the last; None where there is none."""
        stages: dict[str, Stage] = {}
        last: Stage | None = None
        global_args: dict[str, Pieces] = {}
        for instruction in parse(source.text).instructions:
            if instruction.keyword == "FROM":
                name = str(len({id(each) for each in stages.values()}))
                last = cls(source=source, tree=tree, desk=desk, context=context, ignore=ignore)
                last._globals = global_args
                last._begin(instruction, stages)
                words = [word.raw for word in instruction.words()]
                stages[name] = last
                if len(words) == 3 and words[1].upper() == "AS":
                    stages[words[2].lower()] = last
            elif last is None and instruction.keyword == "ARG":
                for name, raw, _, _ in instruction.assignments():
                    global_args[name] = inline(instruction.pieces(raw), global_args)
            elif last is not None:
                last._add(instruction)
        return stages.get(target.lower()) if target is not None else last

    def variables(self, image: PlaceId, args: PlaceId | None) -> Iterator[Fact]:
        """The writes into the image, and into the scope of its build, in which ARG lives."""
        scope = PlaceId(f"{image}:build")
        yield Place(id=scope, kind="scope", title="the build's arguments", span=Span(path=self.source.path))
        declared: set[str] = set()
        held: set[str] = set()
        for number, instruction in enumerate(self._own, start=1):
            at = Position(Phase.IMAGE, number * _STEP)
            match instruction.keyword:
                case "ARG":
                    yield from self._arg(instruction, scope, image, args, at)
                    declared.update(name for name in _declared(instruction) if name not in held)
                case "ENV":
                    yield from self._env(instruction, scope, image, declared - held, at)
                    held.update(name for name, *_ in instruction.assignments())

    def _arg(
        self, instruction: Instruction, scope: PlaceId, image: PlaceId, args: PlaceId | None, at: Position
    ) -> Iterator[Fact]:
        span = self._span(instruction)
        given = {name: instruction.pieces(raw) for name, raw, _, _ in instruction.assignments()}
        for name in _declared(instruction):
            default = given.get(name, self._globals.get(name))
            if default is not None:
                yield from Assignment(
                    target=scope,
                    name=name,
                    value=default,
                    source=scope,
                    at=at,
                    taken_at=at,
                    via="Dockerfile ARG",
                    span=span,
                ).facts(self.desk)
            if args is not None:
                yield Hop(
                    source=args,
                    target=scope,
                    passage=One(name=VarName(name), source_name=VarName(name)),
                    via="Dockerfile ARG",
                    at=_after(at),
                    span=span,
                )
            yield Hop(
                source=scope,
                target=image,
                passage=withheld(name),
                via="Dockerfile ARG",
                at=_after(at, 2),
                taken_at=_after(at, 2),
                span=span,
            )

    def _env(
        self, instruction: Instruction, scope: PlaceId, image: PlaceId, arguments: set[str], at: Position
    ) -> Iterator[Supply | Hop | Blindspot]:
        for name, raw, start, end in instruction.assignments():
            value = instruction.pieces(raw)
            names = {ref.name for ref in references(value)}
            if names & arguments:
                for other in sorted(names - arguments):
                    yield Hop(
                        source=image,
                        target=scope,
                        passage=One(name=VarName(other), source_name=VarName(other)),
                        via="Dockerfile ENV",
                        at=_after(at, -1),
                        taken_at=at,
                    )
            yield from Assignment(
                target=image,
                name=name,
                value=value,
                source=scope if names & arguments else image,
                at=at,
                taken_at=at,
                via="Dockerfile ENV",
                span=self.source.span(start, end),
            ).facts(self.desk)

    def _begin(self, instruction: Instruction, stages: dict[str, Stage]) -> None:
        word = next((word.raw for word in instruction.words()), "")
        reference = shown(inline(instruction.pieces(word), self._globals))
        self._others = dict(stages)
        below = stages.get(reference.lower())
        self.base = below.base if below else reference
        if below:
            self.workdir, self.entrypoint, self.cmd = below.workdir, below.entrypoint, below.cmd
            self.layers, self.made, self._shell = below.layers, below.made, below._shell
            self._known, self._own = dict(below._known), list(below._own)

    def _add(self, instruction: Instruction) -> None:
        self._own.append(instruction)
        match instruction.keyword:
            case "ARG" | "ENV":
                for name in _declared(instruction):
                    self._known.pop(name, None)
                    if name in self._globals:
                        self._known[name] = self._globals[name]
                new = {
                    name: inline(instruction.pieces(raw), self._known)
                    for name, raw, _, _ in instruction.assignments()
                }
                self._known.update((name, value) for name, value in new.items() if sealed(value) is not None)
            case "WORKDIR":
                path = self._path(instruction, instruction.text.strip())
                self.workdir = normpath(path if path.startswith("/") else f"{self.workdir}/{path}")
            case "SHELL":
                self._shell = instruction.array() or self._shell
            case "CMD":
                self.cmd = self._command(instruction)
                self._has_cmd = True
            case "ENTRYPOINT":
                self.entrypoint = self._command(instruction)
                self.cmd = self.cmd if self._has_cmd else None
            case "COPY" | "ADD":
                self.layers += tuple(self._copied(instruction))

    def _command(self, instruction: Instruction) -> Command:
        words = instruction.array()
        span = self._span(instruction)
        if words is not None:
            return Command(words=words, span=span)
        text = instruction.text
        plain = self._shell == ("/bin/sh", "-c")
        return Command(words=(*self._shell, text), text=text if plain else None, span=span)

    def _copied(self, instruction: Instruction) -> Iterator[Layer]:
        words = instruction.array() or tuple(word.raw for word in instruction.words())
        *sources, target = [self._path(instruction, word) for word in words] or [""]
        span = self._span(instruction)
        into = target.endswith("/") or target in (".", "..") or len(sources) > 1
        target = normpath(target if target.startswith("/") else f"{self.workdir}/{target}")
        stage = instruction.flag("from")
        if stage is not None:
            other = self._others.get(stage.lower())
            for path in sources if other else ():
                yield from other.taken(path, target, into, span) if other else ()
            return
        for source in sources:
            if not _REMOTE.match(source) and not source.startswith("<<"):
                parents = instruction.flag("parents") is not None
                yield from self._from_context(source, target, into or parents, parents, span)

    def _from_context(self, pattern: str, target: str, into: bool, parents: bool, span: Span) -> Iterator[Layer]:
        if self.context is None:
            return
        for path in self._expanded(normpath(pattern.lstrip("/")) or "."):
            source = join(self.context, path)
            if source is None:
                continue
            here = target
            if parents:
                here = normpath(f"{target}/{path}")
            elif (
                not self.tree.has_directory(source) and not pattern.endswith("/") and self._is_directory(target, into)
            ):
                here = normpath(f"{target}/{basename(path)}")
            yield Layer(
                target=here,
                source=source or ".",
                via="Dockerfile COPY",
                span=span,
                but=self._ignore_lines(),
                ignore=Span(path=self.ignore.path) if self.ignore else None,
                root=self.context,
            )

    def _expanded(self, pattern: str) -> list[str]:
        """The files and directories of the context that a COPY's source names; those that are promised too."""
        if not set("*?[") & set(pattern):
            return [pattern]
        base = f"{self.context}/" if self.context else ""
        depth = pattern.count("/") + 1
        found = {
            "/".join(path[len(base) :].split("/")[:depth])
            for path in self.tree.paths
            if path.startswith(base) and path[len(base) :].count("/") + 1 >= depth
        }
        folder = f"{pattern.rpartition('/')[0]}/" if depth > 1 else ""
        if self.desk.promises.promised(f"{base}{folder}.env"):
            found.add(f"{folder}.env")
        return sorted(path for path in found if fnmatchcase(path, pattern))

    def taken(self, source: str, target: str, into: bool, span: Span) -> Iterator[Layer]:
        """The layers of this stage that ``COPY --from`` takes from `source` to `target`."""
        source = normpath(f"/{source}")
        for layer in self.layers:
            via = {"via": layer.via, "but": layer.but, "ignore": layer.ignore, "root": layer.root}
            if layer.target == source or layer.target.startswith(source.rstrip("/") + "/"):
                rest = layer.target[len(source.rstrip("/")) :]
                where = rest or (f"/{basename(source)}" if into and self._is_file(layer) else "")
                yield Layer(target=normpath(f"{target}/{where}"), source=layer.source, span=span, **via)  # type: ignore[arg-type]
            elif source.startswith(layer.target.rstrip("/") + "/"):
                inner = join("" if layer.source == "." else layer.source, source[len(layer.target.rstrip("/")) + 1 :])
                if inner is None:
                    continue
                is_file = not self.tree.has_directory(inner)
                where = f"/{basename(source)}" if into and is_file else ""
                yield Layer(target=normpath(target + where), source=inner, span=span, **via)  # type: ignore[arg-type]

    def _is_file(self, layer: Layer) -> bool:
        return not self.tree.has_directory("" if layer.source == "." else layer.source)

    def _is_directory(self, target: str, into: bool) -> bool:
        return (
            into
            or target == self.workdir
            or any(layer.target == target and not self._is_file(layer) for layer in self.layers)
        )

    def _path(self, instruction: Instruction, raw: str) -> str:
        return shown(inline(instruction.pieces(raw), self._known))

    def _span(self, instruction: Instruction) -> Span:
        return self.source.span(instruction.start, instruction.end)

    def _ignore_lines(self) -> tuple[str, ...]:
        try:
            return tuple(self.ignore.text.splitlines()) if self.ignore else ()
        except Undecodable:
            return ()


def withheld(name: str) -> Everything:
    """The passage that lets no value of `name` through, and says nothing of other names."""
    return Everything(prefix=name, but=frozenset({name}))


def _declared(instruction: Instruction) -> list[str]:
    if instruction.keyword == "ENV":
        return [name for name, *_ in instruction.assignments()]
    return [word.raw.partition("=")[0] for word in instruction.words()]


def _after(at: Position, steps: int = 1) -> Position:
    return Position(at.phase, at.number + steps)
