"""A command, an image or a service names an env file that is not there.

## Why it fails
Docker Compose refuses to start a service whose ``env_file:`` is missing, and a script that sources a missing file
goes on without it, or stops. Nothing in the project says that its user will make the file: there is no template of
it, no document names it, and git does not ignore it.

## Fix
Name the file that is there, or add a template of it, such as ``llm.env.example``.

## Fix safety
Shown only. Where the file should come from is for the project to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, Nothing, Phase, Required
from keyhop.finding import Finding, Fix, Rule, Severity
from keyhop.rules.rule import NOT_GIVEN, asker, finding, lost_name, process_of, title_of, where
from keyhop.topology import Topology
from keyhop.value import Trail, Verdict


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in topology.trails():
        if trail.need.required is Required.OPTIONAL or not _is_open(trail):
            continue
        hop = _looks_in_vain(topology, trail)
        if hop is None:
            continue
        file, via, line = title_of(topology, hop.source), hop.via.partition(":")[0], where(hop.span)
        unsure = trail.verdict is Verdict.UNKNOWN
        yield finding(
            RULE.id,
            trail,
            f"{via} of {process_of(topology, trail)} reads {file}, which is not there, and {asker(topology, trail)} "
            f"needs {lost_name(trail)}",
            span=hop.span,
            severity=Severity.WARNING if unsure else None,
            fixes=(Fix(title=f"Put {file} where {via}{line} looks for it, or name the file that is there."),),
        )


def _is_open(trail: Trail) -> bool:
    """Nothing else gives the credential."""
    return trail.verdict is Verdict.UNKNOWN or (trail.verdict is Verdict.LOST and trail.loss in NOT_GIVEN)


def _looks_in_vain(topology: Topology, trail: Trail) -> Hop | None:
    """The hop that reads a missing file before any code runs; code may well look for files that need not be there."""
    for write in topology.writes(trail.need.owner, trail.name):
        if isinstance(write, Hop) and write.at.phase <= Phase.ENTRYPOINT:
            file = topology.place(write.source)
            if file.kind == "file" and (file.missing or isinstance(write.passage, Nothing)):
                return write
    return None


RULE = Rule(
    id="env-file-not-found",
    summary="an env file is read that is not there",
    since="0.1",
    judge=_judge,
    refines=("hidden-default-provider", "build-arg-not-in-environment"),
)
