"""What every launcher is: a program that starts another, or that is the last one before the project's own code.

A launcher says what a command comes to in `Step`s; `keyhop.following` turns them into entries and writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from posixpath import basename
from typing import TypeAlias

from keyhop.facts import Overwrite
from keyhop.launch import Program
from keyhop.paths import absolute
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.expansion import Pieces, Plain
from keyhop.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Here the project's own code begins, or a program that keyhop knows to run none."""

    program: Program
    target: str
    cwd: str | None = None
    path: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """It goes on with another command."""

    words: tuple[str, ...] = ()
    pieces: tuple[Pieces, ...] = field(default=(), repr=False)
    """The words with the variables that they mention; empty: they mention none."""
    text: str | None = field(default=None, repr=False)
    """A text that a shell runs, instead of words."""
    source: str | None = None
    """A script that a shell runs: its absolute path. `words` are then its parameters."""
    shell: str = "sh"
    cwd: str | None = None
    role: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """It reads an env file into the environment."""

    path: str
    """Absolute."""
    dialect: str
    via: str
    overwrite: Overwrite = Overwrite.IF_ABSENT
    names: tuple[str, ...] | None = None
    """Only these; None: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """It sets one variable."""

    name: str
    value: Pieces = field(repr=False)
    via: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """It takes variables out of the environment."""

    via: str
    names: tuple[str, ...] | None = None
    """None: all of them."""
    keep: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obscure:
    """It sets variables that are not in view."""

    why: str


Step: TypeAlias = Start | Run | Load | Put | Drop | Obscure


@dataclass(frozen=True, kw_only=True)
class Call:
    """One command with its words, variables replaced as far as they are known."""

    words: tuple[str, ...]
    pieces: tuple[Pieces, ...] = field(repr=False)
    cwd: str
    view: View
    desk: Desk
    known: Mapping[str, str] = field(repr=False)
    """Variables whose text the command's own script gives."""
    stdin: str | None = field(default=None, repr=False)
    """What a here-document feeds it."""

    @property
    def name(self) -> str:
        """The program's name, without its directory."""
        return basename(self.words[0])

    def at(self, path: str, cwd: str | None = None) -> str:
        """`path` as an absolute one."""
        return absolute(cwd or self.cwd, path)

    def after(self, number: int, *, cwd: str | None = None, role: str = "") -> Run:
        """The command that begins at word `number`."""
        return Run(words=self.words[number:], pieces=self.pieces[number:], cwd=cwd, role=role)

    def value(self, number: int) -> Pieces:
        """What follows the first ``=`` of a word."""
        first, *rest = self.pieces[number] or (Plain(""),)
        if not isinstance(first, Plain):
            return ()
        return (Plain(first.text.partition("=")[2], first.quoted), *rest)

    def options(self, *, valued: str = "", flags: str | None = None, first: int = 1, mixed: bool = False) -> Options:
        """The options from word `first` on.

        Args:
            valued: options that take a value, between blanks.
            flags: where given, the options that take none; then all others take one.
            mixed: options are looked for behind operands, too.
        """
        return _options(self.words, frozenset(valued.split()), flags, first, mixed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A command's options and operands."""

    given: tuple[tuple[str, str], ...]
    operands: tuple[int, ...]
    """The numbers of the words that are no options."""
    rest: int
    """The number of the first operand, or of the word after the last."""

    def get(self, *names: str) -> str | None:
        """The last value of an option, under any of its names."""
        return next((value for name, value in reversed(self.given) if name in names), None)

    def all(self, *names: str) -> tuple[str, ...]:
        """The values of an option that may be repeated."""
        return tuple(value for name, value in self.given if name in names)

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Launcher:
    """One family of commands."""

    id: str
    names: tuple[str, ...]
    """The programs' names."""
    follow: Callable[[Call], Iterator[Step]]


def _options(words: tuple[str, ...], valued: frozenset[str], flags: str | None, at: int, mixed: bool) -> Options:
    bare = None if flags is None else frozenset(flags.split())
    given: list[tuple[str, str]] = []
    operands: list[int] = []
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            operands += range(at, len(words))
            break
        if not word.startswith("-") or word == "-":
            operands.append(at - 1)
            if not mixed:
                break
            continue
        name, equals, value = word.partition("=")
        takes = name in valued if bare is None else name not in bare
        if equals:
            given.append((name, value))
        elif takes and (at < len(words)):
            given.append((name, words[at]))
            at += 1
        elif not word.startswith("--") and word[:2] in valued and len(word) > 2:
            given.append((word[:2], word[2:]))
        else:
            given.append((name, ""))
    rest = operands[0] if operands else len(words)
    return Options(given=tuple(given), operands=tuple(operands), rest=rest)


def module_of(view: View, path: str) -> tuple[str, str]:
    """The dotted name of a Python file, and the directory that must be in ``sys.path`` for it."""
    directory, _, name = path.rpartition("/")
    parts = [] if name == "__init__.py" else [name.removesuffix(".py")]
    while directory and view.has(f"{directory}/__init__.py"):
        directory, _, package = directory.rpartition("/")
        parts.insert(0, package)
    return ".".join(parts), directory or "/"


def foreign(call: Call) -> Iterator[Step]:
    """The steps of a program that runs no crew."""
    yield Start(program=Program.FOREIGN, target=" ".join(call.words[:2]))
