"""``keyhop workers``: every live worker says which keys it sees, and whether they are the same."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace

from keyhop.commands.command import Command, add_colour, coloured
from keyhop.errors import KeyhopError, NothingToCheck, UsageError
from keyhop.roll import Roll


def _configure(parser: ArgumentParser) -> None:
    from keyhop.live.live import rosters

    add = parser.add_argument
    for roster in rosters():
        if roster.metavar:
            add(f"--{roster.id}", action="append", default=[], metavar=roster.metavar, help=roster.help)
        else:
            add(f"--{roster.id}", action="append_const", const="", default=[], help=roster.help)
    add("--require", nargs="+", action="extend", default=[], metavar="NAME",
        help="providers, models or variables to look at (default: what each worker needs)")  # fmt: skip
    add(
        "--live", action="store_true", help="also have every key tried at its provider, from the worker's own machine"
    )
    add("--allow-host", action="append", default=[], metavar="HOST",
        help="let a key go to this host, which no provider's entry lists")  # fmt: skip
    add("--expect", type=int, metavar="N", help="how many workers there should be")
    add("--timeout", type=float, default=3.0, metavar="SECONDS", help="how long to wait for answers (default: 3)")
    add("--watch", type=float, metavar="SECONDS", help="ask again every so often, until interrupted")
    add("--project", metavar="DIR", help="also say at which hop of this project a key is lost")
    add("--format", choices=["text", "json", "prometheus"], default="text", help="how the report is written")
    add_colour(parser)


def _run(arguments: Namespace) -> int:
    if arguments.watch is not None and arguments.watch <= 0:
        raise UsageError("--watch takes a number of seconds")
    roll = _called(arguments)
    _write(roll, arguments)
    while arguments.watch is not None:
        time.sleep(arguments.watch)
        try:
            roll = _called(arguments)
        except KeyhopError as error:  # what was there once may come back
            print(f"keyhop: {error}", file=sys.stderr)
        else:
            _write(roll, arguments)
    return roll.exit_code


def _write(roll: Roll, arguments: Namespace) -> None:
    sys.stdout.write(_rendered(roll, arguments))
    sys.stdout.flush()


def _called(arguments: Namespace) -> Roll:
    from keyhop.calling import roll_call
    from keyhop.live.live import rosters

    roll = roll_call(
        {roster.id: getattr(arguments, roster.id) for roster in rosters()},
        names=arguments.require,
        live=arguments.live,
        allowed=arguments.allow_host,
        seconds=arguments.timeout,
        expected=arguments.expect,
    )
    if arguments.project is None:
        return roll
    from keyhop.roll_hops import explained

    try:
        return replace(roll, explained=explained(roll, arguments.project))
    except NothingToCheck as why:
        print(f"keyhop: {why}", file=sys.stderr)
        return roll


def _rendered(roll: Roll, arguments: Namespace) -> str:
    from keyhop import roll_json, roll_prometheus, roll_text

    match arguments.format:
        case "json":
            return roll_json.render(roll, lines=arguments.watch is not None)
        case "prometheus":
            return roll_prometheus.render(roll)
        case _:
            return roll_text.render(roll, colour=coloured(arguments.colour))


COMMAND = Command(
    id="workers",
    summary="call the roll: which live worker holds which key",
    configure=_configure,
    run=_run,
)
