"""A .env file, as each of its consumers reads it.

Every consumer has its own dialect: the same line gives one program the key, another the key in its
quotes, a third nothing. `read` answers what one of them makes of a file. Whether the file or the
process wins is not the dialect's business but the hop's.

The dialects are in ``keyhop.text.dotenv_dialects``, one module per family, each with ``DIALECTS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from keyhop.errors import UsageError
from keyhop.records import dataclass
from keyhop.text.sealed import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One assignment, as the consumer takes it. Offsets are those of ``keyhop.span``."""

    name: str = field(repr=False)
    """Of a broken file it may be a piece of a value: show it only where a need asks for it."""
    value: Sealed | None
    """None: nothing is set. Then an earlier line of that name counts if `inherits`, else it is undone."""
    line: int
    start: int
    end: int
    value_start: int
    """The value as it is written, quotes and comment included, is ``[value_start, end)``."""
    inherits: bool = False
    """The line has no value of its own; it asks for the caller's."""
    uses: tuple[str, ...] = field(default=(), repr=False)
    """Names looked up outside the file, found there or not. Of a key with a ``$`` in it, it may be a piece."""
    unknown: str = ""
    """Why the value cannot be told from the file, e.g. a command would have to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A stretch that may set any name, and cannot be followed."""

    line: int
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What one consumer makes of a file."""

    lines: tuple[Line, ...] = ()
    error: str | None = None
    """Why the consumer stops with an error; `lines` are then those before it. Never quotes the file."""
    cut: str | None = None
    """Why the consumer reads no further and goes on without the rest."""
    at: int = 0
    """The line of `error` or `cut`; 0 where it concerns the whole file."""
    first_wins: bool = False
    """The first line of a name counts, not the last."""
    blind: tuple[Blind, ...] = ()

    def final(self) -> dict[str, Line]:
        """The line that counts for each name the file sets; of an unknown value it has the reason."""
        found: dict[str, Line] = {}
        for line in self.lines:
            if self.first_wins and line.name in found:
                continue
            if line.value is not None or line.unknown:
                found[line.name] = line
            elif not line.inherits:
                found.pop(line.name, None)
        return found


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One consumer's way to read a file. ``measured`` names the versions that were run."""

    id: str
    title: str
    measured: str
    parse: Callable[[bytes, Outside], File] = field(repr=False)


class Outside:
    """What the consumer sees around the file; remembers which names were asked for."""

    def __init__(self, env: Mapping[str, Sealed], beneath: Mapping[str, Sealed] = MappingProxyType({})) -> None:
        self._env = env
        self.beneath = beneath
        """What a line may mention where neither `env` nor the file itself has it: the files before it in a list."""
        self._asked: dict[str, None] = {}

    def get(self, name: str) -> str | None:
        self._asked[name] = None
        found = self._env.get(name)
        return None if found is None else found.reveal()

    def names(self) -> tuple[str, ...]:
        return tuple(self._env)

    def asked(self) -> tuple[str, ...]:
        """The names asked for since the last call."""
        names = tuple(self._asked)
        self._asked.clear()
        return names


@cache
def dialects() -> Mapping[str, Dialect]:
    """Every dialect that keyhop claims to read, by id."""
    return MappingProxyType({each.id: each for module in _modules() for each in _dialects_of(module)})


@cache
def _dialect(id: str) -> Dialect | None:
    """One dialect: the modules that are called like it are looked at first."""
    modules = sorted(_modules(), key=lambda module: not id.replace("-", "_").startswith(module))
    return next((each for module in modules for each in _dialects_of(module) if each.id == id), None)


@cache
def _modules() -> tuple[str, ...]:
    from keyhop.text import dotenv_dialects

    return tuple(sorted(module.name for module in iter_modules(dotenv_dialects.__path__)))


def _dialects_of(module: str) -> tuple[Dialect, ...]:
    found: tuple[Dialect, ...] = import_module(f"keyhop.text.dotenv_dialects.{module}").DIALECTS
    return found


def read(
    data: bytes,
    dialect: str,
    env: Mapping[str, Sealed] = MappingProxyType({}),
    beneath: Mapping[str, Sealed] = MappingProxyType({}),
) -> File:
    """The file as `dialect` reads it; `env` is what that consumer sees when it resolves ``$NAME``.

    Never raises because of the bytes.

    Args:
        beneath: what the files before it in a list set, for a consumer that takes several.

    Raises:
        UsageError: keyhop does not claim that dialect.
    """
    known = _dialect(dialect)
    if known is None:
        raise UsageError(
            f"no dotenv dialect is called {dialect!r}", help=f"Known are {', '.join(sorted(dialects()))}."
        )
    return known.parse(data, Outside(env, beneath))


def values(file: File) -> dict[str, Sealed]:
    """The names the file sets, each with its final value; those with an unknown value are left out."""
    return {name: line.value for name, line in file.final().items() if line.value is not None}
