"""A project given as texts, read by keyhop as `kubectl apply` or `helm install` would take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from names import mentioned

from keyhop.catalogue import VarName
from keyhop.charts.chart import Installation, chart_at
from keyhop.charts.deployment import installed as chart_installed
from keyhop.envfiles import env_file_facts
from keyhop.facts import Blindspot, Dialect, Fact, Hop, Place, PlaceId, Supply, World
from keyhop.launch import Launch
from keyhop.promises import Promises
from keyhop.readers.reader import Desk, Reader, Reading
from keyhop.sighting import Change, Seen, State
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.topology import Topology
from keyhop.tree import Tree
from keyhop.value import Value
from planting import plant


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """What keyhop says of a project's manifests."""

    topology: Topology
    facts: tuple[Fact, ...]
    launches: Mapping[PlaceId, Launch]
    desk: Desk

    @property
    def processes(self) -> tuple[PlaceId, ...]:
        return tuple(place.id for place in self.topology.places.values() if place.kind == "process")

    @property
    def refusals(self) -> tuple[str, ...]:
        whys = (fact.why for fact in self.facts if isinstance(fact, Blindspot))
        return tuple(why for why in whys if "refuses" in why or "cannot be rendered" in why)

    def process(self, name: str) -> PlaceId:
        """The process whose id ends with that name."""
        return next(id for id in self.processes if id.rpartition("#")[2] == name)

    def value(self, process: str, name: str) -> Value:
        return self.topology.value(self.process(process), VarName(name))

    def agrees(self, seen: Seen, expected: str | None) -> bool:
        """Whether a picture is that of the very text; None is a name that is not set."""
        if expected is None:
            return seen.state is State.ABSENT
        if expected == "":
            return seen.state is State.EMPTY
        if seen.mark is None and "$(" in expected:
            return Change.UNEXPANDED in seen.changes
        return seen.mark is not None and seen.mark == self.desk.marker.mark(Sealed(expected))


def read(
    root: Path,
    files: Mapping[str, str],
    *readers: Reader,
    closed: bool = False,
    image: Mapping[str, str] | None = None,
    marker: Marker | None = None,
) -> Cluster:
    """What the readers say of the files.

    Args:
        closed: nothing is in the cluster but what the files put there.
        image: what every image sets; None: that is not in view.
    """
    tree = plant(root, files)
    desk = Desk(promises=Promises(tree), marker=marker or Marker())
    sources = [(reader, tree.source(path)) for reader in readers for path in tree.matching(*reader.claims)]
    found = [reading for reader, source in sources if source for reading in reader.read(source, tree, desk)]
    return gathered(found, tree, desk, closed=closed, image=image)


def installed(root: Path, files: Mapping[str, str], arguments: Sequence[str]) -> Cluster:
    """What `helm install ARGUMENTS .` starts, with nothing else in the cluster."""
    tree = plant(root, files)
    desk = Desk(promises=Promises(tree), marker=Marker())
    chart = chart_at("", tree)
    assert chart is not None
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
    installation = Installation(
        title="",
        files=tuple(value for option, value in pairs if option == "-f"),
        settings=tuple(value for option, value in pairs if option == "--set"),
    )
    found = list(chart_installed("", chart, installation, tree, desk))
    return gathered(found, tree, desk, closed=True, image={})


def gathered(
    found: Sequence[Reading], tree: Tree, desk: Desk, *, closed: bool, image: Mapping[str, str] | None
) -> Cluster:
    """The readings with the env files around them."""
    launches = {each.place: each for each in found if isinstance(each, Launch)}
    facts = [each for each in found if not isinstance(each, Launch)]
    if closed:
        facts = [_closed(fact, "store") if isinstance(fact, Place) else fact for fact in facts]
    if image is not None:
        facts = [_closed(fact, "image") if isinstance(fact, Place) else fact for fact in facts]
        images = [fact.id for fact in facts if isinstance(fact, Place) and fact.kind == "image"]
        facts += [
            Supply(place=place, name=VarName(name), seen=desk.see(Sealed(value), name))
            for place in images
            for name, value in image.items()
        ]
    known = {fact.id for fact in facts if isinstance(fact, Place)}
    hops = [fact for fact in facts if isinstance(fact, Hop)]
    for source in dict.fromkeys(hop.source for hop in hops if hop.source not in known and ":" not in hop.source):
        dialects: frozenset[Dialect] = frozenset(hop.dialect for hop in hops if hop.source == source)
        facts += env_file_facts(source, dialects, mentioned(tree), tree, desk)
    return Cluster(topology=Topology(facts), facts=tuple(facts), launches=launches, desk=desk)


def _closed(place: Place, kind: str) -> Place:
    return replace(place, world=World.CLOSED) if place.kind == kind else place
