"""What GitHub refuses in a workflow: contexts that are not available where an expression uses them.

The places are those of GitHub's documentation (contexts, "context availability", 2026); act 0.2.89 refuses the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.actions_expressions import condition, lookups, parts
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence
from keyhop.text.yaml_nodes import entries, items, mapping

_WORKFLOW_ENV = frozenset({"github", "secrets", "inputs", "vars"})
_JOB_ENV = frozenset({"github", "needs", "strategy", "matrix", "vars", "secrets", "inputs"})
_JOB_IF = frozenset({"github", "needs", "vars", "inputs"})
_STEP_IF = frozenset({"github", "needs", "strategy", "matrix", "job", "runner", "env", "vars", "steps", "inputs"})
_COMPOSITE = _STEP_IF


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing of a file is run."""

    why: str
    span: Span


def refused_in(workflow: Mapping) -> Iterator[Refusal]:
    """The refusals of a workflow."""
    yield from _within(workflow.get("env"), _WORKFLOW_ENV, "the workflow's env:")
    for name, value, _ in entries(workflow.get("jobs")):
        job = mapping(value)
        if job is None:
            continue
        yield from _within(job.get("env"), _JOB_ENV, f"the env: of job {name}")
        yield from _condition(job.get("if"), _JOB_IF, f"the if: of job {name}")
        for step in map(mapping, items(job.get("steps"))):
            yield from _condition(step.get("if") if step else None, _STEP_IF, "the if: of a step")


def refused_in_action(action: Mapping) -> Iterator[Refusal]:
    """The refusals of a composite action."""
    runs = mapping(action.get("runs"))
    for step in items(runs.get("steps") if runs else None):
        yield from _within(step, _COMPOSITE, "a composite action")


def _within(node: Node | None, allowed: frozenset[str], where: str) -> Iterator[Refusal]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from _within(entry.value, allowed, where)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _within(item, allowed, where)
    elif isinstance(node, Scalar):
        for part in parts(node.sealed):
            for lookup in lookups(part.expression) if part.expression else ():
                yield from _context(lookup.path[0], allowed, where, node.span)


def _condition(node: Node | None, allowed: frozenset[str], where: str) -> Iterator[Refusal]:
    if not isinstance(node, Scalar):
        return
    expression = condition(node.text)
    for lookup in lookups(expression) if expression is not None else ():
        yield from _context(lookup.path[0], allowed, where, node.span)


def _context(context: object, allowed: frozenset[str], where: str, span: Span) -> Iterator[Refusal]:
    if isinstance(context, str) and context.lower() not in allowed:
        yield Refusal(why=f"{where} has no {context} context", span=span)
