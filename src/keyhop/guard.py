"""What a worker is to have before it works, where from, and how its errors leave it.

A guard is a reference: names, and stores by their declaration. It holds no value, so that it may cross a pipe, a
broker or an object store.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field
from pathlib import Path

from keyhop.answering import answer_roll_calls
from keyhop.crew_watch import watch_crews
from keyhop.errors import UsageError
from keyhop.forks import refuse_dead_bus
from keyhop.loads import LOADS
from keyhop.records import dataclass
from keyhop.startup import load, require

_READY: dict[str, int] = {}
"""Guards that this process has passed, by what they ask for, and the generation of keys that it had then."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_READY.clear)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What one host's workers are to have. Pickles where `what` is names alone."""

    what: tuple[object, ...]
    stores: tuple[str | Mapping[str, object], ...] | None = field(default=None, repr=False)
    root: str = ""
    """The project's directory; where it is not there, as on another machine, a worker looks for its own."""
    trust: bool = False
    timeout: float = 10.0
    crews: bool = True
    """Whether every crew, flow and agent of CrewAI is judged, too, when it begins."""

    @property
    def key(self) -> str:
        """The same for two guards that ask for the same."""
        named = [each if isinstance(each, str) else f"{type(each).__name__} {id(each)}" for each in self.what]
        return repr((named, self.stores, self.root, self.trust, self.crews))

    def check(self, *, worker: str = "", generation: int = 0, forks: bool = False) -> None:
        """Loads what the stores have, and returns once this process has what it needs.

        Costs next to nothing where it did so before, at this `generation` of keys or a later one. A process that
        `forks` its workers gets no thread, which a fork would not take along: its workers answer roll calls.

        Raises:
            MissingCredential: something is missing or unusable.
            StoreError: a store does not give what it should.
            NotStarted: the process is a fork in which CrewAI cannot run.
        """
        if _READY.get(self.key, -1) >= generation:
            return
        refuse_dead_bus()
        root = self.root if Path(self.root).is_dir() else None
        load(stores=self.stores, root=root, trust=self.trust, timeout=self.timeout, generation=generation)
        if self.what:
            require(*self.what, worker=worker)
        if self.crews:
            watch_crews()
        if not forks:
            self.answer(worker=worker)
        _READY[self.key] = max(LOADS.generation, generation)

    def answer(self, *, worker: str = "") -> None:
        """From now on this process answers roll calls with what it is to have."""
        answer_roll_calls(worker=worker, needs=[each for each in self.what if isinstance(each, str)])

    @contextmanager
    def around(self, *, worker: str = "", generation: int = 0) -> Iterator[None]:
        """Work that begins only where `check` passes, and whose errors survive the way to another process."""
        self.check(worker=worker, generation=generation)
        try:
            yield
        except Exception as error:
            leaving = as_it_leaves(error)
            if leaving is error:
                raise
            raise leaving from error

    def sendable(self) -> Guard:
        """Itself, if it may leave this process.

        Raises:
            UsageError: it names a live object, or its stores' declaration holds what looks like a secret.
        """
        from keyhop.text.own_values import hide

        if not all(isinstance(each, str) for each in self.what):
            raise UsageError(
                "only names can be sent to workers, not live objects",
                help="Name providers, variables or models; the crew is judged in the worker when it begins.",
            )
        if hide(self.key) != self.key:
            raise UsageError(
                "the declaration of a store holds a secret, which must not be sent to workers",
                help="Let the store's own variable or file hold it on each worker.",
            )
        return self


def guard_of(
    what: Sequence[object],
    *,
    stores: Sequence[str | Mapping[str, object]] | None = None,
    root: str | os.PathLike[str] | None = None,
    trust: bool = False,
    timeout: float = 10.0,
    crews: bool = True,
) -> Guard:
    """A guard that asks for what is known.

    Raises:
        UsageError: a name is no provider, variable or model.
    """
    from keyhop.seeing_process import understood
    from keyhop.surroundings import root as found_root

    understood(tuple(what))
    where = str(Path(root).resolve() if root is not None else found_root())
    kept = None if stores is None else tuple(stores)
    return Guard(what=tuple(what), stores=kept, root=where, trust=trust, timeout=timeout, crews=crews)


def as_it_leaves(error: Exception) -> Exception:
    """The error without keys; where it would not survive the way to another process, one that does and says the same.

    Never raises: the error at hand matters more.
    """
    try:
        from keyhop.text.redacting import redact_chain

        redact_chain(error)
        if _survives(error):
            return error
        from keyhop.pickling import picklable

        carried = picklable(error)
        return carried if isinstance(carried, Exception) else error
    except Exception:
        return error


def _survives(error: Exception) -> bool:
    """Whether it is the same after a pickle and back, and takes no key along."""
    from keyhop.text.own_values import hide

    with suppress(Exception):
        written = pickle.dumps(error)
        text = written.decode("latin-1")
        return type(pickle.loads(written)) is type(error) and hide(text) == text
    return False
