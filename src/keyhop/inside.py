"""Processes in a container, asked by a program that is run beside them.

Where keyhop is in the container, its guarded processes answer there. Where it is not, what the container's first
process was started with is read, and looked at here; what that process loaded since is then not known.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from keyhop.answering import cell, columns
from keyhop.catalogue import VarName, by_name
from keyhop.live.live import Calling
from keyhop.records import dataclass
from keyhop.roll import Called, Silent, is_answer
from keyhop.sighting import State
from keyhop.text.running_processes import environment, interpreters
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker, see

_LIST = 'for p in /proc/[0-9]*; do cat "$p/cmdline"; echo; ls -l "$p/exe"; done 2>/dev/null'
_READ = "import sys; sys.stdout.buffer.write(open('/proc/1/environ', 'rb').read())"
_TO_RUN = 15.0
"""Seconds that an engine has to run a program in a container."""
_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container that does the work of a role."""

    role: str
    """As a process id."""
    title: str
    """Of the role."""
    name: str
    words: tuple[str, ...] = ()
    """The command that runs what follows it in the container."""
    directory: str | None = None
    """Where that command is run."""
    state: str = ""
    """Why nothing can be run in it; empty where it runs."""
    process: tuple[str, ...] = ()
    """Globs of the ids that the role may have in a project, where these are other ones."""


def call_inside(containers: Sequence[Container], calling: Calling, *, named: bool) -> Iterator[Called]:
    """A role for each kind of container. Those that run no Python, as a broker's, are none unless `named`."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        heard = list(pool.map(lambda each: _heard(each, calling, named), containers))
    for role in dict.fromkeys(each.role for each in containers):
        mine = [(each, told) for each, told in zip(containers, heard, strict=True) if each.role == role]
        answers = tuple(each for _, told in mine for each in told if isinstance(each, Mapping))
        silent = tuple(each for _, told in mine for each in told if isinstance(each, Silent))
        if answers or silent:
            one = mine[0][0]
            yield Called(
                id=role,
                title=one.title,
                answers=answers,
                silent=silent,
                remark=_remark(answers),
                process=one.process,
            )


def _remark(answers: Iterable[Mapping[str, Any]]) -> str:
    if any(each.get("started_with") for each in answers):
        return (
            "no guarded process answers in some: of these it is told what they were started with, not what they load"
        )
    return ""


def _heard(container: Container, calling: Calling, named: bool) -> list[Mapping[str, Any] | Silent]:
    if container.state:
        return [Silent(worker=container.name, why=container.state)]
    listed = _run(container, ("sh", "-c", _LIST), 0)
    pythons = interpreters(listed) if listed is not None else ()
    for python in dict.fromkeys((*pythons, "python3", "python")):
        told = _asked(container, python, calling)
        if told:
            return [_named(each, container) for each in told]
    if listed is not None and not pythons and not named:
        return []
    return [_started_with(container, pythons, calling)]


def _asked(container: Container, python: str, calling: Calling) -> list[dict[str, Any]]:
    """What its guarded processes answer; nothing where there is no keyhop, or no such process."""
    question = dict(calling.question)
    seconds = float(question.get("seconds", 0)) if question.get("probes") else 1.0
    said = _run(container, (python, "-m", "keyhop.asking"), seconds, json.dumps(question).encode())
    try:
        told = json.loads(said or b"")
    except ValueError:
        return []
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def _named(told: dict[str, Any], container: Container) -> Mapping[str, Any] | Silent:
    own = str(told.get("worker") or "")
    name = f"{container.name} {own}".strip()
    if is_answer(told):
        return {**told, "worker": name}
    return Silent(worker=name, why="no answer", pid=told.get("pid") if isinstance(told.get("pid"), int) else None)


def _started_with(container: Container, pythons: Sequence[str], calling: Calling) -> Mapping[str, Any] | Silent:
    ways = (("cat", "/proc/1/environ"), *((each, "-c", _READ) for each in (*pythons, "python3")))
    data = next((data for words in ways if (data := _run(container, words, 0)) is not None), None)
    if data is None:
        return Silent(worker=container.name, why="nothing can be run in it")
    return {
        "worker": container.name,
        "pid": 1,
        "host": container.name,
        "started_with": True,
        "seen": _looked_at(environment(data), calling.question),
    }


def _looked_at(held: Mapping[str, Sealed], question: Mapping[str, Any]) -> dict[str, Any]:
    """As a guarded process answers; but a name that is not there may come later."""
    what = tuple(map(str, question.get("names") or ()))
    found = dict(columns(what, held)) if what else {str(name): str(name) for name in by_name() if name in held}
    marker = Marker(bytes.fromhex(str(question["key"])))
    told = {}
    for column, name in found.items():
        seen = see(held.get(name), marker, name=VarName(name))
        told[column] = cell(name, seen)
        if seen.state in (State.ABSENT, State.EMPTY):
            told[column]["state"] = State.UNKNOWN.value
    return told


def _run(container: Container, words: Sequence[str], seconds: float, data: bytes = b"") -> bytes | None:
    return printed((*container.words, *words), container.directory, seconds=seconds + _TO_RUN, data=data)


def printed(
    words: Sequence[str], directory: str | None = None, *, seconds: float = 30.0, data: bytes = b""
) -> bytes | None:
    """What the program prints; None where it cannot be run, fails, or takes too long. Its stderr may quote values."""
    try:
        done = subprocess.run(
            words,
            cwd=directory,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
