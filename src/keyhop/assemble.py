"""From a project's files to a topology: deployment files first, then the code that their commands reach,
then the env files that some hop reads, in that hop's dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from keyhop.catalogue import VarName
from keyhop.envfiles import env_file_facts
from keyhop.facts import (
    Blindspot,
    Dialect,
    Everything,
    Fact,
    Hop,
    Need,
    One,
    Place,
    PlaceId,
    Required,
    Supply,
    Text,
    World,
)
from keyhop.following import commands_of
from keyhop.launch import Entry, Launch, Program
from keyhop.python import python_facts
from keyhop.readers.reader import Choice, Desk, Reader
from keyhop.records import dataclass
from keyhop.sighting import PRESENT, State
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.tree import Tree
from keyhop.versions import crewai_version
from keyhop.view import View

_LONGEST_WORD = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A project's topology, and what could not be read on the way."""

    topology: Topology
    blindspots: tuple[Blindspot, ...]


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, by id: each module of ``keyhop.readers`` that has a ``READER``."""
    from keyhop import readers as family

    found = []
    for module in sorted(iter_modules(family.__path__), key=lambda m: m.name):
        reader = getattr(import_module(f"keyhop.readers.{module.name}"), "READER", None)
        if isinstance(reader, Reader):
            found.append(reader)
    return tuple(found)


def assemble(tree: Tree, desk: Desk) -> Assembly:
    """Reads `tree` and joins what its readers say. Raises nothing for what a file holds."""
    facts: list[Fact] = []
    launches: list[Launch] = []
    for reading in _deployment_files(tree, desk):
        launches.append(reading) if isinstance(reading, Launch) else facts.append(reading)
    deployments = {f.id: f.deployment for f in facts if isinstance(f, Place)}
    views: dict[PlaceId, View] = {}
    choices: list[Choice] = []
    for place, started in _by_place(launches):
        view = _view(started[0], tree, desk)
        views[place] = views[view.process] = view
        for found in _process(started, view, desk):
            if isinstance(found, Place) and not found.deployment:
                found = replace(found, deployment=deployments.get(place, ""))
            choices.append(found) if isinstance(found, Choice) else facts.append(found)
    facts += _file_places(facts, views)
    facts += _shells(facts, desk)
    facts += _chosen(choices, facts, tree, desk)
    facts += _shell_promises(facts, _wanted(facts), desk)
    facts += _env_files(facts, _wanted(facts), tree, desk)
    topology = Topology(_once(facts))
    unread = [Blindspot(place=None, why=u.why, writes=False, span=Span(path=u.path)) for u in tree.unread.values()]
    return Assembly(topology=topology, blindspots=(*topology.blindspots, *unread))


def _deployment_files(tree: Tree, desk: Desk) -> Iterator[Fact | Launch]:
    tree.expect(word for reader in readers() for word in reader.holding)
    for reader in readers():
        for path in _concerned(reader, tree, desk):
            source = tree.source(path)
            if source is None:
                continue
            for reading in reader.read(source, tree, desk):
                assert not isinstance(reading, Choice), f"{reader.id} chooses no needs"
                yield reading


def _concerned(reader: Reader, tree: Tree, desk: Desk) -> Iterator[str]:
    """The files that a reader reads."""
    claimed: Iterable[str] = tree.matching(*reader.claims)
    if reader.holding:
        claimed = tree.holding(reader.holding, *reader.claims)
    if reader.concerns is None or not claimed:
        yield from claimed
        return
    concerned = reader.concerns(tree, desk)
    yield from (path for path in claimed if path in concerned)


def _view(launch: Launch, tree: Tree, desk: Desk) -> View:
    if launch.step is not None:
        from keyhop.actions.checkout import Checkout  # late: few projects' workflows start a process

        return Checkout(launch.step, tree, desk.promises)
    return View(launch.place, launch.layers, tree, desk.promises)


def _by_place(launches: Iterable[Launch]) -> Iterator[tuple[PlaceId, list[Launch]]]:
    found: dict[PlaceId, list[Launch]] = {}
    for launch in launches:
        found.setdefault(launch.place, []).append(launch)
    yield from found.items()


def _process(launches: list[Launch], view: View, desk: Desk) -> Iterator[Fact | Choice]:
    """What a process's commands write, and what the code behind them needs."""
    entries: list[Entry] = []
    for launch in launches:
        for found in commands_of(launch, view, desk):
            if not isinstance(found, Entry):
                yield found
            elif found.program is Program.UNKNOWN:
                yield Blindspot(
                    place=found.place,
                    why=f"{found.target} is a launcher that keyhop does not know",
                    writes=False,
                    span=found.span,
                )
            elif found.program is not Program.FOREIGN:
                entries.append(found)
    if entries:
        seat = view.seat(entries[0].cwd)
        version = crewai_version(view.tree, seat.source if seat and seat.source != "." else "")
        step = launches[0].step
        for fact in python_facts(entries, view, desk, version):
            yield _owned(fact, view.process, conditional=step is not None and step.given is not None)


def _owned(fact: Fact | Choice, process: PlaceId, *, conditional: bool = False) -> Fact | Choice:
    """A need that a settings object inside a process answers is still that process's need."""
    if conditional and isinstance(fact, Need) and fact.required is Required.ALWAYS:
        fact = replace(fact, required=Required.CONDITIONAL)
    if (
        isinstance(fact, Need)
        and fact.place != process
        and fact.process is None
        and fact.place.startswith(f"{process}:")
    ):
        return replace(fact, process=process)
    if isinstance(fact, Choice) and fact.place != process:
        needs = fact.needs
        return replace(fact, needs=lambda text: tuple(_owned_needs(needs(text), process)))
    return fact


