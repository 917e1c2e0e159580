"""A clean environment for every test, and the option that rewrites expected reports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keyhop.catalogue import providers, settings

_CI = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TOX_ENV_NAME")
_COLOUR = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PY_COLORS")
_PREFIXES = ("KEYHOP_", "COMPOSE_", "DOTENV_", "CREWAI_")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite expected reports instead of comparing them")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected reports are to be rewritten."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the caller's credentials, settings, CI, colours or home directory."""
    named = {*settings(), *_CI, *_COLOUR, *(name for each in providers() for name in each.names)}
    for name in os.environ:
        if name in named or name.startswith(_PREFIXES):
            monkeypatch.delenv(name)
    home: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
