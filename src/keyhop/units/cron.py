"""From a crontab to facts: cron gives a job a handful of variables and those of its own lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import VarName
from keyhop.facts import Blindspot, Hop, Nothing, Phase, Place, PlaceId, Position, Supply
from keyhop.launch import Launch
from keyhop.readers.reader import Desk, Reading, unreadable
from keyhop.sighting import PRESENT
from keyhop.span import Source, Undecodable
from keyhop.text.crontab import Job, Mistake, Variable, parse
from keyhop.text.expansion import slips
from keyhop.tree import Tree
from keyhop.units.layout import layers

_OWN = ("HOME", "LOGNAME", "PATH", "SHELL")


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """A process for each job."""
    name = source.path.rpartition("/")[2]
    users = "/cron.d/" in f"/{source.path}" or f"/{source.path}".endswith("/etc/crontab")
    try:
        lines = parse(source.text, users=users)
    except Undecodable as error:
        yield unreadable(source.path, str(error))
        return
    jobs = [line for line in lines if isinstance(line, Job)]
    for number, job in enumerate(jobs, 1):
        process = PlaceId(f"cron:{source.path}#{number}")
        deployment = f"cron jobs of {source.path}"
        span = source.span(job.start, job.end)
        yield Place(
            id=process,
            kind="process",
            title=f"job {number} of {name}",
            span=span,
            deployment=deployment,
        )
        scope = PlaceId(f"{deployment}:cron")
        yield Place(id=scope, kind="scope", title="cron", deployment=deployment)
        at = Position(Phase.HOST)
        yield Hop(source=scope, target=process, passage=Nothing(), via="crontab", at=at, span=span)
        for own in _OWN:
            yield Supply(place=process, name=VarName(own), seen=PRESENT, at=at, via="cron", span=span)
        yield from _variables(process, job, lines, source, desk)
        home = f"/home/{job.user}" if job.user not in ("", "root") else "/root"
        found = layers(home, (job.command,), tree, desk.promises, "the host's copy of the project")
        yield Launch(place=process, text=job.command, cwd=home, layers=found, span=span)


def _variables(
    process: PlaceId, job: Job, lines: tuple[Variable | Job | Mistake, ...], source: Source, desk: Desk
) -> Iterator[Supply | Blindspot]:
    """The variables that stand above the job, and why cron may ignore the file."""
    for line in lines:
        span = source.span(line.start, line.end)
        match line:
            case Variable(name=name, value=value) if line.start < job.start:
                seen = desk.see(value, name)
                seen = replace(seen, changes=seen.changes or slips(value))
                at = Position(Phase.HOST, 1)
                yield Supply(place=process, name=VarName(name), seen=seen, at=at, via="crontab", span=span)
            case Mistake(why=why):
                at = Position(Phase.HOST, 1000)
                yield Blindspot(place=process, why=f"cron refuses the file: {why}", at=at, span=span)
