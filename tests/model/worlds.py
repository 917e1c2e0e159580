"""Short words for facts, so that a hard case reads like a sentence."""

from __future__ import annotations

from typing import Any

from keyhop.catalogue import VarName
from keyhop.facts import (
    END,
    Condition,
    Everything,
    Fact,
    Hop,
    IfUnset,
    Need,
    Nothing,
    One,
    Overwrite,
    Phase,
    Place,
    PlaceId,
    Position,
    Sighting,
    Supply,
    World,
)
from keyhop.sighting import EMPTY, PRESENT, Change, Mark, Seen, State
from keyhop.topology import Topology
from keyhop.value import Loss, Trail, Verdict

KEY = VarName("OPENAI_API_KEY")
IMAGE = Position(Phase.IMAGE)
NOTHING = Nothing()


def host(number: int) -> Position:
    return Position(Phase.HOST, number)


def code(number: int) -> Position:
    return Position(Phase.IMPORT, number)


def altered(*changes: Change) -> Seen:
    return Seen(state=State.PRESENT, changes=changes)


def place(id: str, **more: Any) -> Place:
    return Place(id=PlaceId(id), kind=more.pop("kind", "process"), **more)


def file(id: str) -> Place:
    return place(id, kind="file")


SHELL = place("shell", kind="shell", world=World.PROMISED, why="the shell's own variables are not in view")


def kept(where: str, name: str = KEY, seen: Seen = PRESENT, **more: Any) -> Supply:
    return Supply(place=PlaceId(where), name=VarName(name), seen=seen, **more)


def hop(source: str, target: str, passage: Any, via: str, at: Position = host(0), **more: Any) -> Hop:
    return Hop(source=PlaceId(source), target=PlaceId(target), passage=passage, via=via, at=at, **more)


def every(source: str, target: str, via: str, at: Position = host(0), **more: Any) -> Hop:
    return hop(source, target, Everything(), via, at, **more)


def one(name: str = KEY, source_name: str = "", if_unset: IfUnset = IfUnset.KEEP, **more: Any) -> One:
    return One(name=VarName(name), source_name=VarName(source_name or name), if_unset=if_unset, **more)


def need(where: str, *any_of: tuple[tuple[str, ...], ...], reads: tuple[Position, ...] = (END,)) -> Need:
    return Need(
        place=PlaceId(where),
        credential=KEY,
        any_of=any_of or (((KEY,),),),
        reads=reads,  # type: ignore[arg-type]
    )


def seen_live(where: str, instance: str, seen: Seen, **more: Any) -> Sighting:
    return Sighting(place=PlaceId(where), instance=instance, seen=((KEY, seen),), **more)


def marked(mark: bytes) -> Seen:
    return Seen(state=State.PRESENT, mark=Mark(mark))


def depends(text: str, holds: bool | None = None) -> Condition:
    return Condition(text=text, holds=holds)


def trail(*facts: Fact) -> Trail:
    """The trail of the only need."""
    topology = Topology(facts)
    (wanted,) = topology.needs
    return topology.trail(wanted)


def arrives(found: Trail) -> bool:
    return found.verdict is Verdict.ARRIVES and found.loss is None and found.lost_at is None


def unknown(found: Trail) -> bool:
    return found.verdict is Verdict.UNKNOWN and found.loss is None and found.lost_at is None


def lost(found: Trail, loss: Loss, via: str | None) -> bool:
    where = getattr(found.lost_at, "via", None)
    assert (found.verdict, found.loss, where) == (Verdict.LOST, loss, via)
    return True


__all__ = ["EMPTY", "Overwrite", *[n for n in dir() if not n.startswith("_")]]
