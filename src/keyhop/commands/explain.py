"""``keyhop explain``: names the cause of the failures in a traceback or a log."""

from __future__ import annotations

import gzip
import sys
import zlib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from keyhop.commands.command import Command, add_colour, coloured
from keyhop.errors import UsageError
from keyhop.explanations import explanations

_GZIP = b"\x1f\x8b"
_STDIN = "-"
_BLOCK = 1 << 18
_EXPLAINED, _NOT_EXPLAINED, _NO_FAILURE = 0, 1, 3


def _configure(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("log", nargs="*", default=[_STDIN], metavar="LOG", help="files, also gzipped; - is stdin, the default")
    add("--project", metavar="DIR", help="the project that wrote it: also name the hop where the key is lost")
    add("--format", choices=sorted(explanations()), default="text", help="how the explanation is written")
    add_colour(parser)


def _run(arguments: Namespace) -> int:
    from keyhop.explaining import explain

    explanation = explain(_blocks(arguments.log), project=arguments.project)
    sys.stdout.write(explanations()[arguments.format].render(explanation, coloured(arguments.colour)))
    if explanation.explained:
        return _EXPLAINED
    return _NOT_EXPLAINED if explanation.unexplained else _NO_FAILURE


def _blocks(names: list[str]) -> Iterator[bytes]:
    """The bytes of all logs, one after the other; each ends its last line."""
    if names == [_STDIN] and sys.stdin.isatty():
        print("keyhop: reading the log from the terminal; end it with Ctrl-D", file=sys.stderr)
    for name in names:
        try:
            if name == _STDIN:
                yield from _read(sys.stdin.buffer)
            else:
                with _opened(Path(name)) as file:
                    yield from _read(file)
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or "it is no whole gzip file"
            raise UsageError(f"{name} cannot be read: {why}") from None
        yield b"\n"


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(len(_GZIP)) == _GZIP
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _read(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(_BLOCK), b"")


COMMAND = Command(
    id="explain", summary="name the cause of the failures in a traceback or a log", configure=_configure, run=_run
)
