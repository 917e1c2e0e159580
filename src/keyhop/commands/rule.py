"""``keyhop rule NAME``: the page of a rule."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from difflib import get_close_matches
from importlib import import_module
from inspect import getdoc

from keyhop.commands.command import Command
from keyhop.errors import UsageError
from keyhop.judge import rules


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="a rule's id; without one, all are listed")


def _run(arguments: Namespace) -> int:
    known = rules()
    if arguments.name is None:
        width = max(map(len, known))
        sys.stdout.writelines(f"{rule.id:{width}}  {rule.summary}\n" for rule in known.values())
        return 0
    if arguments.name not in known:
        near = get_close_matches(arguments.name, known, 1)
        raise UsageError(
            f"there is no rule {arguments.name}",
            help=f"Did you mean {near[0]}?" if near else "keyhop rule lists them.",
        )
    page = getdoc(import_module(f"keyhop.rules.{arguments.name.replace('-', '_')}")) or ""
    sys.stdout.write(f"# {arguments.name}\n\n{page}\n")
    return 0


COMMAND = Command(id="rule", summary="show the page of a rule", configure=_configure, run=_run)
