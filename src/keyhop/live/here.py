"""The guarded processes of this user on this machine: pools, servers, workers of any host."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from keyhop.asking import ask_here, patience
from keyhop.live.live import Calling, Roster
from keyhop.roll import Called, Silent


def called(id: str, title: str, told: list[dict[str, Any]], where: str = "") -> Called:
    """Answers of one machine, those that are none apart."""
    silent = (Silent(worker=where, why="no answer", pid=each["pid"]) for each in told if each.get("silent"))
    answers = tuple({"worker": where, **each} for each in told if not each.get("silent"))
    return Called(id=id, title=title, answers=answers, silent=tuple(silent))


def _call(calling: Calling) -> Iterator[Called]:
    """What one process started of one program does the same work, and so is a role."""
    seconds = patience(calling.question, calling.seconds)
    told = ask_here(calling.question, seconds=seconds, but=os.getpid())
    programs = {_parent(each): str(each["program"]) for each in told if each.get("program")}
    roles: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for each in told:  # of one that is silent, the program is taken to be its siblings'
        program = str(each.get("program") or programs.get(_parent(each), ""))
        roles.setdefault((_parent(each), program), []).append(each)
    for (parent, program), of_one in sorted(roles.items(), key=lambda each: each[0]):
        yield called(f"here:{parent}#{program}", f"{program or 'a process'}, under process {parent}", of_one)


def _parent(told: dict[str, Any]) -> int:
    parent = told.get("parent")
    return parent if isinstance(parent, int) else 0


ROSTER = Roster(
    id="here",
    title="This machine",
    metavar="",
    help="every guarded process of this user on this machine",
    call=_call,
)
