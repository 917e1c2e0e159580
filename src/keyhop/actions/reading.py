"""From the workflows of a project to facts: each job that runs the project's code is a process."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.actions.workflow import Workflow, load
from keyhop.actions.workflow_runs import WorkflowRead
from keyhop.facts import (
    Blindspot,
)
from keyhop.readers.reader import Desk, Reading, unreadable
from keyhop.span import Source
from keyhop.tree import Tree


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The jobs of one workflow that run code of the project."""
    workflow = load(source)
    if not isinstance(workflow, Workflow):
        if workflow is not None:
            yield unreadable(source.path, str(workflow))
        return
    for refusal in workflow.refusals:
        why = f"GitHub refuses the workflow: {refusal.why}"
        yield Blindspot(place=None, why=why, writes=False, span=refusal.span)
    if workflow.refusals:
        return
    reading = WorkflowRead(workflow, tree, desk)
    jobs = tuple(reading.jobs())
    needed = {name for job in jobs if job.starts for name in job.ready.job.needs}
    for job in jobs:
        containers = [] if job.refusals else list(job.containers(source, tree, desk).readings())
        if not (job.starts or containers) and job.ready.job.id not in needed:
            continue
        for refusal in job.refusals:
            why = f"GitHub refuses job {job.ready.job.id}: {refusal.why}"
            yield Blindspot(place=None, why=why, writes=False, span=refusal.span)
        yield from job.readings(all_steps=bool(containers))
        yield from containers
    yield from reading.problems
