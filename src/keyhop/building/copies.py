"""Which files of the project a Dockerfile's COPY brings into an image, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from posixpath import basename, normpath

from keyhop.facts import Layer
from keyhop.paths import absolute
from keyhop.promises import Promises
from keyhop.records import dataclass
from keyhop.span import Source, Span, Undecodable
from keyhop.tree import Tree, join

_REMOTE = re.compile(r"^(?:[a-z]+://|git@|<<)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One COPY, ADD or ``cp``: absolute target, and whether it must be a directory."""

    sources: tuple[str, ...]
    target: str
    into: bool
    span: Span
    keeps_parents: bool = False


def copy(words: tuple[str, ...], workdir: str, span: Span, *, keeps_parents: bool = False) -> Copy | None:
    """The copy that these words ask for, the last of which is the target."""
    if len(words) < 2:
        return None
    *sources, target = words
    return Copy(
        sources=tuple(sources),
        target=absolute(workdir, target),
        into=target.endswith("/") or target in (".", "..") or len(sources) > 1,
        span=span,
        keeps_parents=keeps_parents,
    )


@dataclass(frozen=True, kw_only=True)
class Context:
    """The directory that a build sees, without what its ``.dockerignore`` keeps out."""

    tree: Tree
    promises: Promises
    root: str
    """Relative to the project's root."""
    ignore: Source | None

    def layers(self, copy: Copy, over: tuple[Layer, ...], workdir: str) -> Iterator[Layer]:
        """What a copy puts over the layers that are there already."""
        for pattern in copy.sources:
            for path in [] if _REMOTE.match(pattern) else self._matching(normpath(pattern.lstrip("/")) or "."):
                source = join(self.root, path)
                if source is None:
                    continue
                target = copy.target
                is_file = not self.tree.has_directory(source) and not pattern.endswith("/")
                if copy.keeps_parents:
                    target = absolute(target, path)
                elif is_file and (copy.into or target == workdir or _is_directory(target, over, self.tree)):
                    target = absolute(target, basename(path))
                yield Layer(
                    target=target,
                    source=source or ".",
                    via="Dockerfile COPY",
                    span=copy.span,
                    but=self._lines(),
                    ignore=Span(path=self.ignore.path) if self.ignore else None,
                    root=self.root,
                )

    def _matching(self, pattern: str) -> list[str]:
        """The files and directories that a source names; those that are promised, too."""
        if not set("*?[") & set(pattern):
            return [pattern]
        base = f"{self.root}/" if self.root else ""
        depth = pattern.count("/") + 1
        found = {
            "/".join(path[len(base) :].split("/")[:depth])
            for path in self.tree.paths
            if path.startswith(base) and path[len(base) :].count("/") + 1 >= depth
        }
        folder = f"{pattern.rpartition('/')[0]}/" if depth > 1 else ""
        if self.promises.promised(f"{base}{folder}.env"):
            found.add(f"{folder}.env")
        return sorted(path for path in found if fnmatchcase(path, pattern))

    def _lines(self) -> tuple[str, ...]:
        try:
            return tuple(self.ignore.text.splitlines()) if self.ignore else ()
        except Undecodable:
            return ()


def moved(layers: tuple[Layer, ...], copy: Copy, tree: Tree) -> Iterator[Layer]:
    """What a copy takes from an image's own layers: ``COPY --from=stage``, ``cp``."""
    for each in copy.sources:
        source = absolute("/", each)
        for layer in layers:
            if layer.target == source or layer.target.startswith(source.rstrip("/") + "/"):
                rest = layer.target[len(source.rstrip("/")) :]
                name = f"/{basename(source)}" if copy.into and _is_file(layer, tree) else ""
                yield replace(layer, target=absolute(copy.target, (rest or name).lstrip("/") or "."), span=copy.span)
            elif source.startswith(layer.target.rstrip("/") + "/"):
                below = source[len(layer.target.rstrip("/")) + 1 :]
                inner = join("" if layer.source == "." else layer.source, below)
                if inner is not None:
                    name = f"/{basename(source)}" if copy.into and not tree.has_directory(inner) else ""
                    yield replace(
                        layer, target=absolute(copy.target, name.lstrip("/") or "."), source=inner, span=copy.span
                    )


def _is_file(layer: Layer, tree: Tree) -> bool:
    return not tree.has_directory("" if layer.source == "." else layer.source)


def _is_directory(target: str, layers: tuple[Layer, ...], tree: Tree) -> bool:
    return any(layer.target == target and not _is_file(layer, tree) for layer in layers)
