"""What a kind of store is: from the names that are wanted to what it holds under them, in bounded time."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from keyhop.errors import StoreError, UsageError
from keyhop.records import dataclass
from keyhop.text.sealed import Sealed

LARGEST = 1 << 20
"""Bytes of one answer, file or output; what is larger holds no credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of one declared store."""

    names: tuple[str, ...]
    """The variables that are wanted; none: all that it has."""
    options: Mapping[str, object] = field(repr=False)
    """As declared. Code may have put a secret there."""
    root: Path
    """The project; what relative paths are relative to."""
    environment: Mapping[str, str] = field(repr=False)
    """The process's own, as it was before anything was loaded."""
    seconds: float
    outside: bool = True
    """The store is declared in code or by the user, not by a file of the project."""

    def wants(self, name: str) -> bool:
        return not self.names or name in self.names

    def text(self, option: str, otherwise: str = "") -> str:
        """An option that is a text.

        Raises:
            UsageError: it is something else.
        """
        value = self.options.get(option, otherwise)
        if not isinstance(value, str):
            raise UsageError(f"the store's option {option} is not a text")
        return value

    def texts(self, option: str) -> tuple[str, ...]:
        """An option that is one text or a list of them."""
        value = self.options.get(option, ())
        texts = (value,) if isinstance(value, str) else value
        if not isinstance(texts, (list, tuple)) or not all(isinstance(each, str) for each in texts):
            raise UsageError(f"the store's option {option} is not a list of texts")
        return tuple(texts)

    def renamed(self) -> dict[str, str]:
        """The option `names`: what a variable is called in the store."""
        value = self.options.get("names", {})
        if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value.values()):
            raise UsageError("the store's option names is not a table of variables and what each is called there")
        return {str(name): str(there) for name, there in value.items()}

    def path(self, text: str) -> Path:
        """A path as the project means it; ``~`` is the user's home."""
        return self.root / Path(text).expanduser()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value in a store."""

    name: str
    value: Sealed
    where: str
    """In words for a report: ``/run/secrets/openai_api_key``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a store gave. Of several values under one name the first counts."""

    found: tuple[Found, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was left out and why, in words, without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A kind of store. Its page is the docstring of its module."""

    id: str
    title: str
    options: Mapping[str, str]
    """What can be declared, and what it means."""
    fetch: Callable[[Request], Fetched]
    """Raises StoreError where it cannot be read."""
    reaches_out: Callable[[Request], bool] = lambda request: False
    """Whether it runs a program or opens a connection that its declaration names: then a project's own file alone
    does not decide."""


@cache
def store(id: str) -> Store:
    """The kind of store of that id. Imports that one module only.

    Raises:
        UsageError: there is none.
    """
    from keyhop import stores

    ids = sorted(module.name for module in iter_modules(stores.__path__) if module.name != "store")
    if id not in ids:
        raise UsageError(f"no store is called {id!r}", help=f"Known are {', '.join(ids)}.")
    found: Store = import_module(f"keyhop.stores.{id}").STORE
    return found


def read_regular(path: Path, store: str) -> bytes | None:
    """The bytes of an ordinary file of bounded size; None where there is none.

    Raises:
        StoreError: it is there, and is something else or may not be read.
    """
    try:
        held = path.stat()
        if not stat.S_ISREG(held.st_mode):
            raise StoreError(f"{path} is no ordinary file", store=store, why="malformed")
        if held.st_size > LARGEST:
            raise StoreError(f"{path} is larger than {LARGEST} bytes", store=store, why="malformed")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        help = f"Let the user that runs this process read {path}."
        raise StoreError(f"{path}: {error.strerror}", help=help, store=store, why="denied") from None
