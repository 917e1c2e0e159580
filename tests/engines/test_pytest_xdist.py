"""pytest-xdist: its workers start one after the other, each with what the controller has by then."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engines.observed import observed
from keyhop.engines.pytest_xdist import ENGINE

pytest.importorskip("xdist", reason="pytest-xdist is not installed")

CONFTEST = """
import os

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        os.environ["BEFORE_KEY"] = "set by the controller"

def pytest_configure_node(node):
    os.environ["AFTER_KEY"] = "set when " + node.gateway.id + " has begun"
"""
TESTS = """
import json, os, time
import pytest

@pytest.mark.parametrize("n", range(2))
def test_tell(n, worker_id):
    seen = {name: name in os.environ for name in ("SHELL_KEY", "BEFORE_KEY", "AFTER_KEY")}
    with open("seen.txt", "a") as file:
        print(json.dumps([worker_id, seen]), file=file)
    time.sleep(1)
"""


def test_workers_of_one_run_may_differ(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, "utf-8")
    code = "import pytest; pytest.main(['-q', '-n', '2', '-p', 'no:cacheprovider']); print(open('seen.txt').read())"
    seen = observed(tmp_path, sys.executable, "-c", code)
    assert seen["gw0"] == {"SHELL_KEY": True, "BEFORE_KEY": True, "AFTER_KEY": False}
    assert seen["gw1"] == {"SHELL_KEY": True, "BEFORE_KEY": True, "AFTER_KEY": True}
    assert "one after the other" in ENGINE.frozen
