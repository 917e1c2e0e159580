"""An env file that a Makefile includes, against GNU Make."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyhop.text import dotenv

PARTS = ["sk-1", " ", "\t", '"', "'", "#", "\\#", "\\\n", "$A", "${A}", "$(B)", "$$", "=", "é", "x"]
LINES = ["A=", "B=", "A:=", "KEY=", "KEY = ", "export KEY=", "KEY:=", "KEY?=", "KEY+=", "# ", "  KEY="]
CASES = [
    *("KEY=sk-1\n", 'KEY="sk-1"\n', "KEY=sk-1 # prod\n", "KEY=sk-1#prod\n", "KEY = sk-1\n", "export KEY=sk-1\n"),
    *("KEY=sk-1  \n", "KEY=sk-1\r\n", "KEY=a$b1c\n", "KEY=a$$b\n", "KEY=${A}-x\nA=one\n", "KEY=a\\#b\n"),
    *("KEY=a \\\n  b\n", "KEY:=x\nKEY+=y\n", "KEY=\n", "KEY\n", "KEY: x\n", "KEY=$(A\n", "MY-KEY=1\nKEY=2\n"),
    *("KEY=old\nKEY=new\n", "KEY?=x\n"),
]


def real(text: str, directory: Path) -> str | None:
    """What a recipe finds under KEY; ``error`` where make stops."""
    (directory / ".env").write_bytes(text.encode())
    (directory / "Makefile").write_text("include .env\nexport\nall_goals:\n\t@env -0 > out\n")
    ran = subprocess.run(
        ["make", "-s", "all_goals"], cwd=directory, env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=False
    )
    if ran.returncode:
        return "error"
    found = dict(line.partition("=")[::2] for line in (directory / "out").read_bytes().decode().split("\0"))
    return found.get("KEY")


def told(text: str) -> str | None:
    file = dotenv.read(text.encode(), "make")
    if file.error:
        return "error"
    line = file.final().get("KEY")
    return line.value.reveal() if line and line.value is not None else None


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("text", CASES)
def test_make_agrees(text: str, tmp_path: Path) -> None:
    assert told(text) == real(text, tmp_path)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@given(
    rows=st.lists(st.tuples(st.sampled_from(LINES), st.lists(st.sampled_from(PARTS), max_size=4)), max_size=3),
    windows=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_make_agrees_on_any_lines(
    rows: list[tuple[str, list[str]]], windows: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "".join(f"{head}{''.join(parts)}\n" for head, parts in rows)
    text = text.replace("\n", "\r\n") if windows else text
    assert told(text) == real(text, tmp_path_factory.mktemp("make"))
