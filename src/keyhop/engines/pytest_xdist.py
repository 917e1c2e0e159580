"""pytest-xdist: the controller starts its workers one after the other, as new interpreters (pytest-xdist 3.8)."""

from __future__ import annotations

from keyhop.engines.engine import Engine

ENGINE = Engine(
    id="pytest-xdist",
    title="pytest-xdist",
    supports=("pytest-xdist >=3.5,<4",),
    inherits="everything that the controller has; each imports conftest.py and the tests for itself",
    frozen="the start of each worker, one after the other",
)
