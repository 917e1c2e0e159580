"""The quotes around a key become a part of it.

## Why it fails
Readers of env files differ. python-dotenv and Compose take quotes off; ``docker run --env-file``, podman and
kustomize keep them, and so does the list form ``- KEY="…"`` of Compose. The provider gets the key in its
quotes and answers 401.

## Fix
Write the value without quotes: every reader takes ``KEY=value`` as it is meant.

## Fix safety
Safe. A value with blanks, ``#`` or ``$`` keeps its quotes, which other readers of the file need: then it is shown
only.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Finding, Rule
from keyhop.rules.rule import altered_trails, asker, cleaned, finding, reader_of, where, written_at
from keyhop.sighting import Change
from keyhop.topology import Topology


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in altered_trails(topology, Change.QUOTES):
        line = written_at(trail)
        yield finding(
            RULE.id,
            trail,
            f"{reader_of(trail)} keeps the quotes around {trail.name}{where(line)}, so that "
            f"{asker(topology, trail)} sends them as a part of the key",
            fixes=(cleaned(trail, f"Take the quotes off {trail.name}{where(line)}."),),
        )


RULE = Rule(
    id="quotes-kept-in-value",
    summary="quotes become a part of the key",
    since="0.1",
    judge=_judge,
    refines=("value-altered",),
)
