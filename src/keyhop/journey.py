"""A trail as the steps a reader follows with a finger: where a credential begins, each hop, where it ends."""

from __future__ import annotations

from keyhop.facts import Blindspot, Hop, IfUnset, Nothing, One, Phase, Sighting, Supply, Write
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Loss, Trail

_EFFECT_OF_LOSS = {
    Loss.EMPTIED: "empty",
    Loss.REMOVED: "removed",
    Loss.NOT_PASSED: "not-passed",
    Loss.NOT_SUPPLIED: "not-supplied",
    Loss.REFUSED: "refused",
    Loss.LATE: "late",
    Loss.PLACEHOLDER: "placeholder",
    Loss.REPLACED: "replaced",
    Loss.ALTERED: "altered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write on the way."""

    via: str
    span: Span | None
    effect: str
    """What it did to the value: ``none``, ``renamed``, ``empty``, ``quotes``, …"""
    broken: bool = False
    """The credential was lost here."""


def journey(trail: Trail) -> tuple[Step, ...]:
    """The steps of a trail, in order; the broken one, if any, stands where it belongs."""
    value = trail.value
    steps: list[Step] = []
    lost_at = trail.lost_at
    if value.origin is not None and not isinstance(value.origin, Hop):
        steps.append(_step(value.origin, trail))
    steps += [_step(hop, trail) for hop in value.hops]
    if lost_at is not None and not any(step.broken for step in steps):
        steps.append(_step(lost_at, trail))
    return tuple(steps)


def _step(write: Write, trail: Trail) -> Step:
    broken = write is trail.lost_at
    return Step(via=name_of(write), span=write.span, effect=_effect(write, trail, broken), broken=broken)


def _effect(write: Write, trail: Trail, broken: bool) -> str:
    if broken and trail.loss is not None:
        if trail.loss is Loss.ALTERED and trail.value.seen.changes:
            return str(trail.value.seen.changes[0])
        return _EFFECT_OF_LOSS[trail.loss]
    if isinstance(write, Hop):
        if write.changes:
            return str(write.changes[0])
        if isinstance(write.passage, One) and write.passage.name != write.passage.source_name:
            return "renamed"
    return "none"


def name_of(write: Write) -> str:
    """A write in its user's words."""
    match write:
        case Hop(passage=Nothing()):
            return write.via
        case Hop() | Supply() | Sighting():
            return write.via
        case Blindspot():
            return write.why


def origin_of(trail: Trail, topology: Topology) -> str:
    """Where the value begins, in words; empty where nothing supplies it."""
    origin = trail.value.origin
    if origin is None:
        return ""
    if isinstance(origin, Hop):
        return topology.place(origin.source).title or origin.via
    return topology.place(origin.place).title or str(origin.place)


def when(trail: Trail) -> str:
    """In which phase of its process the credential is read: ``import``, ``build`` or ``call``."""
    phase = trail.need.reads[-1].phase if trail.need.reads else Phase.END
    if phase <= Phase.IMPORT:
        return "import"
    return "build" if phase is Phase.BUILD else "call"


def refuses(write: Write | None) -> bool:
    """Whether the host refuses to start where the name is unset."""
    passage = getattr(write, "passage", None)
    return isinstance(passage, One) and passage.if_unset is IfUnset.REFUSE
