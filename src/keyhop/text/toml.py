"""TOML files of the checked project."""

from __future__ import annotations

import sys
from typing import Any

from keyhop.span import Source, Undecodable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def load(source: Source | None) -> dict[str, Any]:
    """The tables of a file; empty where there is none, or none that can be read."""
    try:
        return tomllib.loads(source.text) if source else {}
    except (Undecodable, tomllib.TOMLDecodeError, RecursionError):
        return {}


def table(tables: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The table under a path of keys; empty where it is not there, or is no table."""
    found: Any = tables
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
