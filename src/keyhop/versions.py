"""Which CrewAI a project runs: the version it locks, else the one it pins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.routing import CrewAIVersion
from keyhop.span import Undecodable
from keyhop.tree import Tree

_LOCKED = re.compile(r'^name = "crewai"\s*\nversion = "([^"]+)"', re.M)
_REQUIRED = re.compile(r"""^[\s"'-]*crewai(?:\[[^\]]*\])?\s*\(?((?:[=<>~!^]=?=?\s*[\d.*\w]+\s*,?\s*)+)""", re.M)
_POETRY = re.compile(r'^crewai\s*=\s*(?:\{[^}]*version\s*=\s*)?"([^"]+)"', re.M)
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
_MANIFESTS = ("requirements*.txt", "requirements*.in", "constraints*.txt", "pyproject.toml", "setup.cfg")


def crewai_version(tree: Tree, near: str) -> CrewAIVersion | None:
    """The version for code in the directory `near`; None where nothing pins one (then the newest is assumed)."""
    for directory in _upwards(near):
        for text in _texts(tree, directory, *_LOCKS):
            if match := _LOCKED.search(text):
                return CrewAIVersion.parse(match.group(1))
        for text in _texts(tree, directory, *_MANIFESTS):
            match = _REQUIRED.search(text) or _POETRY.search(text)
            if match:
                return _newest_of(match.group(1))
    return None


def _upwards(directory: str) -> Iterator[str]:
    while True:
        yield directory
        if not directory:
            return
        directory = directory.rpartition("/")[0]


def _texts(tree: Tree, directory: str, *names: str) -> Iterator[str]:
    for path in tree.matching(*names):
        if path.rpartition("/")[0] != directory:
            continue
        source = tree.source(path)
        try:
            if source is not None:
                yield source.text
        except Undecodable:
            continue


def _newest_of(specifier: str) -> CrewAIVersion | None:
    """An exact pin, or the newest below an upper bound; None where the range is open."""
    for operator, version in re.findall(r"(===?|~=|\^|<=|<)\s*([\d.]+)", specifier):
        parsed = CrewAIVersion.parse(version.rstrip("."))
        if parsed is None:
            continue
        if operator in ("==", "===", "<="):
            return parsed
        if operator in ("~=", "^"):
            return _below(version, operator)
        return (
            CrewAIVersion.parse(f"{max(int(version.split('.')[0]) - 1, 0)}.999.999")
            if version.count(".") == 0 or version.endswith(".0.0")
            else parsed
        )
    if match := re.fullmatch(r"\s*v?(\d+\.\d+\.\d+)\s*", specifier):
        return CrewAIVersion.parse(match.group(1))
    return None


def _below(version: str, operator: str) -> CrewAIVersion | None:
    """The newest version that a compatible-release bound admits."""
    parts = [int(p) for p in version.split(".")]
    kept = (parts[:1] if parts[0] else parts[:2]) if operator == "^" else parts[:-1]
    return CrewAIVersion.parse(".".join(map(str, [*kept, 999, 999][:3])))
