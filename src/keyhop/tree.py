"""The files of a project: found once, opened on demand, never run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath
from types import MappingProxyType
from typing import TYPE_CHECKING

from keyhop.records import dataclass
from keyhop.span import Source

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

LARGEST = 4_000_000
"""Bytes; a larger file is not read."""

_NEVER_ENTERED = frozenset(
    {".git", ".hg", ".svn", "node_modules", "site-packages", "__pycache__", ".tox", ".nox", ".eggs"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".terraform", ".next", "bower_components"}
)
_WILD = frozenset("*?[")
_NOTHING: tuple[frozenset[bytes], frozenset[bytes]] = (frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is there and was not read, and why."""

    path: str
    why: str


class Tree:
    """A project's files. Paths are relative to the root and use ``/``; nothing outside it is opened.

    Virtual environments, package folders and version control are not entered, nor is what pip installed into a
    folder of the project (``pip install --target``).
    """

    def __init__(
        self,
        root: Path,
        *,
        ignored: bool = True,
        exclude: tuple[str, ...] = (),
        instead: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        self.root = root
        self._instead = instead
        """What some files are taken to hold, as if that were written already."""
        self.unread: dict[str, Unread] = {}
        self._sources: dict[str, Source | None] = {}
        self._with_ignored = ignored
        self._exclude = exclude
        self._matched: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._words: frozenset[bytes] = frozenset()
        self._held: dict[str, tuple[frozenset[bytes], frozenset[bytes]]] = {}
        """The words that each file was looked through for, and those that it holds."""
        self._glanced = 0
        self._rules: dict[str, tuple[str, ...]] = {}
        self._specs: dict[str, GitIgnoreSpec] = {}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file, sorted."""
        found = self._walk()
        return tuple(sorted(found if self._with_ignored else (p for p in found if not self.ignores(p))))

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

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def named(self, name: str) -> Sequence[str]:
        """The files of that name."""
        return self._by_name.get(name, ())

    def matching(self, *patterns: str) -> tuple[str, ...]:
        """Paths whose name, or whole path where the pattern has a ``/``, matches one of the patterns."""
        if patterns not in self._matched:
            self._matched[patterns] = tuple(sorted(self._fitting(patterns)))
        return self._matched[patterns]

    def _fitting(self, patterns: tuple[str, ...]) -> set[str]:
        ends = tuple(p[1:] for p in patterns if p[:1] == "*" and not _WILD & set(p[1:]) and "/" not in p)
        names = [p for p in patterns if "/" not in p and p[1:] not in ends]
        found: set[str] = set()
        for name in self._by_name:
            if name.endswith(ends) or any(fnmatchcase(name, p) for p in names):
                found.update(self._by_name[name])
        for pattern in patterns:
            if "/" in pattern:
                found.update(path for path in self.paths if fnmatchcase(path, pattern))
        return found

    def holding(self, words: Iterable[bytes], *patterns: str) -> Iterator[str]:
        """Those of the matching paths whose file holds one of the words.

        A file is looked through once for all words that were expected by then, and is not kept.
        """
        wanted = frozenset(words)
        self.expect(wanted)
        for path in self.matching(*patterns):
            sought, held = self._held.get(path, _NOTHING)
            if not wanted <= sought:
                data = self._glance(path)
                held = frozenset(word for word in self._words if word in data)
                self._held[path] = self._words, held
            if not wanted.isdisjoint(held):
                yield path

    def expect(self, words: Iterable[bytes]) -> None:
        """Look for these words, too, wherever a file is looked through."""
        self._words = self._words.union(words)

    def _glance(self, path: str) -> bytes:
        known = self._sources.get(path)
        if known is None and path not in self._sources:
            self._glanced += 1
            known = self._open(path)
        return known.data if known else b""

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
        return self._glanced + sum(source is not None for source in self._sources.values())

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
            lines = [line for line in self._git_rules(folder) if _may_concern(line, path[len(folder) :])]
            if not lines:
                continue
            if PurePosixPath(path).name in lines and not any(line.startswith("!") for line in lines):
                verdict = True
                continue
            result = self._git_spec(folder).check_file(path[len(folder) :] + ("/" if directory else ""))
            if result.include is not None:
                verdict = result.include
        return verdict

    def _git_rules(self, folder: str) -> tuple[str, ...]:
        if folder not in self._rules:
            try:
                text = (self.root / folder / ".gitignore").read_text("utf-8", "replace")
            except OSError:
                text = ""
            self._rules[folder] = tuple(text.splitlines())
        return self._rules[folder]

    def _git_spec(self, folder: str) -> GitIgnoreSpec:
        if folder not in self._specs:
            from pathspec import GitIgnoreSpec  # late: most projects name their .env files in plain words

            self._specs[folder] = GitIgnoreSpec.from_lines(self._git_rules(folder))
        return self._specs[folder]

    def _walk(self) -> Iterator[str]:
        """Every file, in no order."""
        todo = [""]
        while todo:
            prefix = todo.pop()
            try:
                with os.scandir(self.root / prefix if prefix else self.root) as listed:
                    entries = list(listed)
            except OSError as error:
                self.unread[prefix] = Unread(prefix or ".", f"the directory cannot be listed: {error.strerror}")
                continue
            names = {entry.name for entry in entries}
            if "pyvenv.cfg" in names:
                continue
            installed = self._installed(prefix, names)
            for entry in entries:
                if entry.name in installed:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _NEVER_ENTERED:
                        todo.append(f"{prefix}{entry.name}/")
                elif self._is_file_inside(entry):
                    yield prefix + entry.name

    def _installed(self, prefix: str, names: set[str]) -> set[str]:
        """What pip put into a directory, as the ``RECORD`` of each package says."""
        found: set[str] = set()
        for name in names:
            if name.endswith(".dist-info"):
                found.add(name)
                try:
                    with (self.root / f"{prefix}{name}/RECORD").open(encoding="utf-8", errors="replace") as record:
                        found.update(line.partition(",")[0].partition("/")[0] for line in record)
                except OSError:
                    continue
        return found

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
        if path in self._instead:
            return Source(path=path, data=self._instead[path])
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


def _may_concern(rule: str, path: str) -> bool:
    """Whether a line of a ``.gitignore`` may decide on `path`: by its last part, which names a part of the path."""
    last = rule.rstrip().rstrip("/").rpartition("/")[2].removeprefix("!")
    parts = path.split("/")
    if not last or "\\" in rule or "[" in last:
        return True
    return any(fnmatchcase(part, last) for part in parts) if _WILD & set(last) else last in parts


def join(directory: str, path: str) -> str | None:
    """`path` as seen from `directory`, both relative to the root; None where it leaves the root."""
    joined = normpath(f"{directory}/{path}" if directory else path)
    if joined == "." or joined == "":
        return ""
    return None if joined.startswith(("..", "/")) else joined
