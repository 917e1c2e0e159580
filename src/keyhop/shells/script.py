"""A shell script, followed: the programs it starts and what it does to their environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import TypeAlias

from keyhop.facts import Blindspot, Condition, Everything, Hop, Overwrite
from keyhop.launcher import Call, Load
from keyhop.paths import absolute
from keyhop.shells.builtins import BUILTINS
from keyhop.shells.conditions import condition_of
from keyhop.shells.env_files import writes_into
from keyhop.shells.host import Found, Host
from keyhop.shells.state import DEEPEST, State, both, negated
from keyhop.span import Span
from keyhop.text.expansion import Computed, Pieces, Plain, Reference, discreet, likely, plain, shown
from keyhop.text.shell import parse
from keyhop.text.shell_tree import (
    AndOr,
    Case,
    Function,
    Group,
    If,
    Loop,
    Node,
    Pipeline,
    Redirect,
    Script,
    Setting,
    Simple,
    Unparsed,
)

Spans: TypeAlias = Callable[[int, int], Span | None]

_LOOKED_UP = re.compile(r"(?:which|command -v|type -p)\s+([\w./-]+)")
MOST_ROUNDS = 20
"""A loop over more words is followed once, with its variable unknown."""


class ShellRun:
    """One text that a shell runs in a state."""

    def __init__(self, host: Host, text: str, state: State, spans: Spans) -> None:
        self.host = host
        self._text = text
        self.state = state
        self._spans = spans

    def run(self) -> Iterator[Found]:
        yield from self._script(parse(self._text))

    def follow(self, text: str, spans: Spans) -> Iterator[Found]:
        """Another text that runs in this very shell."""
        if self.state.depth < DEEPEST:
            self.state.depth += 1
            yield from ShellRun(self.host, text, self.state, spans).run()
            self.state.depth -= 1

    def _script(self, script: Script) -> Iterator[Found]:
        for item in script.items:
            if self.state.ended:
                return
            if item.background:
                yield from self._apart(item.node)
            else:
                yield from self._node(item.node)

    def _node(self, node: Node) -> Iterator[Found]:
        match node:
            case Simple():
                yield from self._simple(node)
            case Pipeline(parts=parts):
                for part in parts:
                    yield from self._apart(part)
            case AndOr():
                yield from self._and_or(node)
            case Group(subshell=True):
                yield from self._apart(node)
            case Group(body=body, redirects=redirects):
                yield from self._group(body, redirects)
            case If():
                yield from self._if(node)
            case Case():
                yield from self._case(node)
            case Loop():
                yield from self._loop(node)
            case Function(name=name, body=body):
                self.state.functions[name] = body
            case Unparsed(why=why, start=start, end=end):
                yield Blindspot(
                    place=self.host.place,
                    why=f"the script cannot be read here: {why}",
                    writes=False,
                    span=self._spans(start, end),
                )

    def _apart(self, node: Node) -> Iterator[Found]:
        """A node in a shell of its own."""
        twin = ShellRun(self.host, self._text, self.state.twin(), self._spans)

        def inside() -> Iterator[Found]:
            if isinstance(node, Group):
                yield from twin._group(node.body, node.redirects)
            else:
                yield from twin._node(node)

        yield from self.host.apart(inside)

    def _group(self, body: Script, redirects: tuple[Redirect, ...]) -> Iterator[Found]:
        before = self.state.output
        for redirect in redirects:
            if redirect.operator in (">", ">>", "&>"):
                self.state.output = plain(self.state.resolve(redirect.target.pieces))
        yield from self._script(body)
        self.state.output = before

    def _under(self, condition: Condition | None, script: Script | Node) -> Iterator[Found]:
        """What is done only where a condition holds."""
        if condition is not None and condition.holds is False:
            return
        before = self.state.given
        if condition is not None and condition.holds is None:
            self.state.given = both(before, condition)
        if isinstance(script, Script):
            yield from self._script(script)
        else:
            yield from self._node(script)
        self.state.given = before

    def _and_or(self, node: AndOr) -> Iterator[Found]:
        held = condition_of(node.first, self.state, self.host.view)
        yield from self._node(node.first)
        for operator, right in node.rest:
            if operator == "&&":
                condition = held
            else:
                condition = negated(held) if held else Condition(text="the command before it fails")
            yield from self._under(condition, right)
            test = condition_of(right, self.state, self.host.view)
            joined = both(held, test) if held and test else held or test
            held = joined if operator == "&&" else None

    def _if(self, node: If) -> Iterator[Found]:
        before: Condition | None = None
        for test, body in node.branches:
            condition = condition_of(test, self.state, self.host.view)
            if condition is None:
                yield from self._under(before, test)
                condition = Condition(text="the command before it succeeds")
            yield from self._under(both(before, condition), body)
            if condition.holds:
                return
            before = both(before, negated(condition))
        if node.otherwise is not None:
            yield from self._under(before, node.otherwise)

    def _case(self, node: Case) -> Iterator[Found]:
        pieces = self.state.resolve(node.subject.pieces)
        subject = plain(pieces)
        for patterns, body in node.arms:
            texts = [plain(self.state.resolve(pattern.pieces)) for pattern in patterns]
            if subject is None:
                told = " or ".join(text or "…" for text in texts)
                yield from self._under(Condition(text=discreet(f"{shown(pieces)} is {told}")), body)
            elif any(text is not None and fnmatchcase(subject, text) for text in texts):
                yield from self._script(body)
                return

    def _loop(self, node: Loop) -> Iterator[Found]:
        lines = self._settings_read(node)
        if lines is not None:
            yield from lines
            return
        if node.kind != "for":
            condition = condition_of(node.condition, self.state, self.host.view) if node.condition else None
            if node.condition is not None and condition is None:
                yield from self._script(node.condition)
            endless = condition is not None and condition.holds is (node.kind == "while")
            yield from self._under(None if endless else Condition(text=f"a {node.kind} loop runs"), node.body)
            return
        words = [each for word in node.words for each in self.state.expand(word)]
        if not words or len(words) > MOST_ROUNDS or any(plain(w) is None for w in words):
            words = [(Computed(""),)]
        for word in words:
            if node.name:
                self.state.variables[node.name] = word
            yield from self._script(node.body)

    def _settings_read(self, node: Loop) -> Iterator[Found] | None:
        """``while read -r line; do export "$line"; done < .env``."""
        file = next((r for r in node.redirects if r.operator == "<"), None)
        path = plain(self.state.resolve(file.target.pieces)) if file else None
        exports = re.search(r"\bexport\b", self._text[node.start : node.end])
        if path is None or not exports or node.kind != "while":
            return None
        load = Load(
            path=self.absolute(path),
            dialect="docker-run",
            via=f"each line of {path} exported",
            overwrite=Overwrite.ALWAYS,
        )
        return self.host.load(load, self.state, self._spans(node.start, node.end))

    def _simple(self, node: Simple) -> Iterator[Found]:
        state = self.state
        words = [each for word in node.words for each in state.expand(word)]
        span = self._spans(node.start, node.end)
        words = _without_prefix(words)
        name = likely(words[0]) if words else ""
        if not words:
            for setting in node.settings:
                yield from self._set(setting)
        elif name in state.functions and state.depth < DEEPEST:
            yield from self._function(name, words)
        elif (builtin := BUILTINS.get(name)) is not None:
            yield from builtin(self, node, words, span)
        else:
            yield from self.start(node, words, span)
            yield from self._written(node, words, span)

    def start(self, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
        here = next((r.target for r in node.redirects if r.operator == "<<"), None)
        call = Call(
            words=tuple(map(likely, words)),
            pieces=tuple(words),
            cwd=self.state.cwd,
            view=self.host.view,
            desk=self.host.desk,
            known=self.state.known,
            stdin=shown(here.pieces) if here else None,
        )
        settings = tuple(
            (s.name, self.state.resolve(s.value.pieces), self._spans(s.start, s.end)) for s in node.settings
        )
        yield from self.host.start(call, settings, self.state, span)

    def _written(self, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
        for path, name, value in writes_into(node, words, self.state):
            target = self.host.view.file_place(self.absolute(path))
            if name:
                yield from self.host.assign(name, value, f"written to {path}", self.state, span, target)
            else:
                yield Hop(
                    source=self.host.place,
                    target=target,
                    passage=Everything(),
                    via=f"env > {path}",
                    at=(at := self.host.moment()),
                    taken_at=at,
                    given=self.state.given,
                    span=span,
                )

    def _set(self, setting: Setting) -> Iterator[Found]:
        """``NAME=value`` alone: it reaches a program only if the name is exported."""
        state = self.state
        value = state.resolve(setting.value.pieces)
        if setting.appends:
            value = (*state.variables.get(setting.name, (Reference(name=setting.name),)), *value)
        span = self._spans(setting.start, setting.end)
        if state.all_exported or setting.name in state.exported:
            yield from self.host.assign(setting.name, value, "set -a" if state.all_exported else "shell", state, span)
            state.exported.add(setting.name)
        elif not _only_itself(setting.name, value):
            yield from self.host.keep(setting.name, value, state, span)
        state.variables[setting.name] = value

    def _function(self, name: str, words: list[Pieces]) -> Iterator[Found]:
        state = self.state
        before = state.parameters
        state.parameters = tuple(words[1:])
        state.depth += 1
        yield from self._node(state.functions[name])
        state.depth -= 1
        state.parameters = before

    def absolute(self, path: str) -> str:
        return absolute(self.state.cwd, path)


def _only_itself(name: str, value: Pieces) -> bool:
    return any(isinstance(p, Reference) and p.name == name for p in value)


def _without_prefix(words: list[Pieces]) -> list[Pieces]:
    """``$(which python) main.py`` is python's, and in ``$PREFIX python main.py`` a variable that nobody knows is
    mostly empty."""
    while words and len(words[0]) == 1:
        match words[0][0]:
            case Computed(text=text) if found := _LOOKED_UP.fullmatch(text.strip()):
                return [(Plain(found[1]),), *words[1:]]
            case Reference(name=name, quoted=False, argument=()) if len(words) > 1 and name.isidentifier():
                words = words[1:]
            case _:
                break
    return words
