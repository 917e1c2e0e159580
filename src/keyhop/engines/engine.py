"""What every engine is: a way in which Python code starts, or feeds, processes other than its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from keyhop.facts import Blindspot, Hop, Place, Supply
from keyhop.launch import Launch
from keyhop.records import dataclass

if TYPE_CHECKING:
    from keyhop.python.modules import Module
    from keyhop.python.parents import Asked, Parent
    from keyhop.python.scopes import Scope

Passed: TypeAlias = Hop | Supply | Blindspot


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """The processes that one place in the code starts or feeds, all of one kind."""

    place: Place
    passed: tuple[Passed, ...] = ()
    """What of the parent's environment is in theirs when they begin, and when it is taken."""
    imports: tuple[Module, ...] = ()
    """The modules that they import before any work: their code runs again, ``__main__`` blocks do not."""
    runs: tuple[Scope, ...] = ()
    """The functions that they are given, initializers first."""
    launch: Launch | None = None
    """The command that they run, instead of functions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One way to run code in other processes: what they inherit, and when that is frozen."""

    id: str
    title: str
    supports: tuple[str, ...]
    """Requirements: the versions whose behaviour this describes."""
    inherits: str
    """What the children see, in one sentence for its users."""
    frozen: str
    """After which moment nothing that the parent sets reaches them, in one sentence."""
    methods: frozenset[str] = frozenset()
    """The last names of calls that take functions or commands to other processes."""
    takes: Callable[[Asked], bool] = lambda _: False
    """Whether a call of such a name runs the functions that it is given elsewhere. Asked while code is read, when
    not every caller is known yet."""
    hops: Callable[[Parent], Iterator[Children | Hop]] = lambda _: iter(())
    """The children of a process, and its hops into processes that others start. Never raises for what code holds."""

    @property
    def worker(self) -> str:
        """The role of its children."""
        return f"{self.id} worker"
