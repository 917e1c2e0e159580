"""The command line. Each module with a ``COMMAND`` is a verb; this is where processes end."""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from keyhop import __version__
from keyhop.commands.command import Command
from keyhop.errors import KeyhopError

BUG, INTERRUPTED = 4, 130


def commands(only: str | None = None) -> dict[str, Command]:
    """Every command by its verb, or the one of that verb, whose module alone is then imported."""
    names = [module.name for module in iter_modules(__path__)]
    found = {}
    for name in [only] if only in names else names:
        command = getattr(import_module(f"{__name__}.{name}"), "COMMAND", None)
        if isinstance(command, Command):
            found[command.id] = command
    return found


def parser(only: str | None = None) -> ArgumentParser:
    """The whole command line, or as much of it as one verb needs."""
    top = ArgumentParser(
        prog="keyhop",
        description="Follows every API key, hop by hop, to the process that runs a CrewAI crew.",
    )
    top.add_argument("--version", action="version", version=f"keyhop {__version__}")
    verbs = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in commands(only).values():
        sub = verbs.add_parser(command.id, help=command.summary, description=command.summary)
        command.configure(sub)
        sub.set_defaults(run=command.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = parser(words[0] if words else None).parse_args(words)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
        gc.freeze()  # the process ends: what it leaves need not be looked through for garbage
        return status
    except KeyhopError as error:
        print(f"keyhop: {error}", file=sys.stderr)
        if error.help:
            print(f"        {error.help}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        print(_bug(error), file=sys.stderr)
        return BUG


def _bug(error: Exception) -> str:
    """A report that can be pasted into an issue: frames and types; no message and no locals, as these may quote."""
    import platform
    import traceback

    lines = [
        "keyhop: this is a bug in keyhop. Please report it with these lines:",
        "",
        f"    keyhop {__version__}, Python {platform.python_version()}, {platform.system()}",
    ]
    chain: BaseException | None = error
    while chain is not None:
        lines.append(f"    {type(chain).__module__}.{type(chain).__qualname__}")
        for frame in traceback.extract_tb(chain.__traceback__):
            place = frame.filename.rpartition("/keyhop/")[2] or frame.filename
            lines.append(f"      {place}:{frame.lineno} in {frame.name}")
        chain = chain.__cause__ if chain.__cause__ is not chain else None
    return "\n".join(lines)
