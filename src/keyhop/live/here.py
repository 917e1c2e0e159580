"""The guarded processes of this user on this machine: pools, servers, workers of any host."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from keyhop.asking import ask_here
from keyhop.live.live import Calling, Roster
from keyhop.roll import Called, Silent


def called(id: str, title: str, told: list[dict[str, Any]], where: str = "") -> Called:
    """Answers of one machine, those that are none apart."""
    silent = (Silent(worker=where, why="no answer", pid=each["pid"]) for each in told if each.get("silent"))
    answers = tuple({"worker": where, **each} for each in told if not each.get("silent"))
    return Called(id=id, title=title, answers=answers, silent=tuple(silent))


def _call(calling: Calling) -> Iterator[Called]:
    """What one process started of one program does the same work, and so is a role."""
    seconds = float(calling.question["seconds"]) + 1 if calling.question.get("probes") else calling.seconds
    told = ask_here(calling.question, seconds=seconds, but=os.getpid())
    for parent, program in sorted({(each.get("parent", 0), each.get("program", "")) for each in told}):
        of_one = [each for each in told if (each.get("parent", 0), each.get("program", "")) == (parent, program)]
        yield called(f"here:{parent}#{program}", f"{program or 'no answer'}, under process {parent}", of_one)


ROSTER = Roster(
    id="here",
    title="This machine",
    metavar="",
    help="every guarded process of this user on this machine",
    call=_call,
)
