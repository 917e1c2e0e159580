"""Where the project of this process lies, as far as that can be told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_REPOSITORY = (".git", ".hg")
_INSTALLED = frozenset({"site-packages", "dist-packages"})


def starts() -> tuple[Path, ...]:
    """The directory of the main script, unless that is installed, and the working directory."""
    found: list[Path] = []
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    if isinstance(script, str) and not getattr(sys, "frozen", False):
        directory = Path(script).resolve().parent
        if not _is_installed(directory):
            found.append(directory)
    with suppress(OSError):  # it was removed
        found.append(Path.cwd())
    return tuple(dict.fromkeys(found))


def nearest(name: str) -> Path | None:
    """The file of that name that is nearest above a start."""
    for start in starts():
        for directory in upward(start):
            if (directory / name).is_file():
                return directory / name
    return None


def root() -> Path:
    """The project: the directory of the nearest ``pyproject.toml``, else the repository, else where it starts."""
    found = nearest("pyproject.toml")
    if found is not None:
        return found.parent
    begin = (*starts(), Path("/"))[0]
    return next((each for each in upward(begin) if _is_repository(each)), begin)


def upward(start: Path) -> Iterator[Path]:
    """`start` and what is above it: not above a repository or the home directory, and not the file system's root."""
    try:
        home = Path.home().resolve()
    except RuntimeError:
        home = None
    for directory in (start, *start.parents):
        if directory != start and directory == directory.parent:
            return
        yield directory
        if directory == home or _is_repository(directory):
            return


def _is_repository(directory: Path) -> bool:
    return any((directory / name).exists() for name in _REPOSITORY)


def _is_installed(directory: Path) -> bool:
    """Whether a script is a program's own, not the project's: ``celery``, ``gunicorn``, a module of the library."""
    if _INSTALLED.intersection(directory.parts):
        return True
    ends = {Path(prefix).resolve() / "bin" for prefix in (sys.prefix, sys.base_prefix)}
    library = Path(sys.base_prefix).resolve() / "lib"
    return directory in ends or library in directory.parents
