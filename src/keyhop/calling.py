"""The roll call: which live worker holds which key, and whether all that do the same work hold the same.

Fingerprints are made under a key of this call, which is sent with the question and forgotten with the answer.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from keyhop.errors import UsageError
from keyhop.live.live import Calling, Roster, rosters
from keyhop.roll import Called, Roll, Silent, is_answer, role_of

_PATIENCE = 10.0
"""Seconds that a provider has."""


def roll_call(
    targets: Mapping[str, Sequence[str]],
    *,
    names: Sequence[str] = (),
    live: bool = False,
    allowed: Sequence[str] = (),
    seconds: float = 3.0,
    expected: int | None = None,
) -> Roll:
    """Asks the workers of these hosts what they see.

    Args:
        targets: by the id of a host (``celery``, ``ray``, ``compose``, ``kubernetes``, ``here``), which of it.
        names: providers, models or variables; none: what each worker needs.
        live: also have each key tried at its provider, once from every machine, and every way, on which it is held.
        allowed: hosts to which a key may go then, though no provider's entry lists them.
        seconds: how long answers are waited for.
        expected: how many workers there should be.

    Raises:
        UsageError: there is no such host.
    """
    began, at = time.monotonic(), time.time()
    asked = [(roster, target) for roster in rosters() for target in targets.get(roster.id, ())]
    if not asked:
        known = ", ".join(f"--{each.id} {each.metavar}".strip() for each in rosters())
        raise UsageError("no workers are named", help=f"Say whose: {known}.")
    question: dict[str, Any] = {"key": secrets.token_hex(32), "names": list(names), "seconds": seconds}
    found = _called(asked, Calling(target="", question=question, seconds=seconds, expected=expected))
    probes = _probes(found) if live else {}
    if probes:
        patience = max(seconds, _PATIENCE)
        question |= {"probes": probes, "allow": list(allowed), "seconds": patience}
        told = _called(asked, Calling(target="", question=question, seconds=patience + 2, expected=expected))
        found = _with_verdicts(found, told)
    roles = tuple(map(role_of, _with_the_missing(found, expected)))
    return Roll(roles=roles, seconds=time.monotonic() - began, at=at, expected=expected)


def _called(asked: Iterable[tuple[Roster, str]], calling: Calling) -> tuple[Called, ...]:
    found = (each for roster, target in asked for each in roster.call(replace(calling, target=target)))
    return tuple(map(_understood, found))


def _understood(called: Called) -> Called:
    """What is no answer, as of a keyhop of another version, is none."""
    known = tuple(each for each in called.answers if is_answer(each))
    strange = (each for each in called.answers if not is_answer(each))
    silent = (Silent(worker=str(each.get("worker", "")), why="what it answers is not understood") for each in strange)
    return replace(called, answers=known, silent=(*called.silent, *silent))


def _probes(found: Iterable[Called]) -> dict[str, list[str]]:
    """For each provider, key, machine and way one process that is to ask."""
    chosen: dict[tuple[str, str], str] = {}
    for answer in (each for called in found for each in called.answers):
        for seen in answer["seen"].values():
            if seen.get("way") and seen["state"] == "present" and answer.get("instance"):
                chosen.setdefault((seen["provider"], seen["way"]), answer["instance"])
    probes: dict[str, list[str]] = {}
    for (provider, _), instance in chosen.items():
        probes.setdefault(instance, []).append(provider)
    return probes


def _with_verdicts(found: tuple[Called, ...], told: tuple[Called, ...]) -> tuple[Called, ...]:
    """What one process was told of a key holds for all on its machine that have the same, and the same way."""
    verdicts = {
        seen.get("way"): answer["verdicts"][seen["provider"]]
        for called in told
        for answer in called.answers
        for seen in answer["seen"].values()
        if seen.get("provider") in answer.get("verdicts", ())
    }
    return tuple(
        replace(called, answers=tuple(_judged(answer, verdicts) for answer in called.answers)) for called in found
    )


def _judged(answer: Mapping[str, Any], verdicts: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    said = {name: verdicts.get(each.get("way") or "", {}) for name, each in answer["seen"].items()}
    seen = {
        name: {**each, "verdict": said[name].get("standing", ""), "because": said[name].get("because", "")}
        for name, each in answer["seen"].items()
    }
    return {**answer, "seen": seen}


def _with_the_missing(found: tuple[Called, ...], expected: int | None) -> tuple[Called, ...]:
    """Workers that nobody has heard of, where the user knows how many there should be."""
    known = {
        (called.id, worker or str(pid))
        for called in found
        for worker, pid in (
            *((str(each.get("worker", "")), each.get("pid")) for each in called.answers),
            *((each.worker, each.pid) for each in called.silent),
        )
    }
    missing = (expected or 0) - len(known)
    if missing <= 0 or not found:
        return found
    silent = Silent(worker=f"{missing} more", why="no answer: not started, cut off, or gone")
    return (*found[:-1], replace(found[-1], silent=(*found[-1].silent, silent)))
