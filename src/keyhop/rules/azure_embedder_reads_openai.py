"""An embedder of Azure's is configured, and CrewAI reads OpenAI's variables for it.

## Why it fails
``embedder={"provider": "azure"}`` takes its key from ``EMBEDDINGS_OPENAI_API_KEY`` or ``OPENAI_API_KEY``, and its
address from ``OPENAI_API_BASE``; ``AZURE_API_KEY`` and ``AZURE_ENDPOINT`` are for models alone. With only these set
the crew remembers nothing and says nothing; with OpenAI's own key set, Azure gets that (CrewAI 1.15.30).

## Fix
Pass the key and the address in the embedder's ``config``.

## Fix safety
Unsafe, where the process has Azure's own variables and the embedder is a dict in the call itself. It hands Azure
another key.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.catalogue import VarName, variables
from keyhop.facts import Required
from keyhop.finding import Finding, Fix, Rule, Safety
from keyhop.remedy import Configure
from keyhop.rules.rule import finding, process_of, where, who
from keyhop.topology import Topology
from keyhop.value import Trail, Verdict

_OWN, _KEY = VarName("EMBEDDINGS_OPENAI_API_KEY"), VarName("OPENAI_API_KEY")
_TITLE = 'Give the embedder\'s config its `"api_key"` and `"api_base"`, e.g. `os.environ["AZURE_API_KEY"]`.'
_AZURE = VarName("AZURE_API_KEY")
_ENDPOINTS = variables("AZURE_ENDPOINT", "AZURE_OPENAI_ENDPOINT", "AZURE_API_BASE")


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in topology.trails():
        need = trail.need
        if need.provider != "azure" or _OWN not in need.names or need.required is Required.OPTIONAL:
            continue
        process = process_of(topology, trail)
        if trail.verdict is Verdict.LOST:
            name = _KEY if trail.name == _OWN else trail.name
            message = f"{who(trail)} reads OpenAI's variables for Azure, and {name} does not reach {process}"
            yield finding(RULE.id, trail, message, span=need.span, fixes=(_fix(topology, trail),))
            continue
        other = _same_for_openai(topology, trail)
        if other is not None:
            yield finding(
                RULE.id,
                trail,
                f"{who(trail)} in {process} takes {_KEY} for Azure, the key with which {who(other)}"
                f"{where(other.need.span)} asks OpenAI",
                span=need.span,
                fixes=(_fix(topology, trail),),
            )


def _fix(topology: Topology, trail: Trail) -> Fix:
    owner, span = trail.need.owner, trail.need.span
    endpoint = next((name for name in _ENDPOINTS if topology.value(owner, name).usable), None)
    if span is None or endpoint is None or not topology.value(owner, _AZURE).usable:
        return Fix(title=_TITLE)
    remedy = Configure(argument="embedder", variables=(("api_key", _AZURE), ("api_base", endpoint)), span=span)
    return Fix(title=_TITLE, safety=Safety.UNSAFE, remedy=remedy)


def _same_for_openai(topology: Topology, trail: Trail) -> Trail | None:
    """The use of the same variable for OpenAI itself."""
    owner = trail.need.owner
    if topology.value(owner, _OWN).verdict is not Verdict.LOST or not topology.value(owner, _KEY).usable:
        return None
    for other in topology.trails():
        if other.need.owner == owner and other.need.provider == "openai" and other.name == _KEY:
            return other
    return None


RULE = Rule(
    id="azure-embedder-reads-openai",
    summary="an embedder of Azure's looks for OpenAI's variables",
    since="0.1",
    judge=_judge,
    refines=("misspelt-variable-name", "settings-not-exported", "secret-file-never-read", "bare-model-name"),
)
