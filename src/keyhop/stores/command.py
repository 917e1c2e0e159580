"""A program that prints credentials: ``op read``, ``aws secretsmanager get-secret-value``, ``sops -d``, …

It is run once, without a shell unless `shell` says so, with nothing to read, and is ended with all that it started
when the time is up. What it says on stderr goes where the process's own stderr goes; keyhop never repeats it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from threading import Thread

from keyhop.errors import StoreError, UsageError
from keyhop.stores.store import LARGEST, Fetched, Found, Request, Store
from keyhop.text.dotenv import read
from keyhop.text.dotenv import values as values_of
from keyhop.text.sealed import Sealed


def _fetch(request: Request) -> Fetched:
    output = _run(request)
    name, form = request.text("name"), request.text("format", "value" if "name" in request.options else "dotenv")
    program = _title(request)
    match form:
        case "value" if name:
            values = {name: Sealed(output.removesuffix("\n").removesuffix("\r"))}
        case "dotenv":
            values = dict(values_of(read(output.encode(), "python-dotenv-nointerp")))
        case "json":
            values = _members(output, program)
        case "value":
            raise UsageError("the store's option name says which variable the program's output is")
        case _:
            raise UsageError(f"the store's option format is dotenv, json or value, not {form!r}")
    called = {there: name for name, there in request.renamed().items()}
    named = {called.get(there, there): value for there, value in values.items()}
    return Fetched(
        found=tuple(
            Found(name=name, value=value, where=f"the output of {program}")
            for name, value in named.items()
            if request.wants(name)
        )
    )


def _members(output: str, program: str) -> dict[str, Sealed]:
    try:
        document = json.loads(output, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise StoreError(f"{program} did not print JSON", store=STORE.id) from None
    if not isinstance(document, dict):
        raise StoreError(f"{program} did not print a JSON object", store=STORE.id)
    return {name: Sealed(value) for name, value in document.items() if isinstance(value, str)}


def _run(request: Request) -> str:
    shell, words = request.options.get("shell") is True, request.texts("run")
    if not words or (shell and len(words) != 1):
        raise UsageError(
            "a command store has no run",
            help='Give it a list of words, run = ["op", "read", "op://crew/openai"], or one text with shell = true.',
        )
    program = _title(request)
    try:
        running = subprocess.Popen(
            words[0] if shell else words,
            shell=shell,
            cwd=request.root,
            env=dict(request.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise StoreError(f"{program} does not start: {error.strerror}", store=STORE.id, why="absent") from None
    output = _read(running, request.seconds)
    ended = running.poll() is not None
    _end(running)
    if output is not None and len(output) > LARGEST:
        raise StoreError(f"{program} printed more than {LARGEST} bytes", store=STORE.id)
    if output is None or not ended:
        raise StoreError(f"{program} has not ended after {request.seconds:g} s", store=STORE.id, why="timeout")
    if running.returncode:
        raise StoreError(
            f"{program} ended with status {running.returncode}",
            help="What it said of it is on stderr.",
            store=STORE.id,
            why="refused",
        )
    try:
        return output.decode("utf-8")
    except UnicodeDecodeError:
        raise StoreError(f"what {program} printed is not UTF-8", store=STORE.id) from None


def _read(running: subprocess.Popen[bytes], seconds: float) -> bytes | None:
    """All that it prints, once it has ended or printed too much; None where the time is up before."""
    pipe, got = running.stdout, list[bytes]()
    assert pipe is not None
    reader = Thread(target=lambda: got.append(pipe.read(LARGEST + 1)), name="keyhop command", daemon=True)
    until = time.monotonic() + seconds
    reader.start()
    reader.join(seconds)
    if got and len(got[0]) <= LARGEST:
        with suppress(subprocess.TimeoutExpired):
            running.wait(max(0.0, until - time.monotonic()))
    return got[0] if got else None


def _end(running: subprocess.Popen[bytes]) -> None:
    """What it started and left behind goes with it."""
    with suppress(OSError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _title(request: Request) -> str:
    """The program alone: its words may hold a secret."""
    words = request.texts("run")
    return (words[0].split() or ["the command"])[0] if words else "the command"


STORE = Store(
    id="command",
    title="a command",
    options={
        "run": "the program and its arguments, as a list",
        "shell": "true: run is one text for /bin/sh",
        "format": "dotenv (NAME=value lines, the default), json (an object of texts), value (one value, with name)",
        "name": "the variable that the whole output is",
        "names": "a table of variables and what each is called in the output",
    },
    fetch=_fetch,
    reaches_out=lambda request: True,
)
