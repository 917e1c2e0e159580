"""A key that comes with a request, a task or a session is put where all of them look.

## Why it fails
``os.environ``, ``openai.api_key`` and ``litellm.api_key`` belong to the whole process. Two requests at the same
time use each other's key, and a task that brings none uses that of the task before.

## Fix
Hand the key to the model: ``LLM(model=…, api_key=key)``.

## Fix safety
Shown only. The models have to be built for each request.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Act
from keyhop.finding import Finding, Fix, Rule, Severity
from keyhop.rules.rule import about, practised, title_of
from keyhop.topology import Topology


def _judge(topology: Topology) -> Iterator[Finding]:
    for practice in practised(topology, Act.SETS_WHILE_SERVING):
        yield about(
            RULE.id,
            practice,
            f"`{practice.subject}` sets the key of {practice.model} for all of {title_of(topology, practice.place)}, "
            f"where others that run at the same time use it too",
            severity=Severity.WARNING if practice.model == "a request" else Severity.NOTE,
            fixes=(Fix(title="Hand the key to the model that is built for it: `LLM(model=…, api_key=key)`."),),
        )


RULE = Rule(
    id="key-set-per-request",
    summary="a key that belongs to one request is set for the whole process",
    since="0.1",
    judge=_judge,
)
