"""What every command of the command line is."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from keyhop.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One verb. `run` prints its result on stdout and everything else on stderr, and returns the exit status."""

    id: str
    summary: str
    configure: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


def add_colour(parser: ArgumentParser) -> None:
    """The option that `coloured` reads."""
    choices = ["auto", "always", "never"]
    parser.add_argument("--colour", "--color", choices=choices, default="auto", help="colours (default: auto)")


def coloured(choice: str) -> bool:
    """Whether what is written on stdout has colours."""
    return choice == "always" or (choice == "auto" and sys.stdout.isatty() and "NO_COLOR" not in os.environ)
