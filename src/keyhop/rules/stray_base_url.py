"""A variable that is meant for something else sends the default model's key to its host.

## Why it fails
An agent without ``llm=`` also heeds ``BASE_URL``, ``API_BASE``, ``OPENAI_API_BASE`` and ``AZURE_API_BASE``, whatever
its model: an address of the project's own site, or of an Azure resource for other models, gets the calls, and with
them the key (CrewAI 1.15.30).

## Fix
Give the variable another name, or name a model of your own: ``Agent(llm=LLM(…))`` heeds only its service's variables.

## Fix safety
Shown only. Another program reads the variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.addresses import host
from keyhop.asked import Asked, models_asked
from keyhop.catalogue import VarName, provider, providers
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Note, Rule, Severity
from keyhop.rules.rule import about, certainty_of_values, named_at, title_of, title_of_provider, where
from keyhop.sighting import State
from keyhop.topology import Topology

_OF_OPENAI = frozenset({VarName("OPENAI_API_BASE"), VarName("OPENAI_BASE_URL")})


def _judge(topology: Topology) -> Iterator[Finding]:
    for asked in models_asked(topology):
        if asked.endpoint is not None and asked.practice.required is not Required.OPTIONAL:
            yield from _told(topology, asked, asked.endpoint)


def _told(topology: Topology, asked: Asked, name: VarName) -> Iterator[Finding]:
    practice, service = asked.practice, provider(asked.route.provider or "")
    address = topology.value(practice.place, name, practice.at)
    key = topology.value(practice.place, asked.handed, practice.at) if asked.handed else None
    text = address.seen.text
    if service is None or key is None or not key.usable or key.seen.dummy or not address.usable or not text:
        return
    where_to = host(text)
    others = [each for each in providers() if each.id != service.id and each.accepts_host(where_to)]
    meant = name in _OF_OPENAI and service.id == "openai"
    if not where_to or service.accepts_host(where_to) or (meant and not others) or _is_meant(topology, asked):
        return
    line, wrong = named_at(address), bool(others) and key.seen.state is State.PRESENT
    whose = f"{title_of_provider(others[0].id)}'s host {where_to}" if others else where_to
    process = title_of(topology, practice.place)
    yield about(
        RULE.id,
        practice,
        f"{name}{where(line)} sends the calls of {practice.subject} in {process} to {whose}, "
        f"and with them {asked.handed}",
        severity=Severity.ERROR if wrong and practice.required is Required.ALWAYS else Severity.NOTE,
        certainty=certainty_of_values(address, key),
        names=(asked.handed,) if asked.handed else None,
        span=line,
        related=(Note(message=f"{practice.subject} is made here", span=practice.span),) if practice.span else (),
        fixes=(Fix(title=f"Give {name} another name{where(line)}, or pass a model of your own to the agent."),),
    )


def _is_meant(topology: Topology, asked: Asked) -> bool:
    """Two variables agree on the address, so that one of them alone is not there by accident."""
    place, at = asked.practice.place, asked.practice.at
    texts = [topology.value(place, name, at).seen.text for name in sorted(_OF_OPENAI)]
    return (
        bool(asked.endpoint)
        and topology.value(place, VarName(str(asked.endpoint)), at).seen.text in texts
        and (asked.endpoint not in _OF_OPENAI)
    )


RULE = Rule(
    id="stray-base-url",
    summary="an unrelated address gets the default model's key",
    since="0.1",
    judge=_judge,
)
