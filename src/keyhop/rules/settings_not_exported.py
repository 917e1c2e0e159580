"""A settings object has read the key, and the code that needs it reads the environment.

## Why it fails
pydantic-settings and python-decouple read ``.env`` into their own objects and leave ``os.environ`` as it is.
CrewAI looks into the environment only.

## Fix
Hand the value over: ``LLM(api_key=settings.openai_api_key)``. Or load the file into the environment with
``load_dotenv()`` before anything reads it.

## Fix safety
Safe where a model that the code makes lacks the key, and one object of the settings is at hand there: then the field
is passed as ``api_key=``. Else shown only. Loading the file changes what other code sees in the environment.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Place
from keyhop.finding import Finding, Fix, Note, Rule, Safety
from keyhop.remedy import PassField
from keyhop.rules.rule import NOT_GIVEN, finding, line_of, lost_name, lost_trails, process_of, where, who
from keyhop.topology import Topology
from keyhop.value import Trail, Value


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, *NOT_GIVEN):
        found = _settings_with_it(topology, trail)
        if found is None:
            continue
        settings, value = found
        title, line = settings.id.rpartition(":")[2], line_of(value)
        yield finding(
            RULE.id,
            trail,
            f"the object {title} reads {lost_name(trail)}{where(line)} and leaves the environment of "
            f"{process_of(topology, trail)} as it is, where {who(trail)} looks for it",
            span=settings.span,
            related=(Note(message=f"{trail.name} comes from here", span=line),) if line else (),
            fixes=(
                _passing(trail, settings, f"Hand the value from {title} to {who(trail)}, e.g. as `api_key=`."),
                Fix(title="Or call `load_dotenv()` before the modules that read the environment are imported."),
            ),
        )


def _passing(trail: Trail, settings: Place, title: str) -> Fix:
    call, owner = trail.need.span, settings.span
    if call is None or owner is None or not trail.need.because.startswith("LLM("):
        return Fix(title=title)
    remedy = PassField(argument="api_key", name=trail.name, settings=owner, span=call)
    return Fix(title=title, safety=Safety.SAFE, remedy=remedy)


def _settings_with_it(topology: Topology, trail: Trail) -> tuple[Place, Value] | None:
    """The settings object of the same process that holds the credential."""
    for place in topology.places.values():
        inside = place.kind == "settings" and place.id.startswith(f"{trail.need.owner}:")
        if not inside or place.id == trail.need.place:
            continue
        for name in trail.need.names:
            value = topology.value(place.id, name)
            if value.usable:
                return place, value
    return None


RULE = Rule(
    id="settings-not-exported",
    summary="a settings object keeps the key to itself",
    since="0.1",
    judge=_judge,
    refines=("hidden-default-provider", "build-arg-not-in-environment"),
)
