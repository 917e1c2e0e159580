"""A project given as texts, and a command in it that is followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from names import mentioned

from keyhop.catalogue import VarName
from keyhop.envfiles import env_file_facts
from keyhop.facts import Dialect, Fact, Hop, Layer, Phase, Place, PlaceId, Position, Supply
from keyhop.following import commands_of
from keyhop.launch import Entry, Launch
from keyhop.promises import Promises
from keyhop.readers.reader import Desk
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.topology import Topology
from keyhop.tree import Tree
from keyhop.value import Value
from keyhop.view import View
from planting import plant

PROCESS = PlaceId("compose:compose.yaml#app")
IN_APP = (Layer(target="/app", source=".", via="Dockerfile COPY"),)


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What a command came to."""

    entries: tuple[Entry, ...]
    facts: tuple[Fact, ...]
    topology: Topology
    desk: Desk

    @property
    def told(self) -> list[str]:
        """Each entry as ``program target``, with what it depends on."""
        return [f"{e.program.value} {e.target}" + (f" if {e.given.text}" if e.given else "") for e in self.entries]

    def value(self, name: str) -> Value:
        return self.topology.value(PROCESS, VarName(name))

    def is_text(self, name: str, text: str) -> bool:
        return self.value(name).seen.mark == self.desk.marker.mark(Sealed(text))


def desk_of(tree: Tree) -> Desk:
    return Desk(promises=Promises(tree), marker=Marker())


def follow(
    root: Path,
    command: str | Sequence[str],
    files: Mapping[str, str] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    layers: tuple[Layer, ...] = IN_APP,
    cwd: str = "/app",
) -> Followed:
    """A container's command: a text is its shell form, words are its exec form. `env` is what its host sets."""
    tree = plant(root, files or {})
    desk = desk_of(tree)
    is_text = isinstance(command, str)
    launch = Launch(
        place=PROCESS,
        text=command if isinstance(command, str) else None,
        words=None if is_text else tuple(command),
        cwd=cwd,
        layers=layers,
    )
    view = View(PROCESS, layers, tree, desk.promises)
    found = tuple(commands_of(launch, view, desk))
    facts: list[Fact] = [Place(id=PROCESS, kind="process")]
    for name, value in (env or {}).items():
        seen = desk.see(Sealed(value), name)
        facts.append(Supply(place=PROCESS, name=VarName(name), seen=seen, at=Position(Phase.HOST)))
    facts += (each for each in found if not isinstance(each, Entry))
    for place in {hop.source for hop in facts if isinstance(hop, Hop)}:
        facts += view.file_facts(place)
    dialects: dict[PlaceId, set[Dialect]] = {}
    for hop in (each for each in facts if isinstance(each, Hop)):
        dialects.setdefault(hop.source, set()).add(hop.dialect)
        if hop.source.startswith(f"{PROCESS}:/"):
            seat = view.seat(hop.source.removeprefix(f"{PROCESS}:"))
            dialects.setdefault(PlaceId(seat.source if seat else ""), set()).add(hop.dialect)
    for place, asked in dialects.items():
        if ":" not in place and tree.has(place):
            facts += env_file_facts(place, frozenset(asked), mentioned(tree), tree, desk)
    entries = tuple(each for each in found if isinstance(each, Entry))
    return Followed(entries=entries, facts=tuple(facts), topology=Topology(facts), desk=desk)
