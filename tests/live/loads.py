"""A process that has loaded nothing yet, and a project to load from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyhop.loads import LOADS

KEY = "plain-worker-key-0123456789"
OTHER = "other-worker-key-9876543210"


@pytest.fixture(autouse=True)
def nothing_loaded() -> Iterator[None]:
    before = dict(os.environ)
    LOADS.__init__()  # type: ignore[misc]
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
    LOADS.__init__()  # type: ignore[misc]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: the root of a repository."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root
