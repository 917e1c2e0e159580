"""From a command to the programs it comes down to, through shells, scripts and wrappers, and to what they write
into the environment on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from posixpath import basename

from keyhop.catalogue import by_name, settings
from keyhop.facts import (
    Blindspot,
    Condition,
    Hop,
    Place,
    Position,
    Supply,
)
from keyhop.launch import Entry, Launch, Program
from keyhop.launcher import Call, Drop, Launcher, Load, Obscure, Put, Run, Start
from keyhop.paths import absolute
from keyhop.project_scripts import ProjectScripts
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.shells.host import Found
from keyhop.shells.script import ShellRun
from keyhop.shells.state import DEEPEST, State
from keyhop.shells.writes import EnvironmentWrites
from keyhop.span import Span, Undecodable
from keyhop.text.expansion import Pieces, Plain, discreet
from keyhop.view import View

_SHEBANG = re.compile(r"#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?")
_Settings = tuple[tuple[str, Pieces, Span | None], ...]


@cache
def launchers() -> dict[str, Launcher]:
    """Every launcher, by the names of its programs."""
    from keyhop import launchers as family

    found: dict[str, Launcher] = {}
    for module in sorted(m.name for m in iter_modules(family.__path__)):
        each: Launcher = import_module(f"{family.__name__}.{module}").LAUNCHER
        for name in each.names:
            found.setdefault(name, each)
    return found


def launcher_of(program: str) -> Launcher | None:
    """The launcher of a program, by its path or name: ``/usr/bin/python3.12`` is python's."""
    name = basename(program).removesuffix(".exe")
    return launchers().get(name) or launchers().get(re.sub(r"[\d.]+$", "", name))


def commands_of(launch: Launch, view: View, desk: Desk) -> Iterator[Entry | Supply | Hop | Place | Blindspot]:
    """The programs that a launch comes down to, and what is written into their environment on the way."""
    follower = _Follower(launch, view, desk)
    found = tuple(follower.follow())
    entries = [each for each in found if isinstance(each.fact, Entry) and each.fact.program is not Program.FOREIGN]
    for each in found:
        reached = [entry for entry in entries if entry.within[: len(each.within)] == each.within]
        if isinstance(each.fact, Entry | Place) or not each.within or len(reached) == len(entries):
            yield each.fact
        elif reached:
            yield _only_for_some(each.fact)
    if not any(isinstance(each.fact, Entry) for each in found):
        yield follower.nothing_started()


def _only_for_some(fact: Found) -> Found:
    """A write that reaches one program of a process that starts several."""
    if isinstance(fact, Supply | Hop):
        return replace(fact, given=Condition(text="it is set for one of several programs"))
    return fact


@dataclass(frozen=True, slots=True)
class _Tagged:
    fact: Found
    within: tuple[int, ...]
    """The programs, outermost first, whose children it reaches."""


