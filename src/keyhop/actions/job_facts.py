"""One job as facts: a process, and the launches of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace

from keyhop.actions.containers import Steps
from keyhop.actions.contexts import Contexts
from keyhop.actions.job import JobRead, StepRead
from keyhop.actions.refusals import Refusal
from keyhop.actions.workflow import Job, Workflow
from keyhop.facts import (
    Blindspot,
    Everything,
    Fact,
    Hop,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
    World,
)
from keyhop.readers.reader import Desk, Reading
from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.tree import Tree


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A job with the contexts that it has, and the facts that these rest on."""

    id: PlaceId
    workflow: Workflow
    job: Job
    contexts: Contexts
    deployment: str
    facts: tuple[Fact, ...]
    prefix: str = ""


@dataclass(kw_only=True)
class JobFacts:
    """One job, all legs of its matrix together."""

    ready: Ready
    legs: list[JobRead] = field(default_factory=list)

    @property
    def refusals(self) -> list[Refusal]:
        return [refusal for leg in self.legs for refusal in leg.refusals]

    @property
    def steps(self) -> list[StepRead]:
        return [step for leg in self.legs for step in leg.steps]

    @property
    def starts(self) -> bool:
        """Whether a step starts code of the project, or might if GitHub did not refuse it."""
        return bool(self.refusals or self.starting)

    @property
    def starting(self) -> list[StepRead]:
        """The steps that start code of the project."""
        return [step for step in self.steps if step.starts]

    def containers(self, source: Source, tree: Tree, desk: Desk, *, every: bool = False) -> Steps:
        """What the steps start in containers."""
        alone = self.starting[0].place if len(self.starting) == 1 else None
        return Steps(
            job=self.ready.id,
            source=source,
            steps=tuple(self.steps),
            tree=tree,
            desk=desk,
            alone=None if every else alone,
            every=every,
        )

    def facts(self) -> Iterator[Fact]:
        """What the job's steps have and write, whether or not they start code of the project."""
        yield from self.ready.facts
        for leg in self.legs:
            yield from leg.facts
        for step in self.steps:
            yield self._place(step.place, "scope", step.title, step.ran.launch.span)
            yield from step.environment
            yield from step.ran.facts
            yield from step.ran.besides

    def readings(self, *, all_steps: bool = False) -> Iterator[Reading]:
        """The process, and the launches of the steps that start code of the project.

        Args:
            all_steps: also what steps have that neither start such code nor write for another step.
        """
        starting = self.starting
        yield from self.ready.facts
        for leg in self.legs:
            yield from leg.facts
        for step in self.steps:
            if step not in starting and (all_steps or step.ran.tells):
                yield self._place(step.place, "scope", step.title, step.ran.launch.span)
                yield from step.environment
                yield from step.ran.facts
                yield from step.ran.besides
        if not starting:
            return
        job = self.ready.job
        yield self._place(self.ready.id, "process", f"job {job.id}", job.span)
        for step in starting:
            place = self.ready.id if len(starting) == 1 else step.place
            for fact in (*step.environment, *step.ran.besides):
                yield _moved(fact, step.place, place)
            yield replace(step.ran.launch, place=place)
            if place != self.ready.id:
                yield self._place(place, "scope", step.title, step.ran.launch.span)
                yield Hop(
                    source=place,
                    target=self.ready.id,
                    passage=Everything(),
                    via=step.title,
                    at=Position(Phase.HOST),
                    span=step.ran.launch.span,
                )

    def _place(self, id: PlaceId, kind: str, title: str, span: Span | None) -> Place:
        own = self.ready.job.self_hosted
        return Place(
            id=id,
            kind=kind,
            title=title,
            span=span,
            world=World.OPEN if own else World.CLOSED,
            why="a runner of one's own may set it" if own else "",
            deployment=self.ready.deployment,
        )


def _moved(fact: Fact, old: PlaceId, new: PlaceId) -> Fact:
    """The fact of a step that is the only one of its job to start something, as the job's own."""

    def moved(place: PlaceId) -> PlaceId:
        return PlaceId(new + place[len(old) :]) if place == old or place.startswith(f"{old}:") else place

    match fact:
        case Place():
            return replace(fact, id=moved(fact.id))
        case Supply():
            return replace(fact, place=moved(fact.place))
        case Hop():
            return replace(fact, source=moved(fact.source), target=moved(fact.target))
        case Blindspot() if fact.place is not None:
            return replace(fact, place=moved(fact.place))
    return fact
