"""A template asks its reader for a key, and the process gets a list of variables in which it is not.

## Why it fails
Docker Compose reads ``.env`` to fill ``${…}`` in its own file, and for nothing else. A name that is in
``.env.example`` and not in the ``environment:`` of a service never arrives there, although its user did
all that the project asked for.

## Fix
Add the name to ``environment:``, or give the service the whole file with ``env_file:``.

## Fix safety
Unsafe. Which processes are to have the key is for its owner to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, Nothing, Required, Supply
from keyhop.finding import Finding, Note, Rule, Severity
from keyhop.rules.rule import finding, given, lost_trails, process_of, promise_of, via, where, who
from keyhop.topology import Topology
from keyhop.value import Loss, Trail


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.NOT_PASSED, optional=True):
        promise = promise_of(topology, trail)
        if promise is None or not _is_a_list(topology, trail):
            continue
        process, hop = process_of(topology, trail), via(trail.lost_at)
        yield finding(
            RULE.id,
            trail,
            f"{promise.via} asks for {promise.name}{_in(promise)}, and {hop} of {process} does not forward it "
            f"to {who(trail)}",
            severity=None if trail.need.required is Required.ALWAYS else Severity.NOTE,
            related=(Note(message=f"{promise.name} is asked for here", span=promise.span),) if promise.span else (),
            fixes=(given(topology, trail),),
        )


def _is_a_list(topology: Topology, trail: Trail) -> bool:
    """The loss is the edge of a list of names, written out of a scope that holds more."""
    hop = trail.lost_at
    return isinstance(hop, Hop) and isinstance(hop.passage, Nothing) and topology.place(hop.source).kind == "scope"


def _in(promise: Supply) -> str:
    return where(promise.span) if promise.span and promise.span.path != promise.via else ""


RULE = Rule(
    id="template-name-not-forwarded",
    summary="a name that a template asks for is not handed on to the process",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop",),
)
