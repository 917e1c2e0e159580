"""A key that was planted, looked for in everything that a run leaves behind."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

CANARY = "sk-proj-Zq7RrX0vKpB3mWn9LhTd5YcJfA8sGu2E"
HEAD = "sk-proj-"
"""What every key of its kind begins with."""
PIECE = 8
"""Characters in a row that nobody writes by chance."""
_COMPRESSED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_LARGEST = 1 << 26


def forms(secret: str) -> Iterator[bytes]:
    """Every piece of it, and the whole as encodings write it: base64 at three offsets, URL, JSON, hex, UTF-16."""
    raw = secret.encode()
    yield from (raw[i : i + PIECE] for i in range(len(HEAD), len(raw) - PIECE + 1))
    yield from (b64encode(b"x" * i + raw)[4:-4] for i in range(3))
    yield from (raw.hex().encode(), raw.hex().upper().encode(), quote(secret, safe="").encode())
    yield from (json.dumps(secret)[1:-1].encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be"))


_FORMS = tuple(forms(CANARY))


def is_clean(data: bytes) -> bool:
    """Whether the planted key is nowhere in it, nor in what is compressed in it."""
    return not any(form in each for each in (data, *_inflated(data)) for form in _FORMS)


def _inflated(data: bytes) -> Iterator[bytes]:
    for found in _COMPRESSED.finditer(data):
        try:
            yield zlib.decompressobj(wbits=47).decompress(data[found.start() :], _LARGEST)
        except zlib.error:
            continue


def leaking(root: Path) -> list[str]:
    """Files below `root` that hold the planted key."""
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return [path.relative_to(root).as_posix() for path in files if not is_clean(path.read_bytes())]
