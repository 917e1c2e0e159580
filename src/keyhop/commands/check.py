"""``keyhop check``: reads a project and says which credential does not arrive, and where it is lost."""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyhop.api import check, fix
from keyhop.commands.command import Command, add_colour, coloured
from keyhop.errors import UsageError
from keyhop.finding import Severity
from keyhop.formats import format_ids, format_of
from keyhop.formats.format import Options

if TYPE_CHECKING:
    from keyhop.repair import Repair


def _configure(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("path", nargs="?", default=".", metavar="PATH", help="the project's directory (default: here)")
    add("--format", choices=format_ids(), default="text", help="how the report is written")
    add("--show", choices=["arrives"], action="append", default=[], help="also show the credentials that arrive")
    add("--process", default="", metavar="NAME", help="only this process: an id, a glob, or the name after #")
    add("--deployment", default="", metavar="NAME", help="only what is started together under this name")
    add("--shell", action="store_true", help="also read this shell's variables, as a place of their own")
    add("--no-ignored", action="store_true", help="do not read files that .gitignore names: the view of CI")
    add("--fix", action="store_true", help="carry out the fixes that are safe, and report what is left")
    add("--unsafe-fixes", action="store_true", help="also those of which it is for you to say whether they are meant")
    add("--diff", action="store_true", help="show what would be written, values masked, and write nothing")
    add("--fail-on", choices=["error", "warning"], default="warning", help="the least severity that fails")
    add("--exit-zero", action="store_true", help="exit 0 whatever is found")
    add_colour(parser)


def _run(arguments: Namespace) -> int:
    if arguments.path.startswith("-"):
        raise UsageError(f"{arguments.path} is no path")
    asked: dict[str, Any] = {
        "shell": dict(os.environ) if arguments.shell else None,
        "ignored": not arguments.no_ignored,
        "process": arguments.process,
        "deployment": arguments.deployment,
    }
    if arguments.fix or arguments.diff or arguments.unsafe_fixes:
        writes = not arguments.diff
        repair, report = fix(arguments.path, unsafe=arguments.unsafe_fixes, write=writes, **asked)
        _tell(repair, wrote=writes)
        if arguments.diff:
            sys.stdout.write(repair.diff())
            return int(bool(repair.now) and not arguments.exit_zero)
    else:
        gc.disable()  # the process ends with the check
        report = check(arguments.path, **asked)
    options = Options(
        arrives="arrives" in arguments.show,
        colour=coloured(arguments.colour),
        directory=_from_here(arguments.path),
    )
    chosen = format_of(arguments.format)
    sys.stdout.write(chosen.render(report, options))
    if chosen.summary is not None and (path := os.environ.get("GITHUB_STEP_SUMMARY")):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(chosen.summary(report, options))
    worst = report.worst()
    limit = Severity.ERROR if arguments.fail_on == "error" else Severity.WARNING
    return int(worst is not None and worst >= limit and not arguments.exit_zero)


def _tell(repair: Repair, *, wrote: bool) -> None:
    """What was mended, on stderr; the report on stdout is of what is left."""
    for each in repair.mended:
        print(f"keyhop: {'mended' if wrote else 'would mend'} {each.finding.rule}: {each.fix.title}", file=sys.stderr)
    for each in repair.refused:
        print(f"keyhop: left {each.finding.rule}: its fix alone does not mend it", file=sys.stderr)


def _from_here(path: str) -> str:
    """The way to a directory below this one; empty for this one, and for any other."""
    here, there = Path.cwd().resolve(), Path(path).resolve()
    way = there.relative_to(here).as_posix() if there.is_relative_to(here) else "."
    return "" if way == "." else way


COMMAND = Command(
    id="check", summary="follow every credential of a project to each process", configure=_configure, run=_run
)
