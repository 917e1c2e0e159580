"""Mends of tox: the real tox passes the variable on afterwards, and all that it passed before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mended_projects import KEY, added, mended

from keyhop.finding import Safety

RUN = "commands = python crew.py\n"


def passed(root: Path, environment: str) -> set[str]:
    """The names that tox itself hands on."""
    command = [sys.executable, "-m", "tox", "config", "-e", environment, "-k", "pass_env", "commands"]
    run = subprocess.run(
        command,
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert "crew.py" in run.stdout
    return {line.strip() for line in run.stdout.partition("pass_env =")[2].partition("commands")[0].splitlines()}


@pytest.mark.parametrize(
    ("files", "path", "expected"),
    [
        ({"tox.ini": f"[tox]\nenv_list = crew\n[testenv]\n{RUN}"}, "tox.ini", f"pass_env = {KEY}\n"),
        (
            {"tox.ini": f"[testenv:crew]\npass_env = HOME, TERM\n{RUN}"},
            "tox.ini",
            f"pass_env = HOME, TERM, {KEY}\n",
        ),
        (
            {"tox.ini": f"[testenv:crew]\npassenv =\n  HOME\n  # more\n  TERM\n{RUN}"},
            "tox.ini",
            f"  {KEY}\n",
        ),
        (
            {"tox.ini": "[testenv]\npass_env = HOME\n[testenv:crew]\ncommands =\n\tpython crew.py\n"},
            "tox.ini",
            f"pass_env =\n\t{{[testenv]pass_env}}\n\t{KEY}\n",
        ),
        (
            {"tox.toml": 'env_list = ["crew"]\n[env_run_base]\ncommands = [["python", "crew.py"]]\n'},
            "tox.toml",
            f'pass_env = ["{KEY}"]\n',
        ),
        (
            {
                "pyproject.toml": '[tool.tox]\nenv_list = ["crew"]\n[tool.tox.env_run_base]\npass_env = ["HOME"]\n'
                '[tool.tox.env.crew]\ncommands = [["python", "crew.py"]]\n'
            },
            "pyproject.toml",
            f'pass_env = ["HOME", "{KEY}"]\n',
        ),
        (
            {"tox.toml": '[env.crew]\npass_env = [\n  "HOME",\n  "TERM",\n]\ncommands = [["python", "crew.py"]]\n'},
            "tox.toml",
            f'  "{KEY}",\n',
        ),
    ],
    ids=["no list", "commas", "lines", "that for all", "toml", "pyproject", "lines of toml"],
)
def test_a_name_more_is_passed(files: dict[str, str], path: str, expected: str, tmp_path: Path):
    repair = mended(tmp_path, files, unsafe=True)
    assert {each.fix.safety for each in repair.mended} == {Safety.UNSAFE}
    assert added(repair, path) == expected
    names = passed(tmp_path, "crew")
    assert KEY in names
    assert {name for name in ("HOME", "TERM") if name in files[path]} <= names


@pytest.mark.parametrize("listed", ["HOME TERM", "crew: HOME", "{env:MORE}"])
def test_a_list_that_is_no_plain_one_is_left_alone(listed: str, tmp_path: Path):
    assert mended(tmp_path, {"tox.ini": f"[testenv:crew]\npass_env = {listed}\n{RUN}"}, unsafe=True).now == {}
