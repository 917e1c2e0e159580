"""A repository with workflows, read as GitHub would run it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from keyhop.actions.checkout import Checkout
from keyhop.actions.contexts import Stores
from keyhop.actions.job import StepRead
from keyhop.actions.job_facts import JobFacts
from keyhop.actions.workflow import DIRECTORY, Workflow, load
from keyhop.actions.workflow_runs import WorkflowRead
from keyhop.catalogue import VarName
from keyhop.envfiles import env_file_facts
from keyhop.facts import Fact, Hop, Place, PlaceId, Supply, World
from keyhop.launch import Launch
from keyhop.promises import Promises
from keyhop.readers.reader import Choice, Desk
from keyhop.sighting import Change, Seen, State
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.topology import Topology
from keyhop.tree import Tree
from planting import plant

STORES = "GitHub's store of "


@dataclass(frozen=True, kw_only=True)
class Told:
    """What keyhop says of every step of every workflow."""

    topology: Topology
    steps: Mapping[str, StepRead]
    """By title, of the jobs that GitHub starts."""
    refused: tuple[str, ...]
    desk: Desk

    def seen(self, step: str, name: str) -> Seen:
        return self.topology.value(self.place(step), VarName(name)).seen

    def place(self, step: str) -> PlaceId:
        """The container that a step starts, else the step."""
        places = self.topology.places.values()
        inside = (
            p.id
            for p in places
            if p.kind == "process" and p.deployment.startswith(f"docker run in {self.steps[step].place}.")
        )
        return next(inside, self.steps[step].place)

    def agrees(self, step: str, name: str, expected: str | None) -> bool:
        """Whether a step has the very text, or what is left of it; None is a name that is not set."""
        seen = self.seen(step, name)
        if expected is None or expected == "":
            return seen.state is (State.ABSENT if expected is None else State.EMPTY)
        if seen.mark is None:
            return seen.state is State.PRESENT and seen.changes in ((), (Change.TRUNCATED,))
        return seen.mark == self.desk.marker.mark(Sealed(expected))


def told(
    root: Path,
    files: Mapping[str, str],
    *,
    secrets: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
    wanted: tuple[str, ...] = (),
) -> Told:
    """Reads the workflows. Secrets that are given are all that the repository has."""
    tree = plant(root, files)
    desk = Desk(promises=Promises(tree), marker=Marker())
    stores = Stores(secrets=_sealed(secrets), variables=_sealed(variables))
    jobs: list[JobFacts] = []
    refused: list[str] = []
    for path in tree.matching(f"{DIRECTORY}/*.yml"):
        source = tree.source(path)
        workflow = load(source) if source else None
        assert isinstance(workflow, Workflow)
        refused += (refusal.why for refusal in workflow.refusals)
        reading = WorkflowRead(workflow, tree, desk, stores)
        jobs += () if workflow.refusals else reading.jobs()
    refused += (refusal.why for job in jobs for refusal in job.refusals)
    started = [job for job in jobs if not job.refusals]
    facts = [fact for job in started for fact in job.facts()]
    for job in started:
        source = tree.source(job.ready.workflow.path)
        assert source is not None
        contained = job.containers(source, tree, desk, every=True).readings()
        facts += (fact for fact in contained if not isinstance(fact, Launch | Choice))
    if secrets is not None:
        facts = [*_closed(facts), *_held(STORES + "secrets", secrets, desk)]
        facts += _held(STORES + "variables", variables or {}, desk)
    facts += _files(facts, started, tree, desk, frozenset(map(VarName, wanted)))
    steps = {step.title.removeprefix("step "): step for job in started for step in job.steps}
    return Told(topology=Topology(facts), steps=steps, refused=tuple(refused), desk=desk)


def _sealed(values: Mapping[str, str] | None) -> dict[str, Sealed] | None:
    return None if values is None else {name.upper(): Sealed(value) for name, value in values.items()}


def _closed(facts: list[Fact]) -> Iterator[Fact]:
    """The facts with nothing in the stores but what is said to be."""
    for fact in facts:
        if isinstance(fact, Place) and fact.kind == "store":
            yield replace(fact, world=World.CLOSED)
        elif not (isinstance(fact, Supply) and fact.place.startswith(STORES) and fact.promised):
            yield fact


def _held(place: str, values: Mapping[str, str], desk: Desk) -> Iterator[Supply]:
    for name, value in values.items():
        yield Supply(place=PlaceId(place), name=VarName(name.upper()), seen=desk.see(Sealed(value), name))


def _files(
    facts: list[Fact], jobs: list[JobFacts], tree: Tree, desk: Desk, wanted: frozenset[VarName]
) -> Iterator[Fact]:
    """The files that steps read, as the assembly brings them in."""
    views = {}
    for job in jobs:
        for step in job.steps:
            assert step.ran.launch.step is not None
            views[job.ready.id] = Checkout(step.ran.launch.step, tree, desk.promises)
    known = {fact.id for fact in facts if isinstance(fact, Place)}
    for hop in [fact for fact in facts if isinstance(fact, Hop)]:
        process, _, path = hop.source.rpartition(":/")
        if path and process in views and hop.source not in known:
            for fact in views[PlaceId(process)].file_facts(hop.source):
                yield fact
                if isinstance(fact, Hop):
                    yield from env_file_facts(fact.source, frozenset({hop.dialect}), wanted, tree, desk)
