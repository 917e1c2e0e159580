"""Why a live worker has not what it should: what it says, held against what the project says of its process."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from keyhop.api import check
from keyhop.catalogue import VarName
from keyhop.facts import Need, Place
from keyhop.finding import Finding, span_of
from keyhop.journey import Step, journey, name_of, origin_of
from keyhop.report import Report
from keyhop.roll import Explained, Present, Role, Roll
from keyhop.value import Trail, Verdict

_MOST = 3
"""Workers that are named."""


def explained(roll: Roll, project: str | Path) -> tuple[Explained, ...]:
    """For each credential that differs, or is not there, the hop of each process that it may be about.

    Raises:
        UsageError, SettingsError, NothingToCheck: as `keyhop.api.check` does.
    """
    report, root = check(project), Path(project)
    return tuple(
        each
        for role in roll.roles
        if role.counts and role.present
        for name in _in_question(role, report, root)
        for each in _of_name(role, name, roll, report, root)
    )


def _in_question(role: Role, report: Report, root: Path) -> tuple[str, ...]:
    """Names that differ, and such as are needed, were not seen in any process, and do not arrive by the files."""
    own = {place.id for place in _processes(role, report, root)}
    needed = (each for each in report.trails if each.need.owner in own and each.verdict is not Verdict.ARRIVES)
    unseen = (str(each.name) for each in needed if not any(_has(one, each.name) for one in role.present))
    return tuple(dict.fromkeys((*role.differs, *unseen)))


def _of_name(role: Role, name: str, roll: Roll, report: Report, root: Path) -> Iterator[Explained]:
    for place in _processes(role, report, root, name):
        trail = _trail(place, name, report)
        finding = next((each for each in report.findings if each.trail is trail), None)
        span = finding.span if finding else span_of(trail) if trail.verdict is Verdict.LOST else None
        yield Explained(
            role=role.id,
            name=name,
            process=str(place.id),
            predicted=trail.verdict.word,
            path=span.path if span else "",
            line=span.line if span else 0,
            says=_says(role, name, place, trail, finding, report, root),
            beside=tuple(_beside(role, name, roll, report, root)),
        )


def _processes(role: Role, report: Report, root: Path, name: str = "") -> tuple[Place, ...]:
    """Processes of the project that the role may be: by id; of a Celery app, also those that pass its module."""
    every = [place for place in report.topology.places.values() if place.kind == "process"]
    kind, _, rest = role.id.partition(":")
    file, _, own = rest.partition("#")
    path = Path(os.path.relpath(Path(file).resolve(), root.resolve())).as_posix() if Path(file).exists() else file
    globs = role.process or ((f"celery:{path}#*",) if kind == "celery" else (f"{kind}:{path}#{own}",))
    found = [place for place in every if any(fnmatchcase(place.id, glob) for glob in globs)]
    if kind == "celery":
        through = {
            str(trail.need.owner) for trail in report.trails if name in trail.need.names and _passes(trail, path)
        }
        found += [place for place in every if place.id in through and place not in found]
    return tuple(found)


def _passes(trail: Trail, path: str) -> bool:
    spans = [trail.need.span, *(step.span for step in journey(trail))]
    return any(span is not None and span.path == path for span in spans)


def _trail(place: Place, name: str, report: Report) -> Trail:
    """Of what the process needs; else of the bare name, as `keyhop trace` follows it."""
    own = (each for each in report.trails if each.need.owner == place.id and name in each.need.names)
    found = next(own, None)
    variable = VarName(name)
    return found or report.topology.trail(Need(place=place.id, credential=name, any_of=(((variable,),),)))


def _has(each: Present, name: str) -> bool:
    return name in each.cells and each.cells[name].state == "present"


def _says(
    role: Role, name: str, place: Place, trail: Trail, finding: Finding | None, report: Report, root: Path
) -> str:
    have = [each for each in role.present if _has(each, name)]
    lack = [each for each in role.present if not _has(each, name) and not each.started_with]
    title = place.title or str(place.id)
    if trail.verdict is Verdict.LOST:
        hop = f"{name} is lost at {name_of(trail.lost_at)}" if trail.lost_at else f"nothing gives {title} {name}"
        text = finding.message if finding else hop
        return f"{text}; {_who(have, 'has', 'have')} it all the same, by another start or a store" if have else text
    way = _way(trail, report)
    if trail.verdict is Verdict.UNKNOWN:
        return f"whether {title} gets {name} cannot be told from the project's files{way and f': {way}'}"
    if lack:
        predicted = f"by the project's files {name} arrives in {title}, {way}"
        return f"{predicted}, and {_who(lack, 'lacks', 'lack')} it: {_since(lack, trail, root)}"
    return f"in {title} {name} comes this way: {way}{_ages(role, name, trail, root)}"


def _way(trail: Trail, report: Report) -> str:
    steps = journey(trail)
    begins = origin_of(trail, report.topology)
    told = [f"{step.via} ({step.span})" if step.span else step.via for step in steps[1:] if step.via]
    first = f"{begins} ({steps[0].span})" if begins and steps and steps[0].span else begins
    return ", ".join([*([f"from {first}"] if first else []), *(f"by {each}" for each in told)])


def _since(lack: list[Present], trail: Trail, root: Path) -> str:
    """A process has what was there when it began."""
    file, changed = _changed(journey(trail), root)
    if file and all(each.since and each.since < changed for each in lack):
        return f"begun before {file} was last changed, and to be started anew"
    return "started with another shell or other files than these, or something took it away"


def _ages(role: Role, name: str, trail: Trail, root: Path) -> str:
    """Where all have a key: which of them is older than the file that it comes from."""
    file, changed = _changed(journey(trail), root)
    old = [each for each in role.present if _has(each, name) and each.since and each.since < changed]
    if file and old and len(old) < len(role.present):
        return f"; {_who(old, 'began', 'began')} before {file} was last changed"
    return ""


def _changed(steps: Iterable[Step], root: Path) -> tuple[str, float]:
    """The file on the way that was changed last, and when."""
    times = {}
    for step in steps:
        if step.span is not None and (root / step.span.path).is_file():
            times[step.span.path] = (root / step.span.path).stat().st_mtime
    newest = max(times, key=lambda path: times[path], default="")
    return newest, times.get(newest, 0.0)


def _beside(role: Role, name: str, roll: Roll, report: Report, root: Path) -> Iterator[str]:
    """Other roles that have it, and how they come by it."""
    if any(_has(each, name) for each in role.present):
        return
    for other in roll.roles:
        if other.id != role.id and any(_has(each, name) for each in other.present):
            for place in _processes(other, report, root, name)[:1]:
                way = _way(_trail(place, name, report), report)
                yield f"{other.title} has it" + (f", {way}" if way else "")


def _who(workers: list[Present], does: str, do: str) -> str:
    names = list(dict.fromkeys(each.worker or f"pid {each.pid}" for each in workers))
    some = ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")
    return f"{some} {does if len(names) == 1 else do}"
