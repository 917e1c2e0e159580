"""A program is started with an environment of its own, in which the key is not.

## Why it fails
``subprocess.run(…, env={…})`` does not add to the environment: the mapping is all that the child gets. The key
that the parent has is not in it, and neither are ``PATH`` and ``HOME``.

## Fix
Start from the parent's environment: ``env={**os.environ, "NAME": value}``; or leave ``env=`` out.

## Fix safety
Unsafe. It hands the parent's secrets to one more program.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop
from keyhop.finding import Finding, Fix, Rule, Safety
from keyhop.remedy import Inherit
from keyhop.rules.rule import finding, lost_name, lost_trails, process_of, title_of, where, who
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Loss


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, Loss.NOT_PASSED, Loss.NOT_SUPPLIED):
        hop, name = trail.lost_at, lost_name(trail)
        if (
            isinstance(hop, Hop)
            and hop.via.endswith("env=")
            and topology.value(hop.source, name, hop.taken_at).usable
        ):
            yield finding(
                RULE.id,
                trail,
                f"{hop.via}{where(hop.span)} gives {process_of(topology, trail)} an environment of its own, without "
                f"the {name} of {title_of(topology, hop.source)} that {who(trail)} needs",
                fixes=(_fix(f"Pass `env={{**os.environ, …}}`{where(hop.span)}, or add {name} to `env=`.", hop.span),),
            )


def _fix(title: str, span: Span | None) -> Fix:
    return Fix(title=title, safety=Safety.UNSAFE, remedy=Inherit(span=span) if span is not None else None)


RULE = Rule(
    id="environment-replaced",
    summary="a program is started without the key that its parent has",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop", "missing-beside-sibling", "hidden-default-provider", "wrong-provider-key"),
)
