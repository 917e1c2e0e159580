"""A secret is mounted as a file, and the code looks for a variable.

## Why it fails
``secrets:`` of Compose puts a file into ``/run/secrets``. Nothing makes a variable of it: neither Docker nor
CrewAI reads it, and few programs know ``…_FILE``.

## Fix
Read the file in the entrypoint, ``export KEY="$(cat /run/secrets/key)"``, or in Python, before the crew is made.

## Fix safety
Shown only. It puts a secret into the environment, which child processes inherit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from keyhop.catalogue import VarName
from keyhop.facts import Place
from keyhop.finding import Finding, Fix, Note, Rule
from keyhop.rules.rule import NOT_GIVEN, finding, lost_name, lost_trails, process_of, via, where, who
from keyhop.sighting import State
from keyhop.topology import Topology
from keyhop.value import Trail

_CONTENT = VarName("@content")
"""The name under which a file that is one value holds it."""
_AS_FILES = ("secrets:", "configs:", "volume:", "Credential=")
"""How the ways in which hosts give values as files end."""


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, *NOT_GIVEN):
        file = _file_with_it(topology, trail)
        if file is None:
            continue
        name = lost_name(trail)
        process, path = process_of(topology, trail), file.id.removeprefix(f"{trail.need.owner}:")
        yield finding(
            RULE.id,
            trail,
            f"{process} has {name} as the file {path}{where(file.span)}, and {who(trail)} reads the variable",
            span=file.span,
            related=(Note(message=f"{path} is mounted here", span=file.span),) if file.span else (),
            fixes=(Fix(title=f'Start {process} with `export {name}="$(cat {path})"` in its entrypoint.'),),
        )


def _file_with_it(topology: Topology, trail: Trail) -> Place | None:
    """The mounted file that is this credential: it bears its name, or ``NAME_FILE`` points to it."""
    owner = trail.need.owner
    pointers = {name for name in trail.need.names if _is_set(topology, trail, VarName(f"{name}_FILE"))}
    inside = (place for place in topology.places.values() if place.id.startswith(f"{owner}:/"))
    files = [place for place in inside if _is_one_value(topology, place)]
    named = (file for file in files if any(_same(basename(file.id), name) for name in trail.need.names))
    return next(named, None) or (files[0] if pointers and len(files) == 1 else None)


def _is_one_value(topology: Topology, place: Place) -> bool:
    """Whether a file is mounted as a secret or a config, so that all of it is one value."""
    return any(via(write).endswith(_AS_FILES) for write in topology.writes(place.id, _CONTENT))


def _is_set(topology: Topology, trail: Trail, name: VarName) -> bool:
    return topology.value(trail.need.owner, name).seen.state is State.PRESENT


def _same(file: str, name: str) -> bool:
    """``openai_api_key``, ``openai-api-key.txt`` and ``OPENAI_API_KEY`` are one name."""
    bare = re.sub(r"\.\w+$", "", file)
    return re.sub(r"[^a-z0-9]", "", bare.lower()) == name.replace("_", "").lower()


RULE = Rule(
    id="secret-file-never-read",
    summary="a secret is a file, and the code reads a variable",
    since="0.1",
    judge=_judge,
    refines=("key-lost-at-hop", "missing-beside-sibling", "template-name-not-forwarded", "wrong-provider-key"),
)
