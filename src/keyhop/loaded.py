"""What a load brought: where every name came from, and what it stands in place of. Never a value."""

from __future__ import annotations

from dataclasses import field

from keyhop.records import dataclass
from keyhop.sighting import Seen, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One store's answer for one name."""

    store: str
    where: str
    seen: Seen = field(repr=False)

    def __str__(self) -> str:
        state = "" if self.seen.state is State.PRESENT else f" ({self.seen.state.value})"
        return f"{self.where}{state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One variable after a load."""

    name: str
    origin: Origin
    passed_over: tuple[Origin, ...] = ()
    """Stores before it in the chain whose value is empty or blank."""
    shadowed: tuple[Origin, ...] = ()
    """Stores after it in the chain that have another value."""

    def __str__(self) -> str:
        more = [f"in place of {each}" for each in self.passed_over]
        more += [f"shadows another value in {each.where}" for each in self.shadowed]
        return "; ".join([f"{self.name}: from {self.origin}", *more])


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Where every name came from. Holds no value; pickles."""

    names: tuple[Held, ...]
    missing: tuple[str, ...] = ()
    """Names that were asked for and that no store has."""
    remarks: tuple[str, ...] = ()
    """What the stores left out, and why."""
    generation: int = 0
    seconds: float = 0.0

    def __getitem__(self, name: str) -> Held:
        """The variable of that name.

        Raises:
            KeyError: nothing was loaded under it.
        """
        for each in self.names:
            if each.name == name:
                return each
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(each.name == name for each in self.names)

    def __str__(self) -> str:
        lines = [str(each) for each in self.names]
        lines += [f"{name}: in no store" for name in self.missing]
        return "\n".join([*lines, *self.remarks])
