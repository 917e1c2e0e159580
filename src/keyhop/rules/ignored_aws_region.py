"""The region of Bedrock is set by a variable that CrewAI does not read.

## Why it fails
CrewAI takes Bedrock's region from ``region_name=``, ``AWS_DEFAULT_REGION`` or ``AWS_REGION_NAME``, and from nothing
else: ``AWS_REGION``, which AWS itself sets in its containers and functions, and the region of a profile are ignored,
and ``us-east-1`` is asked (CrewAI 1.15.30). There the model may not be enabled, or the role not allowed.

## Fix
Set ``AWS_DEFAULT_REGION`` to the same region.

## Fix safety
Unsafe. Other clients of AWS read it too.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.asked import models_asked, passes
from keyhop.catalogue import VarName, variables
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Rule, Safety, Severity
from keyhop.remedy import Repeat
from keyhop.rules.rule import about, certainty_of_values, named_at, title_of, where
from keyhop.sighting import State
from keyhop.span import Span
from keyhop.topology import Topology

_IGNORED = VarName("AWS_REGION")
_READ = variables("AWS_DEFAULT_REGION", "AWS_REGION_NAME")
_USED = "us-east-1"


def _judge(topology: Topology) -> Iterator[Finding]:
    told: set[str] = set()
    for asked in models_asked(topology):
        practice = asked.practice
        if asked.route.provider != "bedrock" or not asked.route.native or practice.required is Required.OPTIONAL:
            continue
        if practice.place in told or passes(practice, "region_name", "aws_region_name", "client_params"):
            continue
        region = topology.value(practice.place, _IGNORED, practice.at)
        states = {topology.value(practice.place, name, practice.at).seen.state for name in _READ}
        if not region.usable or region.seen.text == _USED or not states <= {State.ABSENT, State.EMPTY}:
            continue
        told.add(practice.place)
        line = named_at(region)
        yield about(
            RULE.id,
            practice,
            f"{_IGNORED}{where(line)} does not reach {practice.subject} in {title_of(topology, practice.place)}: "
            f"CrewAI reads {_READ[0]} and {_READ[1]} alone, and asks {_USED}",
            severity=Severity.WARNING,
            certainty=certainty_of_values(region),
            names=(_IGNORED,),
            span=line,
            fixes=(_fix(line),),
        )


def _fix(line: Span | None) -> Fix:
    remedy = Repeat(name=_IGNORED, other=_READ[0], span=line) if line is not None else None
    return Fix(title=f"Set {_READ[0]} as well{where(line)}.", safety=Safety.UNSAFE, remedy=remedy)


RULE = Rule(
    id="ignored-aws-region",
    summary="the region of Bedrock is set by a variable that CrewAI does not read",
    since="0.1",
    judge=_judge,
)
