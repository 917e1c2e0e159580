"""The models that processes ask, now that the settings which name them are known."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.catalogue import VarName
from keyhop.crewai_version import CrewAIVersion
from keyhop.facts import Act, Practice
from keyhop.implicit import default_llm, endpoint_names, model_names
from keyhop.records import dataclass
from keyhop.routing import Route, route
from keyhop.sighting import State
from keyhop.topology import Topology
from keyhop.value import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One model that a process asks."""

    practice: Practice
    model: str
    """As the code or a setting names it."""
    route: Route
    chosen_by: VarName | None = None
    """The variable that names the model; None where the code does."""
    handed: VarName | None = None
    """The variable whose value CrewAI itself passes as the key, if it is set, whichever service is asked."""
    endpoint: VarName | None = None
    """The variable that sends the calls to another host."""


def models_asked(topology: Topology) -> Iterator[Asked]:
    """Every model whose name is in view, in the order in which the code asks them."""
    for practice in topology.practices:
        found = None
        if practice.act is Act.ASKS:
            found = _named(topology, practice)
        elif practice.act is Act.ASKS_DEFAULT:
            found = _default(topology, practice)
        if found is not None:
            yield found


def trail_of(topology: Topology, asked: Asked) -> Trail | None:
    """The trail of the credential that the model's service is asked with, unless the code passes another."""
    credential = asked.route.credential
    if credential is None:
        return None
    names = {name for part in credential.parts for name in part.names}
    for trail in topology.trails():
        need = trail.need
        same = need.owner == asked.practice.place and need.provider == asked.route.provider
        if same and not names.isdisjoint(need.names):
            return trail
    return None


def address(topology: Topology, practice: Practice, argument: str) -> str | None:
    """The address that is passed under a name, as far as it is in view."""
    for each in practice.arguments:
        if each.name == argument:
            texts = (_text(topology, practice, name) for name in each.names)
            return next((text for text in texts if text), each.text)
    return None


def passes(practice: Practice, *arguments: str) -> bool:
    """Whether one of these arguments is passed."""
    return any(each.name in arguments for each in practice.arguments)


def version_of(practice: Practice) -> CrewAIVersion | None:
    """The version of CrewAI that a practice rests on; None for the newest."""
    return CrewAIVersion.parse(practice.crewai)


def _named(topology: Topology, practice: Practice) -> Asked | None:
    chosen_by = next((name for name in practice.names if _is_set(topology, practice, name)), None)
    model = _text(topology, practice, chosen_by) if chosen_by else practice.model
    if not model:
        return None
    found = route(
        model,
        base_url=passes(practice, "base_url"),
        api_base=passes(practice, "api_base"),
        custom_openai=passes(practice, "custom_openai"),
        is_litellm=passes(practice, "is_litellm"),
        version=version_of(practice),
    )
    return Asked(practice=practice, model=model, route=found, chosen_by=chosen_by)


def _default(topology: Topology, practice: Practice) -> Asked | None:
    version = version_of(practice)
    settings: dict[VarName, str] = {}
    for name in (*model_names(version), *endpoint_names(version)):
        if _is_set(topology, practice, name):
            text = _text(topology, practice, name)
            if text is None and name in model_names(version):
                return None
            settings[name] = text or "?"
    found = default_llm(settings, version)
    return Asked(
        practice=practice,
        model=found.model,
        route=found.route,
        chosen_by=found.chosen_by,
        handed=found.key,
        endpoint=found.endpoint,
    )


def _is_set(topology: Topology, practice: Practice, name: VarName) -> bool:
    return topology.value(practice.place, name, practice.at).seen.state not in (State.ABSENT, State.EMPTY)


def _text(topology: Topology, practice: Practice, name: VarName) -> str | None:
    value = topology.value(practice.place, name, practice.at)
    return value.seen.text if value.usable and not value.doubts else None
