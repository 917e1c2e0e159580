"""``keyhop trace NAME --to PROCESS``: one credential's whole journey to one process."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace

from keyhop.api import trace
from keyhop.commands.command import Command
from keyhop.formats.json_v1 import trail_v1
from keyhop.formats.text import draw
from keyhop.value import Verdict


def _configure(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("name", metavar="NAME", help="the variable to follow")
    add("--to", required=True, metavar="PROCESS", help="a process id, a glob, or the name after #")
    add("--project", default=".", metavar="DIR", help="the project's directory (default: here)")
    add("--shell", action="store_true", help="also read this shell's variables, as a place of their own")
    add("--format", choices=["text", "json"], default="text", help="how the journey is written")


def _run(arguments: Namespace) -> int:
    shell = dict(os.environ) if arguments.shell else None
    found, topology = trace(arguments.project, arguments.name, to=arguments.to, shell=shell)
    if arguments.format == "json":
        trails = [trail_v1(trail, topology) for trail in found]
        sys.stdout.write(json.dumps({"schema": "keyhop.trace.v0", "trails": trails}, indent=2, sort_keys=True) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for trail in found for line in draw(trail, topology))
    return int(any(trail.verdict is not Verdict.ARRIVES for trail in found))


COMMAND = Command(
    id="trace", summary="show one credential's whole journey to one process", configure=_configure, run=_run
)