def _owned_needs(needs: Iterable[Need], process: PlaceId) -> Iterator[Need]:
    for need in needs:
        owned = _owned(need, process)
        assert isinstance(owned, Need)
        yield owned


def _file_places(facts: list[Fact], views: dict[PlaceId, View]) -> Iterator[Fact]:
    """Files inside processes that some hop reads, with the passage that brings each in."""
    known = {f.id for f in facts if isinstance(f, Place)}
    for source in dict.fromkeys(f.source for f in facts if isinstance(f, Hop)):
        process, _, path = source.rpartition(":/")
        view = views.get(PlaceId(process))
        if view is not None and path and source not in known:
            yield from view.file_facts(source)


def _shells(facts: list[Fact], desk: Desk) -> Iterator[Place | Supply]:
    """The shells that hops start from: what the user asked to be seen of them, or what the project promises."""
    known = {f.id for f in facts if isinstance(f, Place)}
    deployments = {f.target: f for f in facts if isinstance(f, Hop) and _is_shell(f.source)}
    for hop in {h.source: h for h in deployments.values()}.values():
        if hop.source in known:
            continue
        yield Place(
            id=hop.source,
            kind="shell",
            title="the shell",
            world=desk.shell_world(),
            why="the shell's own variables are not in view",
            deployment=hop.source.rpartition(":")[0] if ":" in hop.source else "",
        )
        for name, value in (desk.shell or {}).items():
            yield Supply(place=hop.source, name=VarName(name), seen=desk.see(value, name), via="shell")


def _shell_promises(facts: list[Fact], wanted: frozenset[VarName], desk: Desk) -> Iterator[Supply]:
    """What the documents tell their reader to export, in every shell that is not in view."""
    shells = [f.id for f in facts if isinstance(f, Place) and f.kind == "shell" and f.world is World.PROMISED]
    for name, span in desk.promises.exported():
        if name in wanted:
            for shell in shells:
                supply = Supply(
                    place=shell, name=VarName(name), seen=PRESENT, promised=True, via=span.path, span=span
                )
                yield supply


def _is_shell(place: PlaceId) -> bool:
    return place == "shell" or place.endswith(":shell")


def _chosen(choices: list[Choice], facts: list[Fact], tree: Tree, desk: Desk) -> Iterator[Need | Blindspot]:
    """The needs that settings decide, now that the settings' writes are known."""
    if not choices:
        return
    names = frozenset(name for choice in choices for name in choice.settings)
    topology = Topology(_once([*facts, *_env_files(facts, names | _wanted(facts), tree, desk)]))
    for choice in choices:
        text: str | None = None
        for name in choice.settings:
            seen = topology.value(choice.place, name, choice.at).seen
            if seen.state is State.ABSENT:
                continue
            if seen.text is None:
                text = None
                yield Blindspot(place=choice.place, why=choice.why, writes=False, span=choice.span)
                break
            text = seen.text
            yield from choice.needs(text)
            break
        else:
            yield from choice.needs(None)


def _wanted(facts: Iterable[Fact]) -> frozenset[VarName]:
    """Names that somebody asks for: by a need, or through a hop that renames."""
    names: set[VarName] = set()
    for fact in facts:
        if isinstance(fact, Need):
            names.update(fact.names)
        elif isinstance(fact, Hop):
            passage = fact.passage
            source = getattr(passage, "source_name", None)
            if source:
                names.add(source)
            names.update(ref.source_name for ref in getattr(passage, "refs", ()))
    return frozenset(names)


def _env_files(facts: list[Fact], wanted: frozenset[VarName], tree: Tree, desk: Desk) -> Iterator[Fact]:
    """Every project file that some hop reads as an env file, in the dialects it is read in."""
    known = {f.id for f in facts if isinstance(f, Place)}
    dialects: dict[PlaceId, set[Dialect]] = {}
    hops = [f for f in facts if isinstance(f, Hop)]
    for hop in hops:
        dialects.setdefault(hop.source, set()).add(hop.dialect)
    for hop in hops:
        if isinstance(hop.passage, Everything) and hop.target in dialects and not hop.dialect:
            dialects.setdefault(hop.source, set()).update(dialects[hop.target])
    for place, asked in dialects.items():
        if place not in known and ":" not in place and not _is_shell(place):
            yield from env_file_facts(place, frozenset(asked), wanted, tree, desk)


def _once(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The same fact told twice counts once, and a key that stands where a name should is not told at all."""
    return (fact for fact in dict.fromkeys(facts) if all(map(_is_name, _names_of(fact))))


def _names_of(fact: Fact) -> Iterator[str]:
    match fact:
        case Supply(name=name):
            yield name
        case Hop(passage=One(name=name, source_name=source)):
            yield from (name, source)
        case Hop(passage=Text(name=name, refs=refs)):
            yield name
            yield from (ref.source_name for ref in refs)


def _is_name(name: str) -> bool:
    """Names are made of words; a stretch of this length without a break is a piece of a key."""
    return all(len(word) <= _LONGEST_WORD for word in re.split(r"[\W_]", name))
