"""A roll call: what each live process sees of each credential, and whether all that should be are the same.

Fingerprints were made under a key of this call alone; here they become letters, A for the key that most have, and
are dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from keyhop.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One credential of one process."""

    state: str
    """absent, empty, blank, placeholder, present or unknown."""
    key: str = ""
    """A letter: the same in all processes of the role that have the same value."""
    changes: tuple[str, ...] = ()
    verdict: str = ""
    """accepted, rejected, not allowed or cannot tell; empty where nobody was asked."""
    because: str = ""
    """What the verdict rests on."""

    @property
    def is_sound(self) -> bool:
        return self.state == "present" and not self.changes and self.verdict not in ("rejected", "not allowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """One process that answered."""

    worker: str
    """What its host calls it."""
    process: str
    pid: int
    host: str
    generation: int
    since: float
    """When its program began, or loaded another value: what it has is no newer. Seconds since 1970, by its clock."""
    cells: Mapping[str, Cell]
    started_with: bool = False
    """It has no keyhop: this is what it was started with, read from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """One that should have answered and did not: neither right nor wrong."""

    worker: str
    why: str
    pid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Processes that do the same work, and so are to have the same keys."""

    id: str
    """As a process id: ``celery:tasks.py#app``, ``compose:docker-compose.yml#worker``."""
    title: str
    present: tuple[Present, ...]
    silent: tuple[Silent, ...] = ()
    remark: str = ""
    """What this host's roll cannot show."""
    counts: bool = True
    """Whether what differs in it is a fault; else it is there to be looked at."""
    process: tuple[str, ...] = ()
    """Globs of the ids that it may have in a project, where these are other ones."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({name for each in self.present for name in each.cells}))

    def same(self, name: str) -> bool | None:
        """Whether all of whom it is known have one usable value; None where none has any, or of none it is known."""
        cells = self._known(name)
        if not any(cell.state == "present" for cell in cells):
            return None
        return len({cell.key for cell in cells}) == 1 and all(cell.is_sound for cell in cells)

    @property
    def differs(self) -> tuple[str, ...]:
        """Names that some have and others lack, or have otherwise, or that are unusable."""
        return tuple(name for name in self.names if self._known(name) and self.same(name) is not True)

    def _known(self, name: str) -> list[Cell]:
        cells = (each.cells[name] for each in self.present if name in each.cells)
        return [cell for cell in cells if cell.state != "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What the project's files say of a credential that differs, or is not there, in a role."""

    role: str
    name: str
    process: str
    """The process of the project that the role may be."""
    predicted: str
    """lost, arrives or unknown."""
    path: str
    line: int
    """Where it is lost, if it is; else empty and 0."""
    says: str
    beside: tuple[str, ...] = ()
    """Other roles that have it, and how they come by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """All roles that were asked."""

    roles: tuple[Role, ...]
    seconds: float
    at: float = 0.0
    """Seconds since 1970."""
    expected: int | None = None
    """How many workers there should be, where the user says so."""
    explained: tuple[Explained, ...] = ()

    @property
    def exit_code(self) -> int:
        """0: all that answered agree; 1: a key is missing, unusable or another one, or a worker that was expected.

        5: nobody answered.
        """
        if not any(role.present for role in self.roles if role.counts):
            return 5
        return int(any(role.differs for role in self.roles if role.counts) or self.workers < (self.expected or 0))

    @property
    def workers(self) -> int:
        """How many answered: children of one worker are one."""
        return len({(role.id, each.worker or each.host, each.worker or each.pid) for role in self.roles
                    if role.counts for each in role.present})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a host's processes said, with their fingerprints still in it."""

    id: str
    title: str
    answers: tuple[Mapping[str, Any], ...]
    silent: tuple[Silent, ...] = ()
    remark: str = ""
    counts: bool = True
    process: tuple[str, ...] = ()


_TEXTS = ("state", "name", "provider", "way", "mark", "verdict", "because")


def is_answer(told: object) -> bool:
    """Whether it is what another keyhop answers: whoever listens on a socket or at a broker may say anything."""
    if not isinstance(told, Mapping) or not isinstance(told.get("seen"), Mapping):
        return False
    numbers = (told.get(name, 0) for name in ("pid", "generation", "since"))
    cells = tuple(told["seen"].values())
    return all(isinstance(each, (int, float)) for each in numbers) and all(
        isinstance(each, Mapping)
        and isinstance(each.get("state"), str)
        and all(each.get(name) is None or isinstance(each[name], str) for name in _TEXTS)
        and isinstance(each.get("changes", []), list)
        for each in cells
    )


def role_of(called: Called) -> Role:
    """The answers compared: what any of them tells of is looked for in all."""
    names = tuple(
        sorted({str(name) for answer in called.answers for name in answer["seen"] if str(name).isprintable()})
    )
    letters = _letters(called, names)
    present = tuple(_present(each, names, letters) for each in called.answers)
    return Role(
        id=called.id,
        title=called.title,
        present=present,
        silent=called.silent,
        remark=called.remark,
        counts=called.counts,
        process=called.process,
    )


def _letters(called: Called, names: Iterable[str]) -> dict[tuple[str, str], str]:
    """For each name and fingerprint a letter; the commonest is A."""
    letters = {}
    for name in names:
        marks = Counter(mark for answer in called.answers if (mark := answer["seen"].get(name, {}).get("mark")))
        for number, (mark, _) in enumerate(sorted(marks.items(), key=lambda each: (-each[1], each[0]))):
            letters[name, mark] = _letter(number)
    return letters


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"A{number}"


def _present(answer: Mapping[str, Any], names: Iterable[str], letters: Mapping[tuple[str, str], str]) -> Present:
    return Present(
        worker=_plain(answer.get("worker")),
        process=_plain(answer.get("process")),
        pid=int(answer.get("pid", 0)),
        host=_plain(answer.get("host")),
        generation=int(answer.get("generation", 0)),
        since=float(answer.get("since", 0.0)),
        started_with=bool(answer.get("started_with")),
        cells={name: _cell(name, answer, letters) for name in names},
    )


def _plain(told: object) -> str:
    """Without what a terminal would obey."""
    return "".join(each if each.isprintable() else "?" for each in str(told or ""))


def _cell(name: str, answer: Mapping[str, Any], letters: Mapping[tuple[str, str], str]) -> Cell:
    seen = answer["seen"].get(name) or {"state": "unknown" if answer.get("started_with") else "absent"}
    return Cell(
        state=_plain(seen["state"]),
        key=letters.get((name, seen.get("mark") or ""), ""),
        changes=tuple(map(_plain, seen.get("changes") or ())),
        verdict=_plain(seen.get("verdict")),
        because=_plain(seen.get("because")),
    )
