"""Where on a host the project lies, as far as a unit's or a job's own paths tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

from keyhop.facts import Layer
from keyhop.paths import absolute
from keyhop.promises import Promises
from keyhop.tree import Tree

_ROOTS = ("pyproject.toml", "requirements.txt", "manage.py", "setup.py", "uv.lock")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[\w.]+)?")
_CD = re.compile(r"(?:^|[;&(]\s*)cd\s+([^\s;&|]+)")
_PATH = re.compile(r"(?<![\w.$}-])/[\w.@/-]+")
_ON_HOSTS = ("/usr/", "/bin/", "/sbin/", "/etc/", "/var/log/", "/dev/", "/proc/", "/tmp/")


def layers(cwd: str, texts: tuple[str, ...], tree: Tree, promises: Promises, via: str) -> tuple[Layer, ...]:
    """The project as the process sees it; nothing where none of its paths fits the project.

    Args:
        cwd: where it starts, absolute.
        texts: its command's words and the other paths that it names.
    """
    entered = next((match[1] for text in texts if (match := _CD.search(text))), cwd)
    cwd = absolute(cwd, entered.strip("'\""))
    paths = [normpath(path) for text in texts for path in _PATH.findall(text)]
    best: tuple[int, Layer] | None = None
    for target in dict.fromkeys(above for path in (cwd, *paths) for above in _upwards(path)):
        for source in _sources(tree):
            score = _score(target, source, cwd, texts, paths, tree, promises)
            if score > 0 and (best is None or score > best[0]):
                best = score, Layer(target=target, source=source or ".", via=via, on_host=True)
    return (best[1],) if best else ()


def _upwards(path: str) -> Iterator[str]:
    """A directory and those above it, the nearest first."""
    path = normpath(path)
    while True:
        yield path
        if path in ("/", ""):
            return
        path = path.rpartition("/")[0] or "/"


def _sources(tree: Tree) -> tuple[str, ...]:
    """The root, and directories that are projects of their own."""
    found = {path.rpartition("/")[0] for name in _ROOTS for path in tree.named(name)}
    return ("", *sorted(directory for directory in found if directory and directory.count("/") < 3))


def _score(
    target: str, source: str, cwd: str, texts: tuple[str, ...], paths: list[str], tree: Tree, promises: Promises
) -> int:
    """How much of what is named is there, if `source` lies at `target`."""
    score = 0
    for path in dict.fromkeys(paths):
        inside = _inside(target, source, path)
        if inside and tree.has(inside):
            score += 4
        elif inside and (promises.promised(inside) or (inside != source and tree.has_directory(inside))):
            score += 2
        elif inside and "/" in inside and tree.has_directory(inside.rpartition("/")[0]):
            score += 1
    here = _inside(target, source, cwd)
    if here is None or (here and not tree.has_directory(here)):
        return score
    words = [word for text in texts for word in text.split()]
    for word in words:
        if _MODULE.fullmatch(word) and _has_module(here, word.partition(":")[0], tree):
            score += 3
        elif not word.startswith(("/", "-")) and word.endswith((".py", ".sh")) and tree.has(_join(here, word)):
            score += 4
    return score + 1 if score else 1 if cwd != "/" and here == source and not cwd.startswith(_ON_HOSTS) else 0


def _has_module(directory: str, module: str, tree: Tree) -> bool:
    for base in ("", "src"):
        path = _join(_join(directory, base) if base else directory, module.replace(".", "/"))
        if tree.has(f"{path}.py") or tree.has(f"{path}/__init__.py") or tree.has(f"{path}/__main__.py"):
            return True
    return False


def _inside(target: str, source: str, path: str) -> str | None:
    """A path of the host as one of the project."""
    base = target.rstrip("/")
    if path in (target, base):
        return source
    return _join(source, path[len(base) + 1 :]) if path.startswith(f"{base}/") else None


def _join(directory: str, path: str) -> str:
    return absolute(f"/{directory}", path).lstrip("/")
