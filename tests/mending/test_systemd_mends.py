"""Mends of units: the file that a unit beside it reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from mended_projects import KEY, added, mended

from keyhop.api import check

FILES = {".env.example": f"{KEY}=\n", ".gitignore": ".env\n"}


def unit(*more: str) -> str:
    lines = "".join(f"{line}\n" for line in more)
    return (
        f"[Unit]\nDescription=x\n\n[Service]\nWorkingDirectory=/srv/crew\n{lines}ExecStart=/usr/bin/python crew.py\n"
    )


WEB = unit("EnvironmentFile=/srv/crew/.env")


@pytest.mark.parametrize(
    "worker",
    [(), ("EnvironmentFile=/srv/crew/mode.env", "Restart=always"), ("Environment=MODE=fast",)],
    ids=["nothing", "a file", "a variable"],
)
def test_a_unit_reads_the_file_of_its_sibling(worker: tuple[str, ...], tmp_path: Path):
    files = {**FILES, "mode.env": "MODE=fast\n", "deploy/web.service": WEB, "deploy/worker.service": unit(*worker)}
    repair = mended(tmp_path, files)
    assert added(repair, "deploy/worker.service") == "EnvironmentFile=/srv/crew/.env\n"
    assert check(tmp_path).findings == ()


def test_a_value_in_the_line_of_a_sibling_is_not_copied(tmp_path: Path):
    files = {"deploy/web.service": unit(f"Environment={KEY}=sk-proj-1"), "deploy/worker.service": unit()}
    assert mended(tmp_path, files, unsafe=True).now == {}
