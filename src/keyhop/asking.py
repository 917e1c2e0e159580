"""The guarded processes of this user on this machine, each asked what it sees."""

from __future__ import annotations

import json
import os
import selectors
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from keyhop.answering import directory, space

_LONGEST = 1 << 20
"""Bytes of an answer."""


def ask_here(
    question: Mapping[str, Any], *, seconds: float, parent: int | None = None, but: int | None = None
) -> list[dict[str, Any]]:
    """What each of them answers; of those that do not within `seconds`, ``{"pid": …, "parent": …, "silent": True}``.

    Containers that have this machine's directory of sockets, too, are not on this machine.

    Args:
        parent: only children of this process.
        but: not this process.
    """
    waiting = {}
    for path in _sockets():
        above, pid, _ = (*path.stem.split("-"), "", "", "")[:3]
        if above.isdigit() and pid.isdigit() and (parent is None or above == str(parent)) and pid != str(but):
            connection = _connected(path, int(pid))
            if connection is not None:
                waiting[path] = connection
    return _collected(question, waiting, time.monotonic() + seconds)


def _sockets() -> list[Path]:
    """Of this user's processes; root sees those of all."""
    try:
        own = directory()
    except OSError:
        return []
    everybody = sorted(own.parent.glob("keyhop-*")) if os.getuid() == 0 else [own]
    return [path for each in everybody for path in sorted(each.glob("*.sock"))]


def _connected(path: Path, pid: int) -> socket.socket | None:
    """None where the process is gone; its socket goes, too. One that takes no connection in time is silent."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(0.5)
    try:
        connection.connect(str(path))
    except OSError as error:
        if not is_alive(pid) or (isinstance(error, ConnectionRefusedError) and _is_old(path)):
            connection.close()
            with suppress(OSError):
                if path.parent.lstat().st_uid == os.getuid():
                    path.unlink()
            return None
    return connection


def _is_old(path: Path) -> bool:
    """Nobody listens there any more, whoever has that process id now."""
    with suppress(OSError):
        return time.time() - path.lstat().st_mtime > 5
    return True


def _collected(question: Mapping[str, Any], waiting: dict[Path, socket.socket], until: float) -> list[dict[str, Any]]:
    line = json.dumps(dict(question)).encode() + b"\n"
    heard, own = dict.fromkeys(waiting, b""), space()
    open_: set[Path] = set()
    with selectors.DefaultSelector() as selector:
        for path, connection in waiting.items():
            with suppress(OSError):
                connection.sendall(line)
                selector.register(connection, selectors.EVENT_READ, path)
                open_.add(path)
        while open_ and (left := until - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                read: Callable[[int], bytes] = key.fileobj.recv  # type: ignore[union-attr]
                part = _quietly(read)
                heard[key.data] += part
                if not part or part.endswith(b"\n") or len(heard[key.data]) > _LONGEST:
                    selector.unregister(key.fileobj)
                    open_.discard(key.data)
    for connection in waiting.values():
        connection.close()
    told = (_told(path, text) for path, text in sorted(heard.items()))
    return [each for each in told if each.get("space", own) == own]


def _quietly(read: Callable[[int], bytes]) -> bytes:
    try:
        return read(1 << 16)
    except OSError:
        return b""


def _told(path: Path, text: bytes) -> dict[str, Any]:
    above, pid, _ = path.stem.split("-")
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"pid": int(pid), "parent": int(above), "silent": True}


def is_alive(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def patience(question: Mapping[str, Any], otherwise: float = 1.0) -> float:
    """How long processes of this machine are waited for: longer where they are to ask providers."""
    return float(question.get("seconds", 0)) + 1 if question.get("probes") else otherwise


def main() -> int:
    """The question on stdin, the answers on stdout: for a caller who is outside of this container."""
    question = json.load(sys.stdin)
    json.dump(ask_here(question, seconds=patience(question)), sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
