"""A key is given to the build of an image, and not to the process that the image starts.

## Why it fails
``ARG`` is known while the image is built, and gone when it runs. Only ``ENV`` stays, and an ``ENV`` with a key
in it hands the key to everyone who gets the image.

## Fix
Give the process the key when it starts.

## Fix safety
Unsafe. It hands a secret to a process.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop
from keyhop.finding import Finding, Rule
from keyhop.rules.rule import NOT_GIVEN, finding, given, lost_name, lost_trails, process_of, where, who
from keyhop.topology import Topology


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, *NOT_GIVEN):
        hop = trail.lost_at
        if isinstance(hop, Hop) and hop.via == "Dockerfile ARG":
            yield finding(
                RULE.id,
                trail,
                f"{lost_name(trail)} is an ARG of the build{where(hop.span)} and not in the environment of "
                f"{process_of(topology, trail)}, where {who(trail)} needs it",
                fixes=(given(topology, trail),),
            )


RULE = Rule(
    id="build-arg-not-in-environment",
    summary="a build argument is taken for an environment variable",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop", "missing-beside-sibling", "template-name-not-forwarded", "wrong-provider-key"),
)
