"""``[tool.keyhop]`` in ``pyproject.toml``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from keyhop.errors import SettingsError
from keyhop.records import dataclass

if sys.version_info >= (3, 11):
    import tomllib
else:
    try:
        import tomli as tomllib
    except ImportError:
        raise SettingsError(
            "pyproject.toml cannot be read", help="Install tomli: Python 3.10 has no reader of TOML."
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A silenced rule, where it is silenced, and why. All of `process` and `credential` that are given must match."""

    rule: str
    reason: str
    process: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a project sets for keyhop."""

    exclude: tuple[str, ...] = ()
    """Globs of paths that are not read."""
    ignore: tuple[Ignored, ...] = ()
    deployments: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(name, files): files that are started together, as ``docker compose -f a -f b`` does."""
    stores: tuple[str | Mapping[str, object], ...] = ()
    """Where ``keyhop.load()`` looks, in order: each a kind of store, or a table with its ``kind`` and its options."""


def load_settings(root: Path) -> Settings:
    """The settings of the project at `root`; the defaults where it has none.

    Raises:
        SettingsError: the file is no TOML, or says something that keyhop does not understand.
    """
    file = root / "pyproject.toml"
    if not file.is_file():
        return Settings()
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("keyhop")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # A project whose pyproject.toml is broken is still checked, unless it speaks to keyhop.
        if b"[tool.keyhop" in _bytes(file):
            raise SettingsError(f"pyproject.toml: {error}", help="Mend the file.") from None
        return Settings()
    return Settings() if table is None else _settings(table)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _settings(table: object) -> Settings:
    if not isinstance(table, Mapping):
        raise SettingsError("pyproject.toml: tool.keyhop is not a table")
    known = {field.name for field in fields(Settings)}
    for key in table:
        if key not in known:
            raise SettingsError(
                f"pyproject.toml: tool.keyhop.{key} is not known",
                help=f"Known are {', '.join(sorted(known))}.",
            )
    return Settings(
        exclude=_strings(table.get("exclude", []), "exclude"),
        ignore=tuple(_ignored(entry) for entry in table.get("ignore", [])),
        deployments=tuple(
            (str(name), _strings(files, f"deployments.{name}"))
            for name, files in dict(table.get("deployments", {})).items()
        ),
        stores=_stores(table.get("stores", [])),
    )


def _strings(value: object, key: str) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise SettingsError(f"pyproject.toml: tool.keyhop.{key} is not a list of strings")


def _stores(value: object) -> tuple[str | Mapping[str, object], ...]:
    if isinstance(value, list) and all(isinstance(each, (str, Mapping)) for each in value):
        return tuple(value)
    raise SettingsError("pyproject.toml: tool.keyhop.stores is not a list of stores")


def _ignored(entry: Any) -> Ignored:
    if not isinstance(entry, Mapping) or not entry.get("rule") or not entry.get("reason"):
        raise SettingsError(
            "pyproject.toml: an entry of tool.keyhop.ignore lacks its rule or its reason",
            help='Write { rule = "…", reason = "…" }, with process or credential to narrow it.',
        )
    unknown = set(entry) - {field.name for field in fields(Ignored)}
    if unknown:
        raise SettingsError(f"pyproject.toml: tool.keyhop.ignore does not know {', '.join(sorted(unknown))}")
    return Ignored(**{key: str(value) for key, value in entry.items()})
