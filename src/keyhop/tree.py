"""The files of a project: found once, opened on demand, never run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath

from keyhop.span import Source

LARGEST = 4_000_000
"""Bytes; a larger file is not read."""

_NEVER_ENTERED = frozenset(
    {".git", ".hg", ".svn", "node_modules", "site-packages", "__pycache__", ".tox", ".nox", ".eggs"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".terraform", ".next", "bower_components"}
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is there and was not read, and why."""

    path: str
    why: str


class Tree:
    """A project's files. Paths are relative to the root and use ``/``; nothing outside it is opened.

    Virtual environments, package folders and version control are not entered.
    """

    def __init__(self, root: Path, *, ignored: bool = True, exclude: tuple[str, ...] = ()) -> None:
        self.root = root
        self.unread: dict[str, Unread] = {}
        self._sources: dict[str, Source | None] = {}
        self._with_ignored = ignored
        self._exclude = exclude

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file, sorted."""
        return tuple(sorted(p for p in self._walk(self.root, "") if self._with_ignored or not self.ignores(p)))

    @cached_property
    def _set(self) -> frozenset[str]:
        return frozenset(self.paths)

    @cached_property
    def directories(self) -> frozenset[str]:
        """Every directory that holds a file, with the root as ``""``."""
        found = {""}
        for path in self.paths:
            above = path.rpartition("/")[0]
            while above not in found:
                found.add(above)
                above = above.rpartition("/")[0]
        return frozenset(found)

    def matching(self, *patterns: str) -> Iterator[str]:
        """Paths whose name, or whole path where the pattern has a ``/``, matches one of the patterns."""
        for path in self.paths:
            name = path.rpartition("/")[2]
            if any(fnmatchcase(path if "/" in p else name, p) for p in patterns):
                yield path

    def has(self, path: str) -> bool:
        return path in self._set

    def has_directory(self, path: str) -> bool:
        return path in self.directories

    def source(self, path: str) -> Source | None:
        """The file's bytes; None if it is not there or was not read (then `unread` says why)."""
        if path not in self._sources:
            self._sources[path] = self._open(path) if path in self._set else None
        return self._sources[path]

    @property
    def opened(self) -> int:
        """How many files were opened so far."""
        return sum(source is not None for source in self._sources.values())

    def ignores(self, path: str) -> bool:
        """Whether the project's ``.gitignore`` files keep `path` out of the repository."""
        for above in (*reversed(PurePosixPath(path).parents), PurePosixPath(path)):
            if str(above) != "." and self._ignored_by_git(str(above), directory=str(above) != path):
                return True
        return False

    def _ignored_by_git(self, path: str, *, directory: bool) -> bool:
        verdict = False
        for base in reversed(PurePosixPath(path).parents):
            folder = "" if str(base) == "." else f"{base}/"
            spec = self._git_rules(folder)
            if spec is None:
                continue
            result = spec.check_file(path[len(folder) :] + ("/" if directory else ""))
            if result.include is not None:
                verdict = result.include
        return verdict

    def _git_rules(self, folder: str):  # type: ignore[no-untyped-def]  # pathspec is imported late
        rules = self.__dict__.setdefault("_rules", {})
        if folder not in rules:
            rules[folder] = None
            file = self.root / folder / ".gitignore"
            if file.is_file():
                from pathspec import GitIgnoreSpec

                lines = file.read_text("utf-8", "replace").splitlines()
                rules[folder] = GitIgnoreSpec.from_lines(lines)
        return rules[folder]

    def _walk(self, directory: Path, prefix: str) -> Iterator[str]:
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError as error:
            self.unread[prefix] = Unread(prefix or ".", f"the directory cannot be listed: {error.strerror}")
            return
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NEVER_ENTERED:
                    yield from self._walk(directory / entry.name, f"{prefix}{entry.name}/")
            elif self._is_file_inside(entry):
                yield prefix + entry.name

    def _is_file_inside(self, entry: os.DirEntry[str]) -> bool:
        try:
            if not entry.is_file():
                return False
            if not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(self.root.resolve()):
                return True
            path = Path(entry.path).relative_to(self.root).as_posix()
            self.unread[path] = Unread(path, "it is a link that leads out of the project")
            return False
        except (OSError, RuntimeError):
            return False

    def _open(self, path: str) -> Source | None:
        file = self.root / path
        try:
            size = file.stat().st_size
            if size > LARGEST:
                self.unread[path] = Unread(path, f"it has {size} bytes, more than {LARGEST} are not read")
                return None
            return Source(path=path, data=file.read_bytes())
        except OSError as error:
            self.unread[path] = Unread(path, f"it cannot be read: {error.strerror}")
            return None


def join(directory: str, path: str) -> str | None:
    """`path` as seen from `directory`, both relative to the root; None where it leaves the root."""
    joined = normpath(f"{directory}/{path}" if directory else path)
    if joined == "." or joined == "":
        return ""
    return None if joined.startswith(("..", "/")) else joined
