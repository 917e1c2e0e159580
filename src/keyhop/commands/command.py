"""What every command of the command line is."""

from __future__ import annotations

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
