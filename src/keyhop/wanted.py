"""Which credentials a process is to have: by name, by what its project needs, or by what its environment holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path

from keyhop.addresses import heeded, host
from keyhop.asked import Asked, models_asked
from keyhop.catalogue import Credential, Part, Provider, VarName, by_name, provider
from keyhop.errors import NothingToCheck
from keyhop.facts import END, Blindspot, Everything, Fact, Hop, Need, One, Phase, Required, Supply, Write
from keyhop.readiness import PROCESS
from keyhop.records import dataclass
from keyhop.report import Report
from keyhop.seeing_process import needs
from keyhop.topology import Topology
from keyhop.value import Trail

_PROJECT = (
    ".git", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "uv.lock", "Dockerfile", "Procfile",
    "main.py", "crew.py", "app.py",
)  # fmt: skip
"""What a directory holds that is a project; a home directory or the root of a machine is not searched through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Which address code passes for the models of one provider."""

    names: tuple[VarName, ...] = ()
    """The variables of this process that it takes it from."""
    some: bool = False
    """Some calls go to an address that is written there and is not the provider's."""
    whole: bool = False
    """All do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Credentials, and what else tells where they are asked about."""

    scope: str
    """In words."""
    facts: tuple[Fact, ...]
    models: tuple[str, ...] = ()
    """Models that are asked by name, with their prefixes."""
    brought: Mapping[Need, str] = field(default_factory=dict)
    """Needs that the program fulfils itself, after it has begun, and how."""
    moved: Mapping[str, Moved] = field(default_factory=dict)
    """By provider, where code itself says which address it asks."""


def wanted(names: tuple[str, ...], *, directory: str = ".", process: str = "") -> Wanted:
    """What `names` ask for; where there are none, what the project needs, else what the environment holds.

    Raises:
        UsageError: a name of which nothing is known.
    """
    if names:
        models = tuple(each for each in names if "/" in each)
        return Wanted(scope="what --require names", facts=needs(tuple(names)), models=models)
    report = _report(directory, process)
    found = _of_project(report) if report is not None else None
    return found or _of_environment()


def _report(directory: str, process: str) -> Report | None:
    root = Path(directory).resolve()
    marked = any((root / name).exists() for name in _PROJECT) or any(root.glob("*compose*.y*ml"))
    if root.parent == root or root == Path.home().resolve() or not marked:
        return None
    from keyhop.api import check

    try:
        return check(root, shell=dict(os.environ), process=process)
    except NothingToCheck:
        return None


def _of_project(report: Report) -> Wanted | None:
    """Every credential that some process of the project looks up, as one that this process needs."""
    facts: dict[Need, str] = {}
    for trail in report.trails:
        need = replace(trail.need, place=PROCESS, process=None, reads=(END,))
        if need.required is Required.OPTIONAL or not (need.provider or need.secret):
            continue
        facts[need] = facts.get(need) or _bringer(trail, report.topology)
    if not facts:
        return None
    owners = {trail.need.owner for trail in report.trails}
    asked = tuple(each for each in models_asked(report.topology) if each.practice.place in owners)
    return Wanted(
        scope="what this project needs" + (f", in {len(owners)} processes" if len(owners) > 1 else ""),
        facts=tuple(facts),
        models=tuple(dict.fromkeys(each.model for each in asked)),
        brought={need: how for need, how in facts.items() if how},
        moved=_moved(asked),
    )


def _moved(asked: Iterable[Asked]) -> Mapping[str, Moved]:
    found: dict[str, list[Moved]] = {}
    for each in asked:
        service = provider(each.route.provider or "")
        if service is not None:
            found.setdefault(service.id, []).append(_moved_by(each, service))
    return {
        id: Moved(
            names=tuple(dict.fromkeys(name for each in several for name in each.names)),
            some=any(each.some for each in several),
            whole=all(each.whole for each in several),
        )
        for id, several in found.items()
    }


def _moved_by(asked: Asked, service: Provider) -> Moved:
    """The argument with an address, if it is a variable of this process or an address that is not the service's."""
    for argument in asked.practice.arguments:
        if argument.name in heeded(service.id):
            names = tuple(name for name in argument.names if os.environ.get(name))
            if names or (argument.names and not argument.text):
                return Moved(names=names)
            elsewhere = not service.accepts_host(host(argument.text))
            return Moved(some=elsewhere, whole=elsewhere)
    return Moved()


def _bringer(trail: Trail, topology: Topology) -> str:
    """What brings the value once the program runs: a file that its code loads, a line of its own."""
    need = trail.need
    writes = (write for name in need.names for write in topology.writes(need.place, name))
    late = (write for write in writes if write.at.phase >= Phase.ENTRYPOINT)
    found = next((write for write in late if _brings(write, need.names, topology)), None)
    if found is None or isinstance(found, Blindspot):
        return ""
    return f"{found.via} at {found.span.path}:{found.span.line}" if found.span else found.via


def _brings(write: Write, names: Iterable[VarName], topology: Topology) -> bool:
    """Whether it writes a value that can be used."""
    match write:
        case Supply():
            return write.seen.usable
        case Hop(passage=Everything()):
            return any(topology.value(write.source, name, write.taken_at, write.dialect).usable for name in names)
        case Hop(passage=One(source_name=name)):
            return topology.value(write.source, name, write.taken_at, write.dialect).usable
        case _:
            return False


def _of_environment() -> Wanted:
    """Each credential of which the environment holds a part, as the first reader that reads that part reads it."""
    held = [name for name in by_name() if name in os.environ]
    facts: dict[Fact, None] = {}
    for service, credential in dict.fromkeys((by_name()[name][0], _credential(name)) for name in held):
        facts.update(dict.fromkeys(_facts(service, credential)))
    return Wanted(scope="the credentials that the environment holds", facts=tuple(facts))


def _credential(name: VarName) -> Credential:
    """The way of reading that name which finds most of what it needs."""
    ways = (each for each in by_name()[name][0].credentials if name in each.names)
    return max(ways, key=lambda way: max(map(_share, way.any_of)))


def _share(parts: tuple[Part, ...]) -> float:
    return sum(any(name in os.environ for name in part.names) for part in parts) / len(parts)


def _facts(service: Provider, credential: Credential) -> Iterable[Fact]:
    yield Need(
        place=PROCESS,
        credential=credential.id,
        any_of=tuple(tuple(part.names for part in parts) for parts in credential.any_of),
        provider=service.id,
        because=service.title,
    )
