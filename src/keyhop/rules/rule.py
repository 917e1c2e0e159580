"""What rules are made of: which trails they speak of, and in which words."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Hop, PlaceId, Required, Supply, Write
from keyhop.finding import Finding, Fix, Note, Severity, certainty_of, span_of
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Loss, Trail, Verdict

_SEVERITY = {
    Required.ALWAYS: Severity.ERROR,
    Required.CONDITIONAL: Severity.WARNING,
    Required.OPTIONAL: Severity.NOTE,
}


def lost_trails(topology: Topology, *losses: Loss, optional: bool = False) -> Iterator[Trail]:
    """Lost trails with one of these losses; those of optional needs only where asked for."""
    for trail in topology.trails():
        if trail.verdict is not Verdict.LOST or trail.loss not in losses:
            continue
        if optional or trail.need.required is not Required.OPTIONAL:
            yield trail


def finding(
    rule: str,
    trail: Trail,
    message: str,
    *,
    span: Span | None = None,
    severity: Severity | None = None,
    related: tuple[Note, ...] = (),
    fixes: tuple[Fix, ...] = (),
) -> Finding:
    """A finding about a trail, with the severity of its need, at the write that lost it."""
    return Finding(
        rule=rule,
        severity=_SEVERITY[trail.need.required] if severity is None else severity,
        certainty=certainty_of(trail),
        message=message,
        span=span or span_of(trail),
        trail=trail,
        related=(*related, *_read_at(trail)),
        fixes=fixes,
    )


def process_of(topology: Topology, trail: Trail) -> str:
    """What the user's own tool calls the process: ``service worker``."""
    place = topology.place(trail.need.owner)
    return place.title or str(place.id)


def via(write: Write | None) -> str:
    """The mechanism of a write, in its user's words."""
    return getattr(write, "via", "") if isinstance(write, Hop | Supply) else ""


def who(trail: Trail) -> str:
    """Who needs the credential, for the end of a sentence."""
    return trail.need.because or f"the code that reads {trail.name}"


def title_of(topology: Topology, id: PlaceId) -> str:
    place = topology.places.get(id)
    return (place.title if place else "") or str(id)


def _read_at(trail: Trail) -> tuple[Note, ...]:
    if trail.need.span is None:
        return ()
    return (Note(message=f"{who(trail)} needs {trail.name} here", span=trail.need.span),)
