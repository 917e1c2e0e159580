"""Programs that run beside a test, each stopped by its own process id."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 40.0


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[object], where: Path, shell: Mapping[str, str], ready: re.Pattern[str]
) -> Iterator[Path]:
    """A program from the moment its output says that it is ready; gives the file of its output."""
    output = where / f"{Path(str(command[0])).name}-{time.monotonic_ns()}.log"
    with output.open("wb") as sink:
        started = subprocess.Popen(
            [str(word) for word in command],
            cwd=where,
            env=dict(shell),
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(output, ready, started)
        yield output
    finally:
        stop(started)


def wait_for(output: Path, pattern: re.Pattern[str], program: subprocess.Popen[bytes] | None = None) -> re.Match[str]:
    """The first match in a growing file."""
    end, text = time.monotonic() + PATIENCE, ""
    while time.monotonic() < end:
        text = output.read_text("utf-8", "replace")
        found = pattern.search(text)
        if found is not None:
            return found
        assert program is None or program.poll() is None, text[-2000:]
        time.sleep(0.1)
    raise AssertionError(f"no {pattern.pattern} within {PATIENCE} s in\n{text[-2000:]}")


def stop(program: subprocess.Popen[bytes]) -> None:
    """Ends a program and the children of its session."""
    for kind, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(program.pid, kind)
        except ProcessLookupError:
            break
        try:
            program.wait(patience)
        except subprocess.TimeoutExpired:
            continue
