"""A project given as texts, read by keyhop as `docker compose` would be called in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from names import mentioned

from keyhop.catalogue import VarName
from keyhop.compose.deployment import from_command, run_settings
from keyhop.compose.emission import deployment_facts
from keyhop.envfiles import env_file_facts
from keyhop.facts import Blindspot, Fact, Hop, Place, PlaceId, Supply, World
from keyhop.following import commands_of
from keyhop.launch import Entry, Launch
from keyhop.promises import Promises
from keyhop.readers.reader import Desk
from keyhop.sighting import Seen, State
from keyhop.span import Span
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.topology import Topology
from keyhop.tree import Tree
from keyhop.value import Value
from keyhop.view import View
from planting import plant


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What keyhop says of one deployment."""

    topology: Topology
    facts: tuple[Fact, ...]
    launches: Mapping[str, Launch]
    tree: Tree
    desk: Desk

    @property
    def processes(self) -> dict[str, PlaceId]:
        """The services, by the name that ids end with."""
        places = self.topology.places.values()
        return {p.id.rpartition("#")[2]: p.id for p in places if p.kind == "process"}

    @property
    def blindspots(self) -> tuple[Blindspot, ...]:
        return tuple(fact for fact in self.facts if isinstance(fact, Blindspot))

    def value(self, service: str, name: str) -> Value:
        return self.topology.value(self.processes[service], VarName(name))

    def view(self, service: str) -> View:
        launch = self.launches[service]
        return View(launch.place, launch.layers, self.tree, self.desk.promises)

    def agrees(self, seen: Seen, expected: str | None) -> bool:
        """Whether a picture is that of the very text; None is a name that is not set."""
        if expected is None:
            return seen.state is State.ABSENT
        if expected == "":
            return seen.state is State.EMPTY
        return seen.mark is not None and seen.mark == self.desk.marker.mark(Sealed(expected))


@dataclass(frozen=True, kw_only=True)
class Project:
    """The files of a project and how `docker compose` is called in it."""

    files: Mapping[str, str]
    arguments: tuple[str, ...]
    shell: Mapping[str, str]


def projects(file: Path) -> dict[str, Project]:
    """Projects as one text: ``=== title``, ``$ NAME=value docker compose ARGUMENTS``, ``--- path`` and the file."""
    found: dict[str, Project] = {}
    for block in file.read_text("utf-8").split("\n=== ")[1:]:
        head, *parts = block.split("\n--- ")
        title, command = head.split("\n$ ")
        before, _, after = command.partition("docker compose")
        files = (part.partition("\n") for part in parts)
        found[title] = Project(
            files={path: text.rstrip("\n") + "\n" for path, _, text in files},
            arguments=tuple(after.split()),
            shell={name: value for name, _, value in (word.partition("=") for word in before.split())},
        )
    return found


def read(
    root: Path,
    files: Mapping[str, str],
    *,
    arguments: Sequence[str] = (),
    cwd: str = "",
    shell: Mapping[str, str] | None = None,
    run: Sequence[str] = (),
    command: Sequence[str] = (),
) -> Reading:
    """The deployment of ``docker compose ARGUMENTS`` with everything around the container in view.

    Base images are taken as setting nothing: those of the cases are busybox.

    Args:
        run: options of ``docker compose run`` for the service ``app``.
        command: what it runs there, behind the image's entrypoint.
    """
    tree = plant(root, files)
    sealed = None if shell is None else {name: Sealed(value) for name, value in shell.items()}
    desk = Desk(promises=Promises(tree), marker=Marker(), shell=sealed)
    deployment = from_command(arguments, cwd, tree, desk)
    assert deployment is not None
    deployment = replace(deployment, settings=run_settings((*run, "app"), Span(path="run")) if run else ())
    found = tuple(deployment_facts(deployment, tree, desk))
    launches = {f.place.rpartition("#")[2]: _running(f, command) for f in found if isinstance(f, Launch)}
    facts = [f for f in found if not isinstance(f, Launch)]
    facts = [replace(f, world=World.CLOSED) if isinstance(f, Place) and f.kind == "image" else f for f in facts]
    for launch in launches.values():
        view = View(launch.place, launch.layers, tree, desk.promises)
        facts += (f for f in commands_of(launch, view, desk) if not isinstance(f, Entry))
    facts += _around(facts, tree, desk)
    return Reading(topology=Topology(facts), facts=tuple(facts), launches=launches, tree=tree, desk=desk)


def _running(launch: Launch, command: Sequence[str]) -> Launch:
    return replace(launch, words=(*(launch.words or ()), *command)) if command else launch


def _around(facts: list[Fact], tree: Tree, desk: Desk) -> Iterator[Fact]:
    """The shell and the env files that hops start from."""
    known = {fact.id for fact in facts if isinstance(fact, Place)}
    hops = [fact for fact in facts if isinstance(fact, Hop)]
    for source in dict.fromkeys(hop.source for hop in hops if hop.source not in known):
        if source.endswith(":shell"):
            yield Place(id=source, kind="shell", world=desk.shell_world(), deployment=source.rpartition(":")[0])
            for name, value in (desk.shell or {}).items():
                yield Supply(place=source, name=VarName(name), seen=desk.see(value, name))
        else:
            dialects = frozenset(hop.dialect for hop in hops if hop.source == source)
            yield from env_file_facts(source, dialects, mentioned(tree), tree, desk)