class _Follower(EnvironmentWrites):
    """The following of one launch. It is the `keyhop.shells.host.Host` of the scripts on the way."""

    def __init__(self, launch: Launch, view: View, desk: Desk) -> None:
        super().__init__(launch.place, view, desk)
        self._launch = launch
        self._within: tuple[int, ...] = ()
        self._apart = 0
        self._projects: dict[str, ProjectScripts] = {}

    def follow(self) -> Iterator[_Tagged]:
        """Everything found, each with the programs it is for."""
        for fact in self._followed():
            yield _Tagged(fact, self._within)

    def _followed(self) -> Iterator[Found]:
        launch = self._launch
        state = State(cwd=absolute("/", launch.cwd), parameters=())
        if launch.step is not None:
            state.shell, state.given = launch.step.shell, launch.step.given
            state.variables.update(launch.step.variables)
            state.exported.update(state.variables)
        if launch.text is not None:
            yield from ShellRun(self, launch.text, state, launch.spans).run()
        elif launch.words:
            yield from self._words(Run(words=launch.words), state, launch.span)

    def nothing_started(self) -> Entry:
        """The entry of a launch that starts no program worth naming, or whose command is not in view."""
        launch = self._launch
        first = (launch.words or (launch.text or "").split()[:1] or ("",))[0]
        return Entry(
            place=self.place,
            program=Program.FOREIGN if first else Program.UNKNOWN,
            target=discreet(first) or "the image's own command",
            cwd=absolute("/", launch.cwd),
            span=launch.span,
        )

    # What scripts ask of their host.

    def apart(self, found: Callable[[], Iterator[Found]]) -> Iterator[Found]:
        before = self._within
        self._apart += 1
        self._within = (*before, self._apart)
        yield from found()
        self._within = before

    def start(self, call: Call, settings: _Settings, state: State, span: Span | None) -> Iterator[Found]:
        def inside() -> Iterator[Found]:
            child = state.child()
            for name, value, where in settings:
                yield from self._put(
                    Put(name=name, value=value, via=f"{name}=… {discreet(call.name)}", span=where), child, span
                )
            yield from self._call(replace(call, known=child.known), child, span)

        yield from self.apart(inside)

    # Commands and their launchers.

    def _words(self, run: Run, state: State, span: Span | None) -> Iterator[Found]:
        written = run.pieces or tuple((Plain(word),) for word in run.words)
        call = Call(
            words=run.words,
            pieces=written,
            cwd=state.cwd,
            view=self.view,
            desk=self.desk,
            known=state.known,
        )
        if run.words:
            yield from self._call(call, state, span)

    def _call(self, call: Call, state: State, span: Span | None) -> Iterator[Found]:
        if state.depth > DEEPEST:
            yield self._entry(Start(program=Program.UNKNOWN, target=call.words[0]), state, span)
            return
        launcher = self._launcher(call, state)
        begun = self.moment()
        if launcher is not None:
            for step in launcher.follow(call):
                match step:
                    case Start():
                        yield self._entry(step, state, span)
                    case Run():
                        yield from self._run(step, state, span)
                    case Put():
                        yield from self._put(step, state, span, begun)
                    case Load():
                        yield from self.load(step, state, span)
                    case Drop():
                        yield from self._dropped(step, state, span)
                    case Obscure(why=why):
                        yield Blindspot(place=self.place, why=why, at=self.moment(), span=span)
        else:
            yield from self._file_or_script(call, state, span)

    def _launcher(self, call: Call, state: State) -> Launcher | None:
        """None for the project's own scripts, which go before programs of the same name."""
        own = call.at(call.words[0])
        if "/" in call.words[0] and call.view.has(own) and own.endswith((".sh", ".bash")):
            return None
        if self._project(state).console(call.words[0]) is not None:
            return None
        return launcher_of(call.words[0])

    def _project(self, state: State) -> ProjectScripts:
        if state.cwd not in self._projects:
            self._projects[state.cwd] = ProjectScripts.seen_from(self.view, state.cwd)
        return self._projects[state.cwd]

    def _run(self, run: Run, state: State, span: Span | None) -> Iterator[Found]:
        span = run.span or span
        child = state.child(run.cwd)
        child.role = run.role or state.role
        if run.source is not None:
            yield from self._script(run.source, run, child, span)
        elif run.text is not None:
            child.shell = run.shell
            child.parameters = (run.pieces or tuple((Plain(w),) for w in run.words))[1:]
            text = run.text
            yield from self.apart(lambda: ShellRun(self, text, child, lambda _start, _end: span).run())
        else:
            yield from self._words(run, child, span)

    def _script(self, path: str, run: Run, state: State, span: Span | None) -> Iterator[Found]:
        source = self.view.source(path)
        try:
            text = source.text if source else None
        except Undecodable:
            text = None
        if source is None or text is None:
            yield self._entry(Start(program=Program.UNKNOWN, target=path), state, span)
            return
        state.name = path
        state.shell = run.shell
        state.parameters = (run.pieces or tuple((Plain(w),) for w in run.words))[1:]
        spans = source.span
        yield from self.apart(lambda: ShellRun(self, text, state, spans).run())

    def _file_or_script(self, call: Call, state: State, span: Span | None) -> Iterator[Found]:
        word = call.words[0]
        path = call.at(word)
        source = self.view.source(path) if "/" in word or word.endswith((".sh", ".py")) else None
        if source is not None:
            yield from self._run(self._by_shebang(call, path, source.data[:200]), state, span)
            return
        project = self._project(state)
        target = project.console(word)
        if target is not None:
            start = Start(
                program=Program.APPLICATION, target=target, path=project.path(target), arguments=call.words[1:]
            )
            yield self._entry(start, state, span)
        elif word.endswith(".py"):
            yield self._entry(Start(program=Program.SCRIPT, target=path, arguments=call.words[1:]), state, span)
        else:
            yield self._entry(Start(program=Program.UNKNOWN, target=word), state, span)

    @staticmethod
    def _by_shebang(call: Call, path: str, head: bytes) -> Run:
        match = _SHEBANG.match(head.decode("utf-8", "replace"))
        interpreter = basename(match[1]) if match else "python" if path.endswith(".py") else "sh"
        if interpreter == "env" and match and match[2]:
            interpreter = basename(match[2])
        if interpreter in ("sh", "bash", "dash", "ash", "zsh", "ksh"):
            return Run(source=path, words=call.words, pieces=call.pieces, shell=interpreter)
        first = (interpreter, path)
        return Run(
            words=(*first, *call.words[1:]),
            pieces=(*((Plain(word),) for word in first), *call.pieces[1:]),
        )

    def _put(self, put: Put, state: State, span: Span | None, begun: Position | None = None) -> Iterator[Found]:
        """`begun` is when the command was typed, and its variables replaced."""
        state.variables[put.name] = put.value
        state.exported.add(put.name)
        yield from self.assign(put.name, put.value, put.via, state, put.span or span, taken_at=begun)

    def _dropped(self, drop: Drop, state: State, span: Span | None) -> Iterator[Found]:
        names = drop.names
        if names is None:
            names = tuple(sorted((by_name().keys() | settings()) - drop.keep))
            state.variables.clear()
            state.exported.clear()
        yield from self.drop(names, drop.via, state, span)

    def _entry(self, start: Start, state: State, span: Span | None) -> Entry:
        known = state.known
        target = start.target
        if start.program in (Program.FOREIGN, Program.UNKNOWN):
            target = discreet(target)
        unresolved = "$" in target and start.program not in (Program.CODE, Program.FOREIGN)
        cwd = absolute("/", start.cwd or state.cwd)
        paths = (absolute(cwd, p) for p in known.get("PYTHONPATH", "").split(":") if p and "$" not in p)
        return Entry(
            place=self.place,
            program=Program.UNKNOWN if unresolved else start.program,
            target=target,
            cwd=cwd,
            path=tuple(dict.fromkeys((*start.path, *paths))),
            arguments=start.arguments,
            queues=start.queues,
            role=start.role or state.role,
            given=state.given,
            span=span,
        )
