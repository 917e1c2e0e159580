"""The command line. Each module with a ``COMMAND`` is a verb; this is where processes end."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from keyhop import __version__
from keyhop.commands.command import Command
from keyhop.errors import KeyhopError

BUG, INTERRUPTED = 4, 130


def commands() -> dict[str, Command]:
    """Every command by its verb."""
    found = {}
    for module in iter_modules(__path__):
        command = getattr(import_module(f"{__name__}.{module.name}"), "COMMAND", None)
        if isinstance(command, Command):
            found[command.id] = command
    return found


def parser() -> ArgumentParser:
    """The whole command line."""
    top = ArgumentParser(
        prog="keyhop",
        description="Follows every API key, hop by hop, to the process that runs a CrewAI crew.",
        formatter_class=RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"keyhop {__version__}")
    verbs = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in commands().values():
        sub = verbs.add_parser(command.id, help=command.summary, description=command.summary)
        command.configure(sub)
        sub.set_defaults(run=command.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    arguments = parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
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
