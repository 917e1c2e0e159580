"""The bytes of a log in blocks of whole lines."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

SIZE = 1_000_000
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ENDS = (b"\n", b"\r", b" ", b'"', b",")
"""Where a block is cut, the best first: within a key at no time."""


def blocks(lines: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    """Blocks of about `SIZE` bytes of UTF-8, from lines of text or from blocks of bytes that are cut anywhere."""
    rest, parts, size = b"", [], 0
    for piece in _encoded(lines):
        parts.append(piece)
        size += len(piece)
        if size >= SIZE:
            data = rest + b"".join(parts)
            cut = next((at for end in _ENDS if (at := data.rfind(end) + 1)), len(data))
            yield data[:cut]
            rest, parts, size = data[cut:], [], 0
    if rest or parts:
        yield rest + b"".join(parts)


def _encoded(pieces: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    decoder: codecs.IncrementalDecoder | None = None
    start = b""
    begun = False
    for piece in pieces:
        if isinstance(piece, str):
            yield piece.encode("utf-8", "surrogatepass") + (b"" if piece.endswith("\n") else b"\n")
            continue
        if not begun:
            start += piece
            if len(start) < 2:
                continue
            begun = True
            wide = _WIDE.get(start[:2])
            decoder = codecs.getincrementaldecoder(wide)("replace") if wide else None
            piece = start[2:] if wide else start
        yield decoder.decode(piece).encode("utf-8", "surrogatepass") if decoder else piece
    if not begun:
        yield start
