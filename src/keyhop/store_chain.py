"""The stores of one load, in their order, as code or the project's settings declare them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from keyhop.errors import SettingsError, StoreError, UsageError
from keyhop.stores.dotenv import steers
from keyhop.stores.store import Fetched, Request, Store, read_regular, store
from keyhop.surroundings import nearest
from keyhop.text.dotenv import read
from keyhop.text.dotenv import values as values_of
from keyhop.text.own_environment import without
from keyhop.text.sealed import Sealed

Declared: TypeAlias = "str | Mapping[str, object]"
"""A store: its kind, or a table with its ``kind`` and its options."""
USUAL: tuple[str, ...] = ("environment", "files", "dotenv")
TRUST = "KEYHOP_TRUST"
"""The user's word that a project's settings may run commands and name a vault: the project's path, or several."""
_COMMON = frozenset({"kind", "optional", "timeout"})


class Chain:
    """The stores of one load, in their order."""

    def __init__(
        self,
        project: Path,
        environment: dict[str, str],
        declared: Sequence[Declared] | None,
        trust: bool,
        timeout: float,
    ) -> None:
        self._project = project
        self._own = environment
        self._until = time.monotonic() + timeout
        self._timeout = timeout
        steering = _steering()
        self._clean = without(environment, steering)
        """Without what a file of the project says of where secrets are kept: CrewAI's import loads such a file."""
        self._outside = declared is not None
        self._trusted = trust or _is_trusted(project, self._clean)
        self._declared = (
            tuple(map(_table, declared))
            if declared is not None
            else _of_settings(project) or tuple(map(_table, USUAL))
        )

    @property
    def titles(self) -> tuple[str, ...]:
        """The stores beside the environment, in words."""
        kinds = (store(str(each["kind"])) for each in self._declared)
        return tuple(dict.fromkeys(kind.title for kind in kinds if kind.id != "environment"))

    def fetched(self, wanted: tuple[str, ...]) -> Iterator[tuple[str, Fetched]]:
        """What each store has, the environment last if the chain does not say where it stands."""
        kinds = [str(each["kind"]) for each in self._declared]
        tables = self._declared if "environment" in kinds else (*self._declared, {"kind": "environment"})
        for table in tables:
            kind = store(str(table["kind"]))
            try:
                yield kind.id, self._fetch(kind, table, wanted)
            except StoreError as error:
                if table.get("optional") is not True:
                    raise
                yield kind.id, Fetched(remarks=(str(error),))

    def _fetch(self, kind: Store, table: Mapping[str, object], wanted: tuple[str, ...]) -> Fetched:
        unknown = sorted(table.keys() - _COMMON - kind.options.keys())
        if unknown:
            known = ", ".join(sorted({*kind.options, *_COMMON}))
            raise UsageError(f"a {kind.id} store has no option {', '.join(unknown)}", help=f"Known are {known}.")
        own = table.get("timeout", self._timeout)
        left = self._until - time.monotonic()
        request = Request(
            names=wanted,
            options=table,
            root=self._project,
            environment=self._own if kind.id == "environment" else self._clean,
            seconds=max(0.05, min(float(own) if isinstance(own, (int, float)) else left, left)),
            outside=self._outside,
        )
        if not self._outside and not self._trusted and kind.reaches_out(request):
            raise StoreError(
                f"{self._project / 'pyproject.toml'} declares a {kind.id} store, and a project's file alone does not "
                "decide what is run or where a secret is sent",
                help=f"Set {TRUST}={self._project} where this process is started, or declare the store in code.",
                store=kind.id,
                why="untrusted",
            )
        return kind.fetch(request)


def _table(declared: Declared) -> Mapping[str, object]:
    table = {"kind": declared} if isinstance(declared, str) else declared
    if not isinstance(table, Mapping) or not isinstance(table.get("kind"), str):
        raise UsageError(
            "a store is its kind, or a table with a kind", help='For example {"kind": "vault", "path": …}.'
        )
    return table


def _of_settings(project: Path) -> tuple[Mapping[str, object], ...]:
    """What ``[tool.keyhop]`` declares. Where it does not speak of keyhop, no TOML is read."""
    data = read_regular(project / "pyproject.toml", "settings") or b""
    if b"keyhop" not in data:
        return ()
    from keyhop.settings import load_settings

    try:
        return tuple(map(_table, load_settings(project).stores))
    except UsageError as error:
        raise SettingsError(f"pyproject.toml: tool.keyhop.stores: {error}", help=error.help) from None


def _is_trusted(project: Path, environment: Mapping[str, str]) -> bool:
    told = (text for text in environment.get(TRUST, "").split(os.pathsep) if text)
    return any(Path(text).expanduser().resolve() == project for text in told)


def _steering() -> dict[str, Sealed]:
    """What the project's .env sets among the variables that no project may set."""
    path = nearest(".env")
    try:
        data = read_regular(path, "dotenv") if path is not None else None
    except StoreError:
        return {}
    values = values_of(read(data, "python-dotenv")) if data else {}
    return {name: value for name, value in values.items() if steers(name)}
