"""A model is given an address by an argument that its client does not heed.

## Why it fails
``LLM("azure/…", base_url=…)`` says that an endpoint is missing, for Azure's is ``endpoint=``. Where the client knows
an address of its own, nothing is said: ``api_base=`` of DeepSeek, OpenRouter, Cerebras, DashScope, DeepInfra, vLLM,
Ollama and Anthropic, and any address of Gemini and Bedrock, is dropped, and the key goes to the provider itself
instead of to the gateway (CrewAI 1.15.30).

## Fix
Pass the address by the argument that is heeded.

## Fix safety
Unsafe. It sends the key to another host.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.addresses import ADDRESSES, heeded, host
from keyhop.asked import Asked, address, models_asked, passes, trail_of
from keyhop.catalogue import provider
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Rule, Safety, Severity
from keyhop.remedy import Argument
from keyhop.rules.rule import about, finding, title_of, where
from keyhop.topology import Topology
from keyhop.value import Verdict


def _judge(topology: Topology) -> Iterator[Finding]:
    for asked in models_asked(topology):
        if asked.route.native and asked.practice.required is not Required.OPTIONAL:
            yield from _told(topology, asked)


def _told(topology: Topology, asked: Asked) -> Iterator[Finding]:
    practice, service = asked.practice, provider(asked.route.provider or "")
    if service is None or passes(practice, *heeded(service.id), "client_params"):
        return
    given = next((name for name in ADDRESSES if passes(practice, name)), None)
    if given is None or _is_its_own(topology, asked, given):
        return
    right = next(iter(sorted(heeded(service.id), reverse=True)), "")
    fix = (
        f"Pass `{right}=` instead of `{given}=`" if right else f"Delete `{given}=`, or ask the gateway as `openai/…`"
    )
    span = practice.span
    remedy = Argument(old=given, new=right, span=span) if right and span is not None else None
    fixes = (Fix(title=f"{fix}{where(practice.span)}.", safety=Safety.UNSAFE, remedy=remedy),)
    trail, process = trail_of(topology, asked), title_of(topology, practice.place)
    if service.id == "azure":
        lost = trail is not None and trail.verdict is Verdict.LOST
        so = "finds no endpoint" if lost else "asks the endpoint of a variable"
        message = (
            f"{practice.subject} in {process} ignores `{given}=` and {so}: CrewAI takes Azure's from `endpoint=`"
        )
        if trail is not None and trail.verdict is not Verdict.ARRIVES:
            yield finding(RULE.id, trail, message, span=practice.span, fixes=fixes)
            return
    else:
        message = f"{practice.subject} in {process} ignores `{given}=`, and its key goes to {service.title} itself"
    yield about(RULE.id, practice, message, severity=Severity.WARNING, names=service.names[:1], fixes=fixes)


def _is_its_own(topology: Topology, asked: Asked, argument: str) -> bool:
    """Whether the address is the one that the client asks anyway, or is not known at all."""
    service, text = provider(asked.route.provider or ""), address(topology, asked.practice, argument)
    if asked.route.provider == "azure":
        return False
    return text is None or (service is not None and service.accepts_host(host(text)))


RULE = Rule(
    id="ignored-base-url",
    summary="a model is given an address by an argument that is not heeded",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop", "missing-beside-sibling", "template-name-not-forwarded"),
)
