"""The endpoint of an Azure resource has a form that CrewAI does not take as it was meant.

## Why it fails
CrewAI adds ``/openai/deployments/NAME`` to ``https://RESOURCE.openai.azure.com`` and to nothing else. The “target
URI” of the portal, an address that ends in ``/openai/v1/`` or ``/openai/deployments``, and the other hosts of the
same resource are used as they are, and Azure answers 404. An endpoint that names a deployment itself asks that one,
whichever model the agents name (CrewAI 1.15.30, azure-ai-inference 1.0.0b9).

## Fix
Write ``https://RESOURCE.openai.azure.com`` and leave the deployment to the model's name.

## Fix safety
Shown only. Another program may need the longer form.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.addresses import AzureEndpoint, azure_endpoint
from keyhop.asked import Asked, address, models_asked, passes
from keyhop.catalogue import VarName, variables
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Rule, Severity
from keyhop.rules.rule import about, named_at, title_of, where
from keyhop.span import Span
from keyhop.topology import Topology

_NAMES = variables("AZURE_ENDPOINT", "AZURE_OPENAI_ENDPOINT", "AZURE_API_BASE")


def _judge(topology: Topology) -> Iterator[Finding]:
    told: set[tuple[str, str, str]] = set()
    for asked in models_asked(topology):
        practice = asked.practice
        if asked.route.provider != "azure" or not asked.route.native or practice.required is Required.OPTIONAL:
            continue
        found = _endpoint(topology, asked)
        if found is None:
            continue
        name, text, span = found
        read = azure_endpoint(text)
        wins = read.deployment if read.deployment not in ("", asked.route.model) else ""
        key = (practice.place, name, "" if read.fault else asked.model)
        if (read.fault or wins) and key not in told:
            told.add(key)
            yield _told(topology, asked, name, read, span)


def _told(topology: Topology, asked: Asked, name: str, read: AzureEndpoint, span: Span | None) -> Finding:
    practice, process = asked.practice, title_of(topology, asked.practice.place)
    if read.fault:
        message = f"{name}{where(span)} {read.fault}, so that {practice.subject} in {process} is answered with 404"
        advice = f"Give {name} the form `{read.mend}`"
    else:
        message = (
            f"{name}{where(span)} names the deployment {read.deployment} itself, which answers instead of "
            f"{asked.route.model} that {practice.subject} in {process} names"
        )
        advice = f"Delete `/openai/deployments/{read.deployment}` from {name}"
    return about(
        RULE.id,
        practice,
        message,
        names=_NAMES[:1],
        severity=Severity.ERROR if read.fault and read.certain else Severity.NOTE,
        span=span or practice.span,
        fixes=(Fix(title=f"{advice}{where(span)}."),),
    )


def _endpoint(topology: Topology, asked: Asked) -> tuple[str, str, Span | None] | None:
    """What names the endpoint, its text, and where that stands."""
    practice = asked.practice
    if passes(practice, "endpoint"):
        text = address(topology, practice, "endpoint")
        return ("endpoint=", text, practice.span) if text else None
    for name in map(VarName, _NAMES):
        value = topology.value(practice.place, name, practice.at)
        if value.usable:
            return (name, value.seen.text, named_at(value)) if value.seen.text and not value.doubts else None
        if value.verdict.word == "unknown":
            return None
    return None


RULE = Rule(
    id="azure-endpoint-misread",
    summary="an Azure endpoint has a form that CrewAI does not understand",
    since="0.1",
    judge=_judge,
)
