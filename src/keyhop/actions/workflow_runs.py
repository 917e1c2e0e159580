"""One workflow, as often as it is started: by events, and by each job that calls it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.actions.contexts import TOKEN, Contexts, Stores
from keyhop.actions.job import JobRead, outputs_of
from keyhop.actions.job_facts import JobFacts, Ready
from keyhop.actions.stores import asked, emptied, promises, store, store_facts
from keyhop.actions.workflow import DIRECTORY, Job, Variable, Workflow, load
from keyhop.actions.writes import Writer
from keyhop.catalogue import VarName
from keyhop.facts import (
    Blindspot,
    Everything,
    Fact,
    Hop,
    Nothing,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
    World,
)
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.sighting import PRESENT, State
from keyhop.span import Span
from keyhop.text.actions_expressions import Known, lookups, parts, word
from keyhop.text.expansion import plain
from keyhop.text.sealed import Sealed
from keyhop.tree import Tree

_MOST_LEGS = 12
_MOST_CALLS = 4
"""Workflows that call each other deeper are not followed; GitHub allows four levels."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One job that calls a workflow."""

    workflow: Workflow
    job: Job


class WorkflowRead:
    """One workflow, as often as it is started: by events, and by each job that calls it."""

    def __init__(self, workflow: Workflow, tree: Tree, desk: Desk, stores: Stores | None = None) -> None:
        self.workflow = workflow
        self.tree = tree
        self.desk = desk
        self.stores = stores or Stores()
        self.problems: list[Blindspot] = []

    def jobs(self) -> Iterator[JobFacts]:
        """Every job, for everyone that starts the workflow."""
        callers = self._callers(self.workflow)
        by_events = self.workflow.triggers - {"workflow_call"}
        if by_events or not callers:
            for job in self.workflow.jobs:
                if not job.uses:
                    yield self._read(self._started(self.workflow, job, f"gha:{self.workflow.path}#{job.id}"))
        for call in callers:
            for job in self.workflow.jobs:
                if not job.uses:
                    alone = len(callers) == 1 and not by_events
                    label = "" if alone else f"@{call.workflow.path.rpartition('/')[2]}.{call.job.id}"
                    id = f"gha:{self.workflow.path}#{job.id}{label}"
                    yield self._read(self._called(self.workflow, job, id, call, _MOST_CALLS))

    def _read(self, ready: Ready) -> JobFacts:
        found = JobFacts(ready=ready)
        legs = ready.job.matrix[:_MOST_LEGS] if _matrix_matters(ready.job) else ()
        for number, leg in enumerate(legs or (None,), start=1):
            read = JobRead(
                id=ready.id, job=ready.job, tree=self.tree, desk=self.desk, prefix=f"leg{number}." if leg else ""
            )
            read.read(ready.workflow, replace(ready.contexts, matrix=dict(leg) if leg else None))
            found.legs.append(read)
        return found

    def _callers(self, workflow: Workflow) -> tuple[Call, ...]:
        found = []
        for path in self.tree.matching(f"{DIRECTORY}/*.yml", f"{DIRECTORY}/*.yaml"):
            source = self.tree.source(path)
            other = load(source) if source is not None else None
            for job in other.jobs if isinstance(other, Workflow) and not other.refusals else ():
                if job.uses.removeprefix("./") == workflow.path:
                    assert isinstance(other, Workflow)
                    found.append(Call(workflow=other, job=job))
        return tuple(found)

    def _started(self, workflow: Workflow, job: Job, id: str) -> Ready:
        """A job of a workflow that events start."""
        process = PlaceId(id)
        base = Contexts(secrets=PlaceId(""), variables=PlaceId(""), stores=self.stores)
        environment = _environment(job, base)
        secrets, variables = store("secrets", environment), store("variables", environment)
        facts = [*store_facts("secrets", environment), *store_facts("variables", environment)]
        facts += promises(workflow.document, secrets, variables)
        given, emptying = emptied(workflow, process, secrets, asked(workflow.document))
        inputs, told = _typed_inputs(workflow, process, self.desk)
        contexts = Contexts(secrets=given, variables=variables, stores=self.stores, inputs=inputs)
        return Ready(
            id=process,
            workflow=workflow,
            job=job,
            contexts=replace(contexts, outputs=_needed(workflow, id)),
            deployment=_deployment(environment),
            facts=(*facts, *emptying, *told),
        )

    def _called(self, workflow: Workflow, job: Job, id: str, call: Call, deeper: int) -> Ready:
        """A job of a workflow that another workflow's job calls."""
        process, caller = PlaceId(id), self._caller(call, deeper)
        secrets, inputs = PlaceId(f"{process}:secrets"), PlaceId(f"{process}:inputs")
        outer = caller.contexts
        facts: list[Fact] = [*caller.facts, *self._handed(secrets, call, outer)]
        environment = _environment(job, outer)
        if environment:
            kept = store("secrets", environment)
            facts += store_facts("secrets", environment)
            at = Position(Phase.HOST, 1)
            facts.append(Hop(source=kept, target=secrets, passage=Everything(), via="environment:", at=at))
        if call.job.inherits:
            facts += promises(workflow.document, store("secrets", environment), outer.variables)
        known, told = self._inputs(workflow, inputs, call, outer)
        self._require(workflow, call)
        contexts = Contexts(
            secrets=secrets,
            variables=outer.variables,
            stores=replace(self.stores, secrets=self._values(call, outer)),
            inputs=inputs,
            known_inputs=known,
            outputs=_needed(workflow, id),
        )
        return Ready(
            id=process,
            workflow=workflow,
            job=job,
            contexts=contexts,
            deployment=_deployment(environment),
            facts=(*facts, *told),
        )

    def _caller(self, call: Call, deeper: int) -> Ready:
        id = f"gha:{call.workflow.path}#{call.job.id}"
        above = self._callers(call.workflow) if deeper and not call.workflow.triggers - {"workflow_call"} else ()
        if above:
            return self._called(call.workflow, call.job, id, above[0], deeper - 1)
        return self._started(call.workflow, call.job, id)

    def _handed(self, target: PlaceId, call: Call, outer: Contexts) -> Iterator[Fact]:
        """The secrets that a call hands on."""
        job = call.job
        yield Place(id=target, kind="scope", title=f"the secrets that job {job.id} hands on", span=job.uses_span)
        yield Supply(place=target, name=TOKEN, seen=PRESENT, via="GitHub")
        at = Position(Phase.HOST)
        if job.inherits:
            yield Hop(
                source=outer.secrets,
                target=target,
                passage=Everything(),
                via="secrets: inherit",
                at=at,
                span=job.secrets_span,
            )
            return
        told = "secrets: of the call" if job.secrets is not None else "uses: without secrets:"
        yield Hop(
            source=outer.secrets,
            target=target,
            passage=Nothing(),
            via=told,
            at=at,
            span=job.secrets_span or job.uses_span,
        )
        writer = Writer(target=target, via="secrets: of the call", desk=self.desk, contexts=outer)
        for variable in job.secrets or ():
            yield from writer.write(replace(variable, name=variable.name.upper()), Position(Phase.HOST, 1))

    def _values(self, call: Call, outer: Contexts) -> dict[str, Sealed] | None:
        """The values of the secrets that a call hands on, where all of them are in view."""
        if outer.stores.secrets is None or call.job.inherits:
            return None if outer.stores.secrets is None else dict(outer.stores.secrets)
        values = {v.name.upper(): outer.text(v.template) for v in call.job.secrets or () if v.template is not None}
        return {name: value.text for name, value in values.items() if value is not None}

    def _inputs(
        self, workflow: Workflow, target: PlaceId, call: Call, outer: Contexts
    ) -> tuple[dict[str, Known], list[Fact]]:
        facts: list[Fact] = [Place(id=target, kind="scope", title="the inputs of the call", span=call.job.uses_span)]
        given = {variable.name.lower(): variable for variable in call.job.given}
        writer = Writer(target=target, via="with:", desk=self.desk, contexts=outer)
        known: dict[str, Known] = {}
        for declared in workflow.inputs:
            name = declared.name.lower()
            spare = Variable(name=name, template=declared.default or Sealed(""), span=declared.span)
            variable = replace(given.get(name, spare), name=name)
            value = outer.text(variable.template) if variable.template is not None else None
            if value is not None:
                known[name] = value
            facts += writer.write(variable, Position(Phase.HOST))
        return known, facts

    def _require(self, workflow: Workflow, call: Call) -> None:
        """GitHub does not start a call that lacks a required secret (its documentation; act 0.2.89 starts it)."""
        given = {variable.name.lower() for variable in call.job.secrets or ()}
        for declared in workflow.secrets:
            if declared.required and not call.job.inherits and declared.name.lower() not in given:
                why = f"GitHub refuses the call: it does not hand on the secret {declared.name}, which is required"
                spot = Blindspot(place=None, why=why, writes=False, span=call.job.uses_span)
                if spot not in self.problems:
                    self.problems.append(spot)


