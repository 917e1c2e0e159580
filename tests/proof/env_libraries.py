"""The Python packages that read env files, each from a file to what it sets."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from env_files import NAMES, OUTER
from env_runs import ENVIRONMENT, Outcome


def load_dotenv(override: bool) -> Callable[[Path], Outcome]:
    def read(path: Path) -> Outcome:
        import dotenv

        with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
            try:
                dotenv.load_dotenv(path, override=override)
            except (UnicodeDecodeError, ValueError):
                return None
            return dict(os.environ)

    return read


def dotenv_values(interpolate: bool) -> Callable[[Path], Outcome]:
    def read(path: Path) -> Outcome:
        import dotenv

        with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
            try:
                found = dotenv.dotenv_values(path, interpolate=interpolate)
            except UnicodeDecodeError:
                return None
        return {name: value for name, value in found.items() if value is not None}

    return read


@cache
def settings_class() -> Any:
    from pydantic import create_model
    from pydantic_settings import BaseSettings, SettingsConfigDict

    fields: dict[str, Any] = {name: (str | None, None) for name in NAMES if pydantic_names(name)}
    base = type("Base", (BaseSettings,), {"model_config": SettingsConfigDict(extra="ignore", case_sensitive=True)})
    return create_model("Settings", __base__=base, **fields)


def pydantic_settings(path: Path) -> Outcome:
    with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
        try:
            found = settings_class()(_env_file=path).model_dump()
        except UnicodeDecodeError:
            return None
    return {name: value for name, value in found.items() if value is not None}


def pydantic_names(name: str) -> bool:
    return name in NAMES and not name.startswith("_")


def environs(path: Path) -> Outcome:
    import environs as package

    with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
        try:
            env = package.Env()
            env.read_env(path, recurse=False)
        except (UnicodeDecodeError, ValueError):
            return None
        found = {name: env.str(name, None) for name in (*NAMES, *OUTER)}
    return {name: value for name, value in found.items() if value is not None}


def decouple(path: Path) -> Outcome:
    import decouple as package

    try:
        return dict(package.RepositoryEnv(str(path)).data)
    except UnicodeDecodeError:
        return None


def starlette(path: Path) -> Outcome:
    from starlette.config import Config

    try:
        return dict(Config(path, environ={}, encoding="utf-8").file_values)
    except UnicodeDecodeError:
        return None


def django_environ(path: Path) -> Outcome:
    import environ

    with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
        try:
            environ.Env.read_env(str(path))
        except (UnicodeDecodeError, ValueError):
            return None
        return dict(os.environ)


def honcho(path: Path) -> Outcome:
    from honcho import environ

    try:
        found = environ.parse(path.read_text("utf-8"))
    except ValueError:
        return None
    return None if any("\0" in name + value for name, value in found.items()) else found
