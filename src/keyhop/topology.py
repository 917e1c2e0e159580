"""The facts of a project, joined, and the questions that can be asked of them.

The model is the compiler's reaching definitions: a place is an ordered list of writes, and a
question folds them up to the moment of the read. `keyhop.fold` has the meaning of each write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from heapq import merge

from keyhop.catalogue import VarName
from keyhop.facts import (
    END,
    Blindspot,
    Dialect,
    Fact,
    Hop,
    Need,
    Nothing,
    One,
    Place,
    PlaceId,
    Position,
    Practice,
    Sighting,
    Supply,
    Text,
    World,
    Write,
)
from keyhop.fold import Fold
from keyhop.sighting import State
from keyhop.value import Loss, Trail, Value, Verdict

MOST_HOPS = 100
"""Longer chains are answered with unknown."""

_Ordered = tuple[Position, int, Write]
_Question = tuple[PlaceId, VarName, Position, Dialect]


class Topology:
    """An immutable join of facts. Every method is a pure query; answers are remembered."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.places: dict[PlaceId, Place] = {}
        self.needs: list[Need] = []
        self.blindspots: list[Blindspot] = []
        self.practices: list[Practice] = []
        self._named: dict[tuple[PlaceId, VarName], list[_Ordered]] = {}
        self._whole: dict[PlaceId, list[_Ordered]] = {}
        self._promises: dict[tuple[str, VarName], PlaceId] = {}
        self._readers: dict[PlaceId, dict[PlaceId, None]] = {}
        self._started_with: dict[PlaceId, tuple[str, ...]] = {}
        self._answers: dict[_Question, Value] = {}
        self._open: set[_Question] = set()
        self._circles: set[_Question] = set()
        self._index(tuple(facts))

    def value(self, place: PlaceId, name: VarName, at: Position = END, dialect: Dialect = Dialect("")) -> Value:
        """What `place` holds under `name` just before `at`, as a reader of `dialect` sees it."""
        key = (place, name, at, dialect)
        if key in self._answers:
            return self._answers[key]
        if key in self._open:
            self._circles.add(key)
            return Value()
        fold = Fold(self, name, dialect)
        if len(self._open) > MOST_HOPS:
            return fold.unknown(f"it passes more than {MOST_HOPS} hops")
        self._open.add(key)
        value = fold.start(self.place(place), self._promised_elsewhere(place, name))
        for position, _, write in self._writes(place, name):
            if position >= at:
                break
            value = fold.write(value, write)
        self._open.discard(key)
        self._circles.discard(key)
        if not self._circles:
            self._answers[key] = value
        return value

    def place(self, id: PlaceId) -> Place:
        """The place of that id; one that is not in view is open."""
        return self.places.get(id) or Place(id=id, kind="unknown", world=World.OPEN, why=f"{id} is not in view")

    def trails(self) -> Iterator[Trail]:
        """One trail per need, in the order the needs were found."""
        return iter(self._trails)

    @cached_property
    def _trails(self) -> tuple[Trail, ...]:
        return tuple(map(self.trail, self.needs))

    def trail(self, need: Need) -> Trail:
        """The trail of the alternative that fares best."""
        return max((self._all_of(need, parts) for parts in need.any_of), key=lambda trail: trail.verdict)

    def siblings(self, place: PlaceId) -> tuple[Place, ...]:
        """The other processes of the same deployment."""
        me = self.place(place)
        return tuple(
            p for p in self.places.values() if p.kind == "process" and p.deployment == me.deployment and p.id != place
        )

    def writes(self, place: PlaceId, name: VarName) -> tuple[Write, ...]:
        """Every write that may touch `name` in `place`, earliest first."""
        return tuple(write for _, _, write in self._writes(place, name))

    def supplies(self, name: VarName) -> Iterator[Supply]:
        """Every place of the project where a value of that name begins."""
        for (_, found), writes in self._named.items():
            if found == name:
                yield from (w for _, _, w in writes if isinstance(w, Supply))

    def supplied(self, name: VarName) -> bool:
        """Whether a value of that name begins anywhere in the project."""
        return name in self._supplied

    @cached_property
    def _supplied(self) -> frozenset[VarName]:
        return frozenset(
            name for (_, name), writes in self._named.items() if any(isinstance(w, Supply) for _, _, w in writes)
        )

    def names(self, place: PlaceId) -> frozenset[VarName]:
        """The names that are written into `place` one by one."""
        return frozenset(name for where, name in self._named if where == place)

    def _writes(self, place: PlaceId, name: VarName) -> Iterator[_Ordered]:
        by_name = self._named.get((place, name), ())
        return merge(by_name, self._whole.get(place, ()), key=lambda found: found[:2])

    def _index(self, facts: tuple[Fact, ...]) -> None:
        promised: dict[PlaceId, list[VarName]] = {}
        for order, fact in enumerate(facts):
            match fact:
                case Place():
                    self.places.setdefault(fact.id, fact)
                case Need():
                    self.needs.append(fact)
                case Practice():
                    self.practices.append(fact)
                case Supply():
                    self._add(fact.place, fact.name, order, fact)
                    if fact.promised or (fact.seen.usable and self.place(fact.place).kind == "file"):
                        promised.setdefault(fact.place, []).append(fact.name)
                case Hop(passage=One(name=name) | Text(name=name)):
                    self._add(fact.target, name, order, fact)
                case Hop():
                    self._whole.setdefault(fact.target, []).append((fact.at, order, fact))
                case Sighting():
                    for name, _ in fact.seen:
                        self._add(fact.place, name, order, fact)
                case Blindspot():
                    self.blindspots.append(fact)
                    if fact.place is None or not fact.writes:
                        continue
                    if fact.names is None:
                        self._whole.setdefault(fact.place, []).append((fact.at, order, fact))
                    for name in fact.names or ():
                        self._add(fact.place, name, order, fact)
        for writes in (*self._named.values(), *self._whole.values()):
            writes.sort(key=lambda found: found[:2])
        self._promise(facts, promised)

    def _add(self, place: PlaceId, name: VarName, order: int, write: Write) -> None:
        at = write.at
        self._named.setdefault((place, name), []).append((at, order, write))

    def _promise(self, facts: tuple[Fact, ...], promised: dict[PlaceId, list[VarName]]) -> None:
        """A file, there or promised, speaks for the other places of those deployments that read it."""
        for hop in facts:
            if isinstance(hop, Hop) and not isinstance(hop.passage, Nothing):
                self._readers.setdefault(hop.source, {})[hop.target] = None
        for file, names in promised.items():
            for deployment in self._deployments(file) if file in self._readers else ():
                for name in names:
                    self._promises.setdefault((deployment, name), file)

    def _promised_elsewhere(self, place: PlaceId, name: VarName) -> PlaceId | None:
        """The file in which the project keeps `name`, where a deployment that reads `place` reads that file too."""
        found = self.place(place)
        if found.world is not World.PROMISED:
            return None
        if found.instead is not None and (found.instead, name) in self._named:
            return found.instead
        kept = (self._promises.get((deployment, name)) for deployment in self._deployments(place))
        return next((file for file in kept if file is not None and file != place), None)

    def _deployments(self, place: PlaceId, seen: frozenset[PlaceId] = frozenset()) -> tuple[str, ...]:
        """What a place is started together with: its own deployment, else those of whatever reads it."""
        own = self.place(place).deployment
        if own or place in seen:
            return (own,) if own else ()
        if place not in self._started_with:
            targets = self._readers.get(place, ())
            found = (d for target in targets for d in self._deployments(target, seen | {place}))
            self._started_with[place] = tuple(dict.fromkeys(found)) or ("",)
        return self._started_with[place]

    def _all_of(self, need: Need, parts: tuple[tuple[VarName, ...], ...]) -> Trail:
        found = tuple(self._first_of(need, names) for names in parts)
        worst = min(found, key=lambda trail: trail.verdict)
        return worst if len(found) == 1 else _replace_parts(worst, found)

    def _first_of(self, need: Need, names: tuple[VarName, ...]) -> Trail:
        tried: list[Trail] = []
        for at in need.reads:
            for name in names:
                trail = self._read(need, name, at)
                found = trail.value.seen.state in (State.PRESENT, State.PLACEHOLDER)
                if trail.value.usable or (found and not any(t.verdict is Verdict.UNKNOWN for t in tried)):
                    return trail
                tried.append(trail)
        return max(tried, key=lambda trail: (trail.verdict, _tells(trail.value)))

    def _read(self, need: Need, name: VarName, at: Position) -> Trail:
        value = self.value(need.place, name, at)
        loss, lost_at = (value.loss, value.lost_at) if value.verdict is Verdict.LOST else (None, None)
        if value.verdict is Verdict.LOST and value.seen.state is State.ABSENT and at != END:
            later = self.value(need.place, name, END)
            if later.usable:
                loss = Loss.LATE
                lost_at = later.hops[-1] if later.hops else later.origin
        return Trail(need=need, name=name, verdict=value.verdict, value=value, loss=loss, lost_at=lost_at)


def same(a: Value, b: Value) -> bool | None:
    """Whether two values are one key. None: cannot tell. Marks compare only under one HMAC key."""
    if a.seen.mark and b.seen.mark:
        return a.seen.mark == b.seen.mark
    if a.origin is not None and a.origin is b.origin and a.seen.changes == b.seen.changes:
        return True
    return None


def _tells(value: Value) -> int:
    """How much a loss explains: a place, and more than 'nobody supplies it'."""
    return (value.lost_at is not None) + (value.loss is not Loss.NOT_SUPPLIED)


def _replace_parts(trail: Trail, parts: tuple[Trail, ...]) -> Trail:
    return Trail(
        need=trail.need,
        name=trail.name,
        verdict=trail.verdict,
        value=trail.value,
        loss=trail.loss,
        lost_at=trail.lost_at,
        parts=parts,
    )
