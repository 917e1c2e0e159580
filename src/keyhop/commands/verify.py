"""``keyhop verify``: whether this process has what it needs, and whether each provider accepts it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from keyhop.catalogue import provider
from keyhop.commands.command import Command, add_colour, coloured
from keyhop.errors import NotStarted, UsageError
from keyhop.standing import Verification


def _configure(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--live", action="store_true", help="ask each provider, with one free request that only reads")
    add("--require", nargs="+", action="extend", default=[], metavar="NAME",
        help="providers, models with their prefix, or variables (default: what the project here needs, "
             "else all that the environment holds)")  # fmt: skip
    add("--process", default="", metavar="NAME", help="only what this process of the project needs")
    add(
        "--paid", action="append", default=[], metavar="NAME", help="also ask this provider, which may cost something"
    )
    add("--allow-host", action="append", default=[], metavar="HOST",
        help="let a key go to this host, which no provider's entry lists")  # fmt: skip
    add("--timeout", type=_seconds, default=10.0, metavar="SECONDS", help="for all requests together (default: 10)")
    add("--unless-rejected", action="store_true",
        help="start COMMAND also where it cannot be told whether a key is accepted")  # fmt: skip
    add("--format", choices=["text", "json"], default="text", help="how the report is written")
    add_colour(parser)
    add("start", nargs="*", metavar="-- COMMAND", help="start this, in place of keyhop, if all holds")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 600:
        raise ArgumentTypeError(f"{text} is no number of seconds up to 600")
    return seconds


def _run(arguments: Namespace) -> int:
    from keyhop.verifying import Asking, verify
    from keyhop.wanted import wanted

    command: list[str] = arguments.start
    if command and shutil.which(command[0]) is None:
        help = f"If it is what is to be verified: --require {shlex.join(command)}"
        raise NotStarted(f"{command[0]} is not started: no program of that name is found", help=help)
    for name in arguments.paid:
        if provider(name) is None:
            raise UsageError(f"no provider is called {name!r}", help="--paid takes the id of a provider.")
    asking = Asking(
        live=arguments.live or bool(arguments.paid),
        paid=tuple(arguments.paid),
        allowed=tuple(arguments.allow_host),
        seconds=arguments.timeout,
    )
    verification = verify(wanted(tuple(arguments.require), process=arguments.process), asking)
    # NOTE: with a command, stdout is the command's.
    out = sys.stderr if command else sys.stdout
    out.write(_rendered(verification, arguments))
    out.flush()
    if not command:
        return verification.exit_code
    holds = verification.exit_code == 0 or (arguments.unless_rejected and not verification.rejects)
    if not holds:
        raise NotStarted(f"{command[0]} is not started: {_why(verification)}")
    return _start(command)


def _rendered(verification: Verification, arguments: Namespace) -> str:
    from keyhop import verification_json, verification_text

    if arguments.format == "json":
        return verification_json.render(verification)
    return verification_text.render(verification, colour=coloured(arguments.colour))


def _why(verification: Verification) -> str:
    if verification.rejects:
        return "a credential that it needs is not there, is not as it must be, or is refused"
    return "whether its credentials are accepted cannot be told (--unless-rejected starts it nevertheless)"


def _start(command: list[str]) -> int:
    """The command takes this process's place, with the signals that Python had changed as they were."""
    for name in ("SIGPIPE", "SIGXFSZ"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)
    sys.stdout.flush()
    try:
        os.execvpe(command[0], command, os.environ)
    except OSError as error:
        raise NotStarted(f"{command[0]} is not started: {error.strerror}") from None


COMMAND = Command(
    id="verify",
    summary="tell whether providers accept this process's credentials",
    configure=_configure,
    run=_run,
)
