"""The stage of a Dockerfile that an image is made of, and all stages it rests on, read as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from keyhop.assignment import Assignment
from keyhop.building.copies import Context, Copy, copy, moved
from keyhop.building.runs import MadeFile, read_run
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
from keyhop.paths import absolute
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.text.dockerfile import Instruction, parse
from keyhop.text.expansion import Pieces, inline, references, sealed, shown
from keyhop.tree import Tree

_STEP = 4
"""Positions between two instructions."""


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
    context: Context | None
    base: str = ""
    workdir: str = "/"
    entrypoint: Command | None = None
    cmd: Command | None = None
    layers: tuple[Layer, ...] = ()
    made: dict[str, MadeFile] = field(default_factory=dict)
    _shell: tuple[str, ...] = ("/bin/sh", "-c")
    _has_cmd: bool = False
    """A CMD of its own: an ENTRYPOINT discards only the CMD of the stage under it."""
    _known: dict[str, Pieces] = field(default_factory=dict)
    """Variables whose text is known at build time, for paths and names."""
    _own: list[Instruction] = field(default_factory=list)
    _exported: dict[int, tuple[tuple[str, Pieces], ...]] = field(default_factory=dict)
    """What each RUN exports, by the RUN's offset."""
    _globals: dict[str, Pieces] = field(default_factory=dict)
    _others: dict[str, Stage] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        source: Source,
        tree: Tree,
        desk: Desk,
        *,
        context: Context | None,
        target: str | None,
    ) -> Stage | None:
        """The stage named `target`, or the last; None where there is none."""
        stages: dict[str, Stage] = {}
        last: Stage | None = None
        global_args: dict[str, Pieces] = {}
        for instruction in parse(source.text).instructions:
            if instruction.keyword == "FROM":
                name = str(len({id(each) for each in stages.values()}))
                last = cls(source=source, tree=tree, desk=desk, context=context)
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
        yield Place(id=PlaceId(f"{image}:run"), kind="scope", title="a RUN", span=Span(path=self.source.path))
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
                case "RUN":
                    yield from self._run(instruction, image, at)

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

    def _run(self, instruction: Instruction, image: PlaceId, at: Position) -> Iterator[Fact]:
        """Variables that a RUN exports live no longer than that RUN."""
        scope = PlaceId(f"{image}:run")
        for name, value in self._exported.get(instruction.start, ()):
            yield from Assignment(
                target=scope,
                name=name,
                value=value,
                source=image,
                at=at,
                taken_at=at,
                via="Dockerfile RUN export",
                span=self._span(instruction),
            ).facts(self.desk)
            yield Hop(
                source=scope,
                target=image,
                passage=withheld(name),
                via="Dockerfile RUN export",
                at=_after(at),
                span=self._span(instruction),
            )

    def _begin(self, instruction: Instruction, stages: dict[str, Stage]) -> None:
        word = next((word.raw for word in instruction.words()), "")
        reference = shown(inline(instruction.pieces(word), self._globals))
        self._others = dict(stages)
        below = stages.get(reference.lower())
        self.base = below.base if below else reference
        if below:
            self.workdir, self.entrypoint, self.cmd = below.workdir, below.entrypoint, below.cmd
            self.layers, self.made, self._shell = below.layers, dict(below.made), below._shell
            self._exported = dict(below._exported)
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
                self.workdir = absolute(self.workdir, path)
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
            case "RUN":
                self._ran(instruction)

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
        found = copy(
            tuple(self._path(instruction, word) for word in words),
            self.workdir,
            self._span(instruction),
            keeps_parents=instruction.flag("parents") is not None,
        )
        if found is None:
            return
        self._here_documents(instruction, found)
        stage = instruction.flag("from")
        other = self._others.get(stage.lower()) if stage else None
        if other is not None:
            yield from moved(other.layers, found, self.tree)
        elif stage is None and self.context is not None:
            yield from self.context.layers(found, self.layers, self.workdir)

    def _here_documents(self, instruction: Instruction, found: Copy) -> None:
        for each in instruction.heredocs:
            path = f"{found.target}/{each.name}" if found.into else found.target
            self.made[path] = MadeFile(path=path, text=each.text, span=self._span(instruction))

    def _ran(self, instruction: Instruction) -> None:
        if instruction.array() is not None:
            return
        run = read_run(instruction.script, self.workdir, self._known, self._span(instruction))
        for made in run.files:
            self.made[made.path] = made
        for each in run.copies:
            self.layers += tuple(moved(self.layers, each, self.tree))
        self._exported[instruction.start] = run.exports

    def _path(self, instruction: Instruction, raw: str) -> str:
        return shown(inline(instruction.pieces(raw), self._known))

    def _span(self, instruction: Instruction) -> Span:
        return self.source.span(instruction.start, instruction.end)


def withheld(name: str) -> Everything:
    """The passage that lets no value of `name` through, and says nothing of other names."""
    return Everything(prefix=name, but=frozenset({name}))


def _declared(instruction: Instruction) -> list[str]:
    if instruction.keyword == "ENV":
        return [name for name, *_ in instruction.assignments()]
    return [word.raw.partition("=")[0] for word in instruction.words()]


def _after(at: Position, steps: int = 1) -> Position:
    return Position(at.phase, at.number + steps)
