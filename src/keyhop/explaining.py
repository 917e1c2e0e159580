"""From lines of text to failures explained, and from a failure to the hop of a project that broke."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from keyhop.causes import Family
from keyhop.diagnosis import Diagnosis, diagnose
from keyhop.errors import NothingToCheck
from keyhop.explanations.explanation import Explained, Explanation, Journey
from keyhop.failure import Failure
from keyhop.report import Report
from keyhop.text.logs import read_failures
from keyhop.value import Trail, Verdict

_MOST_JOURNEYS = 5
"""Journeys that are shown where the text does not tell which process failed."""
_NUMBER = re.compile(r"[-_.:/@]?\d+\Z|-[a-z0-9]{8,10}-[a-z0-9]{5}\Z")
"""What tells instances of one role apart: ``worker-1``, and a pod's suffix."""


def explain(lines: Iterable[str] | Iterable[bytes], *, project: str | Path | None = None) -> Explanation:
    """Names the causes of the failures in a log or traceback, of any length.

    Args:
        lines: lines of text, or blocks of bytes cut anywhere.
        project: the directory of the project whose processes wrote it; then the hop that broke is named too.

    Raises:
        UsageError, SettingsError: as `keyhop.check` does, of the project.
    """
    failures = _Counted(read_failures(lines))
    found = tuple(diagnose(failures))
    if project is None or not found:
        return Explanation(explained=tuple(Explained(diagnosis=each) for each in found), failures=failures.number)
    try:
        report = _checked(project)
    except NothingToCheck as why:
        told = tuple(Explained(diagnosis=each) for each in found)
        return Explanation(explained=told, failures=failures.number, remark=str(why))
    return Explanation(
        explained=tuple(_located(each, report, project) for each in found),
        failures=failures.number,
        topology=report.topology,
    )


def _located(diagnosis: Diagnosis, report: Report, project: str | Path) -> Explained:
    journeys = tuple(_journeys(diagnosis, report))
    where = ("--project", str(project))
    traces = [shlex.join(("keyhop", "trace", j.trail.name, "--to", j.trail.need.owner, *where)) for j in journeys]
    return Explained(diagnosis=diagnosis, journeys=journeys, traces=tuple(dict.fromkeys(traces)))


class _Counted:
    """Failures on their way, counted where they tell of an exception or of an HTTP answer."""

    def __init__(self, failures: Iterable[Failure]) -> None:
        self._failures = failures
        self.number = 0

    def __iter__(self) -> Iterator[Failure]:
        for failure in self._failures:
            self.number += bool(failure.chain or failure.status)
            yield failure


def _checked(project: str | Path) -> Report:
    from keyhop.api import check

    return check(project)


def _journeys(diagnosis: Diagnosis, report: Report) -> Iterator[Journey]:
    """The trails of the credential to the process that failed; to any that it does not reach where none is named."""
    if diagnosis.cause.family is Family.NOT_AUTH:
        return
    about = [trail for trail in report.trails if _is_about(trail, diagnosis)]
    here = [trail for trail in about if _runs_in(trail, diagnosis.process, report)]
    lost = [trail for trail in about if trail.verdict is Verdict.LOST]
    for trail in here or lost[:_MOST_JOURNEYS]:
        yield Journey(trail=trail, findings=tuple(f for f in report.findings if f.trail is trail))


def _is_about(trail: Trail, diagnosis: Diagnosis) -> bool:
    """Whether the credential is the provider's, or one that the text names."""
    told = "\n".join(quote.text for quote in diagnosis.evidence)
    return trail.need.provider == diagnosis.provider or any(
        re.search(rf"\b{re.escape(name)}\b", told) for name in trail.need.names
    )


def _runs_in(trail: Trail, process: str, report: Report) -> bool:
    """Whether a log calls the trail's process so: its name after ``#``, or its title, with or without a number."""
    if not process:
        return False
    place = report.topology.place(trail.need.owner)
    names = {place.id.casefold(), place.title.casefold(), *place.id.rpartition("#")[2].casefold().split("/")} - {""}
    said = process.casefold()
    role = _NUMBER.sub("", said)
    return bool(names & {said, role}) or any(role.endswith(f"{mark}{name}") for name in names for mark in "-_/")