def _environment(job: Job, contexts: Contexts) -> str:
    known = contexts.text(Sealed(job.environment)) if job.environment else None
    return "" if known is None else plain(word(known)) or ""


def _deployment(environment: str) -> str:
    return f"GitHub Actions, {environment}" if environment else "GitHub Actions"


def _needed(workflow: Workflow, id: str) -> dict[str, PlaceId]:
    """Where the outputs of the jobs of a workflow are, beside the job `id`."""
    head, _, rest = id.rpartition("#")
    label = f"@{rest.partition('@')[2]}" if "@" in rest else ""
    return {f"needs.{job.id}": outputs_of(PlaceId(f"{head}#{job.id}{label}")) for job in workflow.jobs}


def _typed_inputs(workflow: Workflow, process: PlaceId, desk: Desk) -> tuple[PlaceId, list[Fact]]:
    """What somebody types who starts the workflow by hand: most likely the default."""
    place = PlaceId(f"{process}:inputs")
    span = Span(path=workflow.path)
    why = "it is typed by whoever starts the workflow"
    facts: list[Fact] = [Place(id=place, kind="scope", title="the inputs", world=World.OPEN, why=why, span=span)]
    for declared in workflow.inputs:
        seen = desk.see(declared.default, declared.name) if declared.default is not None else None
        if seen is not None and seen.state is State.PRESENT:
            name = VarName(declared.name.lower())
            supply = Supply(place=place, name=name, seen=seen, promised=True, via="inputs", span=declared.span)
            facts.append(supply)
    return place, facts


def _matrix_matters(job: Job) -> bool:
    """Whether legs differ in what their steps run or have in their environment."""
    templates = [variable.template for variable in (*job.env, *(v for s in job.steps for v in (*s.env, *s.given)))]
    templates += [Sealed(text) for s in job.steps for text in (s.run.text if s.run else "", s.directory)]
    found = (part.expression for template in templates if template is not None for part in parts(template))
    return any(str(each.path[0]).lower() == "matrix" for e in found if e is not None for each in lookups(e))
