"""What a fold over writes results in: everything about a value but the value."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import TypeAlias

from keyhop.catalogue import VarName
from keyhop.facts import Hop, Need, Sighting, Supply, Write
from keyhop.records import dataclass
from keyhop.sighting import ABSENT, Seen, State


class Verdict(IntEnum):
    """Whether a credential is there. All-of is the minimum, any-of the maximum (Kleene)."""

    LOST = 0
    UNKNOWN = 1
    ARRIVES = 2

    @property
    def word(self) -> str:
        return self.name.lower()


class Loss(Enum):
    """How a credential was lost. A lost trail has exactly one."""

    NOT_SUPPLIED = "not-supplied"
    NOT_PASSED = "not-passed"
    EMPTIED = "emptied"
    REMOVED = "removed"
    REPLACED = "replaced"
    ALTERED = "altered"
    PLACEHOLDER = "placeholder"
    LATE = "late"
    REFUSED = "refused"


Origin: TypeAlias = Supply | Sighting | Hop
"""Where a value began. A hop, where the value is that hop's own default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a place holds under a name at a moment."""

    seen: Seen = ABSENT
    origin: Origin | None = None
    hops: tuple[Hop, ...] = ()
    loss: Loss | None = Loss.NOT_SUPPLIED
    """Read it only where the value is not usable."""
    lost_at: Write | None = None
    passed_over: tuple[Write, ...] = ()
    """Writes of a usable value that lost against another write."""
    given: tuple[str, ...] = ()
    """What the verdict rests on, in words."""
    doubts: tuple[Write, ...] = ()
    """Writes that may happen and would change the value."""

    @property
    def usable(self) -> bool:
        return self.seen.usable

    @property
    def verdict(self) -> Verdict:
        if self.usable:
            return Verdict.ARRIVES
        return Verdict.UNKNOWN if self.seen.state is State.UNKNOWN else Verdict.LOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The journey of one needed credential to the process that needs it."""

    need: Need
    name: VarName
    """The name that decided: the one that arrives, or the one that came furthest."""
    verdict: Verdict
    value: Value
    loss: Loss | None = None
    lost_at: Write | None = None
    parts: tuple[Trail, ...] = ()
    """One trail per part, where a credential has several."""
