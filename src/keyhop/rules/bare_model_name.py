"""A variable names a model without its provider, and CrewAI hands the provider another one's key.

## Why it fails
An agent without ``llm=`` takes its model from ``MODEL``. Where that has no prefix, CrewAI passes the value of
``OPENAI_API_KEY`` as the key, and still finds from the name that ``claude-…`` is Anthropic's and ``gemini-…``
Google's: the provider gets OpenAI's key, although its own is set (CrewAI 1.15.30).

## Fix
Write the provider before the model: ``MODEL=anthropic/claude-sonnet-4-5``.

## Fix safety
Unsafe. Another program may read the variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.asked import Asked, models_asked, trail_of
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Note, Rule, Safety, Severity
from keyhop.remedy import Rename
from keyhop.rules.rule import about, certainty_of_values, finding, named_at, title_of, title_of_provider, where
from keyhop.topology import Topology
from keyhop.value import Value


def _judge(topology: Topology) -> Iterator[Finding]:
    for asked in models_asked(topology):
        key = _others_key(topology, asked)
        if key is not None:
            yield _told(topology, asked, key)


def _others_key(topology: Topology, asked: Asked) -> Value | None:
    """The key of another provider that is handed over."""
    route, handed, place = asked.route, asked.handed, asked.practice.place
    if handed is None or route.credential is None or asked.practice.required is Required.OPTIONAL:
        return None
    if asked.chosen_by is None or handed in route.credential.names or "/" in asked.model:
        return None
    value = topology.value(place, handed, asked.practice.at)
    return value if value.usable else None


def _told(topology: Topology, asked: Asked, key: Value) -> Finding:
    practice, process = asked.practice, title_of(topology, asked.practice.place)
    provider = title_of_provider(asked.route.provider or "")
    setting = topology.value(practice.place, asked.chosen_by or asked.practice.names[0], practice.at)
    line = named_at(setting)
    message = (
        f"{asked.chosen_by} names {asked.model} without a provider{where(line)}, so that {practice.subject} in "
        f"{process} sends {asked.handed} to {provider}"
    )
    related = (Note(message=f"{asked.handed} is set here", span=named_at(key)),) if named_at(key) else ()
    whole = f"{asked.route.provider}/{asked.model}"
    remedy = Rename(old=asked.model, new=whole, span=line) if line is not None else None
    fixes = (Fix(title=f"Write {asked.chosen_by}={whole}{where(line)}.", safety=Safety.UNSAFE, remedy=remedy),)
    trail = trail_of(topology, asked)
    if trail is not None:
        return finding(RULE.id, trail, message, span=line or practice.span, related=related, fixes=fixes)
    return about(
        RULE.id,
        practice,
        message,
        severity=Severity.ERROR if practice.required is Required.ALWAYS else Severity.WARNING,
        certainty=certainty_of_values(setting, key),
        names=(asked.handed,) if asked.handed else None,
        span=line,
        related=related,
        fixes=fixes,
    )


RULE = Rule(
    id="bare-model-name",
    summary="a model without its provider is asked with OpenAI's key",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop", "wrong-provider-key", "hidden-default-provider"),
)
