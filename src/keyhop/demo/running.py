"""Starts the demo's processes for real, cut off from the caller's own keys and from the internet."""

from __future__ import annotations

import os
import site
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from time import monotonic

from keyhop.records import dataclass

TIMEOUT = 120.0
"""Seconds for all processes that are started together."""

_QUIET = {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "CREWAI_TRACING_ENABLED": "false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A process to start: ``python`` with these arguments."""

    title: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a process ended."""

    title: str
    replies: tuple[str, ...]
    """The tickets it answered, one line each."""
    error: str | None
    """The last line that a user would see; None where it ended well."""


def has_crewai(python: Path, home: Path) -> bool:
    """Whether the interpreter can import crewai, which is not imported for that."""
    probe = "import importlib.util, sys; sys.exit(importlib.util.find_spec('crewai') is None)"
    return subprocess.run([python, "-c", probe], env=_surroundings(home), check=False).returncode == 0


def run(starts: Iterable[Start], *, python: Path, directory: Path, home: Path, base_url: str) -> tuple[Outcome, ...]:
    """Starts all at once in `directory`, and waits for all. None of them outlives the call."""
    common = {**_surroundings(home), **_QUIET, "OPENAI_BASE_URL": base_url}
    started: list[tuple[str, subprocess.Popen[str]]] = []
    deadline = monotonic() + TIMEOUT
    try:
        for start in starts:
            process = subprocess.Popen(
                [python, *start.arguments],
                cwd=directory,
                env={**common, **start.environment},
                stdin=subprocess.DEVNULL,
                stdout=(home / f"{start.title}.out").open("w", encoding="utf-8"),
                stderr=(home / f"{start.title}.err").open("w", encoding="utf-8"),
                text=True,
            )
            started.append((start.title, process))
        return tuple(_outcome(title, process, home, deadline) for title, process in started)
    finally:
        for _, process in started:
            if process.poll() is None:
                process.kill()
                process.wait()


def _surroundings(home: Path) -> dict[str, str]:
    """What any process has, a container's too; nothing else of the caller's environment gets through."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.fspath(home),
        "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONIOENCODING": "utf-8",
    }


def _outcome(title: str, process: subprocess.Popen[str], home: Path, deadline: float) -> Outcome:
    try:
        status = process.wait(max(deadline - monotonic(), 0))
        error = _last_line(home / f"{title}.err") or f"exit status {status}" if status else None
    except subprocess.TimeoutExpired:
        error = f"did not end within {TIMEOUT:.0f} seconds"
    said = (home / f"{title}.out").read_text(encoding="utf-8", errors="replace").splitlines()
    return Outcome(title=title, replies=tuple(line for line in said if line.startswith("#")), error=error)


def _last_line(file: Path) -> str:
    lines = file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
