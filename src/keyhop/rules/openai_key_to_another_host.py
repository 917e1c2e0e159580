"""A provider's own key is missing, and LiteLLM sends it OpenAI's.

## Why it fails
For many services that speak OpenAI's language, LiteLLM takes ``OPENAI_API_KEY`` where their own key is not set. The
service refuses it, and OpenAI's key has been shown to a stranger (LiteLLM 1.106.2).

## Fix
Give the process the service's own key.

## Fix safety
Unsafe. It hands a secret to a process; and the key that was sent should be changed, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.asked import models_asked, passes, trail_of
from keyhop.catalogue import VarName
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Note, Rule
from keyhop.litellm_models import WITH_OPENAI_KEY
from keyhop.rules.rule import canonical, finding, given, line_of, process_of, title_of_provider, who
from keyhop.topology import Topology
from keyhop.value import Verdict

_KEY = VarName("OPENAI_API_KEY")


def _judge(topology: Topology) -> Iterator[Finding]:
    for asked in models_asked(topology):
        route, practice = asked.route, asked.practice
        service = route.provider or ""
        if route.reader != "litellm" or service not in WITH_OPENAI_KEY or passes(practice, "api_key"):
            continue
        trail, key = trail_of(topology, asked), topology.value(practice.place, _KEY)
        if trail is None or trail.verdict is not Verdict.LOST or trail.need.required is Required.OPTIONAL:
            continue
        if not key.usable or key.seen.dummy or _KEY in trail.need.names:
            continue
        process, line = process_of(topology, trail), line_of(key)
        yield finding(
            RULE.id,
            trail,
            f"{canonical(trail)} does not reach {process}, and LiteLLM sends {_KEY} to "
            f"{title_of_provider(route.provider or '')} in its place for {who(trail)}",
            span=line,
            related=(Note(message=f"{_KEY} is given here", span=line),) if line else (),
            fixes=(given(topology, trail), Fix(title=f"Make a new {_KEY} if the process has run with it.")),
        )


RULE = Rule(
    id="openai-key-to-another-host",
    summary="a service whose own key is missing is sent OpenAI's",
    since="0.1",
    judge=_judge,
    refines=("misspelt-variable-name", "settings-not-exported", "secret-file-never-read", "empty-value-wins"),
)
