"""An empty ``AWS_BEARER_TOKEN_BEDROCK`` keeps AWS's other credentials from being tried.

## Why it fails
botocore takes the Bedrock key before an access key or the role of the machine, and takes an empty one, too: it
sends ``Authorization: Bearer`` with nothing behind it (botocore 1.43.46). ``AWS_BEARER_TOKEN_BEDROCK=${TOKEN:-}``
in a Compose file is enough.

## Fix
Delete the line where the variable has no value.

## Fix safety
Unsafe. The token may be the missing part.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.catalogue import VarName
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Rule, Safety, Severity
from keyhop.remedy import Delete
from keyhop.rules.rule import finding, line_of, process_of, where, who
from keyhop.sighting import State
from keyhop.span import Span
from keyhop.topology import Topology

_TOKEN = VarName("AWS_BEARER_TOKEN_BEDROCK")


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in topology.trails():
        if trail.need.required is Required.OPTIONAL or _TOKEN not in trail.need.names:
            continue
        value = topology.value(trail.need.owner, _TOKEN, trail.need.reads[-1])
        if value.seen.state is not State.EMPTY or value.doubts:
            continue
        line = getattr(value.lost_at, "span", None) or line_of(value)
        yield finding(
            RULE.id,
            trail,
            f"{_TOKEN} is set and empty in {process_of(topology, trail)}{where(line)}, and {who(trail)} sends it "
            "instead of any other credential of AWS",
            span=line,
            severity=Severity.ERROR if trail.need.required is Required.ALWAYS else Severity.WARNING,
            fixes=(_fix(line),),
        )


def _fix(line: Span | None) -> Fix:
    remedy = Delete(name=_TOKEN, span=line) if line is not None else None
    return Fix(title=f"Delete {_TOKEN}{where(line)}, or give it a value.", safety=Safety.UNSAFE, remedy=remedy)


RULE = Rule(
    id="empty-bearer-token",
    summary="an empty Bedrock key hides AWS's other credentials",
    since="0.1",
    judge=_judge,
    refines=("empty-value-wins", "missing-beside-sibling", "removed-by-pass-through", "placeholder-value"),
)
