"""The roll call: which live worker holds which key, and whether all that do the same work hold the same.

Fingerprints are made under a key of this call, which is sent with the question and forgotten with the answer.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from keyhop.errors import UsageError
from keyhop.live.live import Calling, Roster, rosters
from keyhop.roll import Called, Roll, role_of


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
        live: also have each key tried at its provider, once from every machine that holds it.
        allowed: hosts to which a key may go then, though no provider's entry lists them.
        seconds: how long answers are waited for.
        expected: how many workers there should be.

    Raises:
        UsageError: there is no such host.
    """
    began = time.monotonic()
    asked = [(roster, target) for roster in rosters() for target in targets.get(roster.id, ())]
    if not asked:
        known = ", ".join(f"--{each.id} {each.metavar}".strip() for each in rosters())
        raise UsageError("no workers are named", help=f"Say whose: {known}.")
    question: dict[str, Any] = {"key": secrets.token_hex(32), "names": list(names), "seconds": seconds}

    def called(more: Mapping[str, Any]) -> tuple[Called, ...]:
        calling = Calling(target="", question={**question, **more}, seconds=seconds, expected=expected)
        return tuple(each for roster, target in asked for each in _call(roster, replace(calling, target=target)))

    found = called({})
    if live:
        probes = _probes(found)
        told = called({"probes": probes, "allow": list(allowed), "seconds": max(seconds, 10.0)}) if probes else ()
        found = _with_verdicts(found, told)
    return Roll(roles=tuple(map(role_of, found)), seconds=time.monotonic() - began)


def _call(roster: Roster, calling: Calling) -> Iterator[Called]:
    yield from roster.call(calling)


def _probes(found: Iterable[Called]) -> dict[str, list[str]]:
    """For each provider, key and machine one process that is to ask."""
    chosen: dict[tuple[str, str, str], str] = {}
    for answer in (each for called in found for each in called.answers):
        for seen in answer["seen"].values():
            if seen["provider"] and seen["mark"]:
                where = f"{answer['host']}:{answer['pid']}"
                chosen.setdefault((seen["provider"], seen["mark"], answer["host"]), where)
    probes: dict[str, list[str]] = {}
    for (provider, _, _), where in chosen.items():
        if provider not in probes.setdefault(where, []):
            probes[where].append(provider)
    return probes


def _with_verdicts(found: tuple[Called, ...], told: tuple[Called, ...]) -> tuple[Called, ...]:
    """What one process was told of a key holds for all on its machine that have the same."""
    verdicts = {
        (seen["provider"], seen["mark"], answer["host"]): answer["verdicts"][seen["provider"]]
        for called in told
        for answer in called.answers
        for seen in answer["seen"].values()
        if seen["provider"] in answer["verdicts"]
    }
    return tuple(
        replace(called, answers=tuple(_judged(answer, verdicts) for answer in called.answers)) for called in found
    )


def _judged(answer: Mapping[str, Any], verdicts: Mapping[tuple[str, str, str], str]) -> Mapping[str, Any]:
    seen = {
        name: {**each, "verdict": verdicts.get((each["provider"], each["mark"], answer["host"]), "")}
        for name, each in answer["seen"].items()
    }
    return {**answer, "seen": seen}
