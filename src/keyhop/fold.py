"""What each kind of write does to a value. One fold answers one question."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from keyhop.catalogue import VarName
from keyhop.facts import (
    END,
    Blindspot,
    Dialect,
    Everything,
    Hop,
    IfUnset,
    Nothing,
    One,
    Overwrite,
    Place,
    PlaceId,
    Position,
    Sighting,
    Supply,
    Text,
    World,
    Write,
)
from keyhop.sighting import ABSENT, EMPTY, PRESENT, UNKNOWN, Change, Seen, State
from keyhop.value import Loss, Value, Verdict

_LOSS_BY_STATE = {
    State.ABSENT: Loss.REMOVED,
    State.EMPTY: Loss.EMPTIED,
    State.BLANK: Loss.EMPTIED,
    State.PLACEHOLDER: Loss.PLACEHOLDER,
}


class Values(Protocol):
    """What a fold asks of the topology: the values of other places."""

    def value(self, place: PlaceId, name: VarName, at: Position = ..., dialect: Dialect = ...) -> Value: ...

    def supplied(self, name: VarName) -> bool: ...


class Fold:
    """The meaning of writes for one name, as a reader of one dialect sees it."""

    def __init__(self, values: Values, name: VarName, dialect: Dialect) -> None:
        self._values = values
        self._name = name
        self._dialect = dialect

    def start(self, place: Place, promised_in: PlaceId | None) -> Value:
        """What the place holds before its first write."""
        if place.world is World.CLOSED:
            return Value()
        if place.world is World.PROMISED and promised_in is not None:
            return Value(given=(f"{place.title or place.id} does not set it: {promised_in} is its place",))
        return self.unknown(place.why)

    @staticmethod
    def unknown(why: str, value: Value | None = None) -> Value:
        value = value or Value()
        return replace(value, seen=UNKNOWN, given=tuple(dict.fromkeys((*value.given, why))))

    def write(self, value: Value, write: Write) -> Value:
        """The value after `write`."""
        match write:
            case Sighting():
                return self._sighted(value, write)
            case Blindspot():
                return self._obscured(value, write)
        if write.given and write.given.holds is False:
            return value
        new = self._supplied(write) if isinstance(write, Supply) else self._carried(write)
        return value if new is None else self._join(value, write, new)

    def _join(self, value: Value, write: Supply | Hop, new: Value) -> Value:
        """Precedence, doubt and blame: what `new` does to what is already there."""
        whole = isinstance(write, Hop) and isinstance(write.passage, Everything | Nothing)
        held = value.seen.state
        if new.seen.state is State.ABSENT and (whole or new.loss is Loss.ALTERED):
            if held is not State.ABSENT:
                return value
            told = new if _tells(new) > _tells(value) else value
            return replace(
                told, passed_over=value.passed_over, given=tuple(dict.fromkeys((*value.given, *new.given)))
            )
        if _yields(write.overwrite, held):
            if new.usable and held is not State.UNKNOWN:
                return replace(value, passed_over=(*value.passed_over, write))
            return value
        doubt = _doubt(write, new, whole)
        if doubt is not None:
            if value.usable:
                return replace(value, doubts=(*value.doubts, write))
            return value if new.verdict is Verdict.LOST else self.unknown(doubt, new)
        if value.usable and new.verdict is Verdict.LOST:
            loss = {State.EMPTY: Loss.EMPTIED, State.ABSENT: Loss.REMOVED}.get(new.seen.state)
            loss = new.loss if new.loss is Loss.REFUSED else loss or new.loss or Loss.REPLACED
            new = replace(new, loss=loss, lost_at=write)
        if value.usable and value.origin is not None and value.origin is not new.origin:
            beaten = value.hops[-1] if value.hops else value.origin
            new = replace(new, passed_over=(*value.passed_over, beaten))
        return new

    def _obscured(self, value: Value, spot: Blindspot) -> Value:
        """An unreadable write never spoils a usable value, and never cures an unusable one for certain."""
        if value.usable:
            return replace(value, doubts=(*value.doubts, spot))
        return self.unknown(spot.why, value)

    def _sighted(self, value: Value, sighting: Sighting) -> Value:
        """A sighting overrules every prediction before it, and none after it."""
        seen = dict(sighting.seen)[self._name]
        new = Value(seen=seen, origin=sighting, hops=value.hops, loss=value.loss, lost_at=value.lost_at)
        if new.verdict is Verdict.LOST and seen.state is not State.ABSENT:
            new = replace(new, loss=_LOSS_BY_STATE.get(seen.state, Loss.ALTERED), lost_at=sighting)
        if isinstance(value.origin, Sighting) and value.verdict < new.verdict:
            return value  # another instance fares worse
        if seen.state is State.ABSENT and value.verdict is not Verdict.LOST:
            return replace(new, loss=Loss.NOT_PASSED, lost_at=value.hops[-1] if value.hops else sighting)
        return new

    def _supplied(self, supply: Supply) -> Value:
        seen = supply.as_read_by(self._dialect)
        given = (f"{supply.place} is made as the project says",) if supply.promised else ()
        value = Value(seen=seen or ABSENT, origin=supply, loss=None, given=given)
        if value.verdict is not Verdict.LOST:
            return value
        loss = _LOSS_BY_STATE.get(value.seen.state, Loss.ALTERED) if seen else Loss.ALTERED
        return replace(value, loss=loss, lost_at=supply)

    def _carried(self, hop: Hop) -> Value | None:
        """What a hop writes; None for nothing at all."""
        match hop.passage:
            case Nothing(names=names):
                return self._stopped(hop) if names is None or self._name in names else None
            case Everything(prefix=prefix, but=but):
                if self._name in but:
                    return self._stopped(hop)
                if not self._name.startswith(prefix):
                    return None
                name = VarName(self._name[len(prefix) :])
                source = self._ask(hop, name)
                if source.seen.state is State.ABSENT and hop.taken_at != END:
                    later = self._ask(hop, name, END)
                    if later.usable:
                        return _lost(later, ABSENT, Loss.LATE, hop)
                return self._pass_on(hop, source)
            case One() as one:
                return self._one(hop, one)
            case Text() as text:
                return self._text(hop, text)

    def _ask(self, hop: Hop, name: VarName, at: Position | None = None) -> Value:
        dialect = hop.dialect or self._dialect  # a mere copy of a file is read in the dialect of its reader
        return self._values.value(hop.source, name, at or hop.taken_at, dialect)

    def _stopped(self, hop: Hop) -> Value:
        source = self._ask(hop, self._name)
        if source.verdict is Verdict.LOST and source.lost_at:
            return replace(source, seen=ABSENT)
        loss = Loss.NOT_SUPPLIED if source.verdict is Verdict.LOST else Loss.NOT_PASSED
        return _lost(source, ABSENT, loss, hop)

    def _one(self, hop: Hop, one: One) -> Value | None:
        source = self._ask(hop, one.source_name)
        if source.seen.state is State.UNKNOWN and one.source_name != one.name:
            source = self._under_its_own_name(hop, one) or source
        state = source.seen.state
        unset = state is State.ABSENT or (one.empty_is_unset and state is State.EMPTY)
        if not unset:
            if one.replaced_by is not None and state is not State.UNKNOWN:
                return replace(source, seen=one.replaced_by, origin=hop)
            return self._pass_on(hop, source)
        at = source.lost_at or hop
        match one.if_unset:
            case IfUnset.KEEP:
                return None
            case IfUnset.EMPTY:
                return _lost(source, EMPTY, Loss.EMPTIED, at)
            case IfUnset.REMOVE:
                return _lost(source, ABSENT, Loss.REMOVED, at)
            case IfUnset.REFUSE:
                return _lost(source, ABSENT, Loss.REFUSED, hop)
            case IfUnset.LITERAL:
                return _lost(source, replace(PRESENT, changes=(Change.UNEXPANDED,)), Loss.ALTERED, hop)
            case IfUnset.DEFAULT:
                seen = one.default or EMPTY
                loss = _LOSS_BY_STATE.get(seen.state, Loss.ALTERED)
                return replace(source, origin=hop, seen=seen, loss=loss, lost_at=hop)

    def _under_its_own_name(self, hop: Hop, one: One) -> Value | None:
        """Where a hop asks for a name that nothing in the project sets, and its source has the very name that it
        writes, the project's own text says that the name asked for is not set."""
        if self._values.supplied(one.source_name) or not self._ask(hop, one.name).usable:
            return None
        return Value(given=(f"nothing in the project sets {one.source_name}",))

    def _text(self, hop: Hop, text: Text) -> Value:
        """The worst of its references decides; the literal text around them keeps it from being empty."""
        found = [self._ask(hop, ref.source_name) for ref in text.refs]
        resolved = text.resolved
        unknown = next((v for v in found if v.seen.state is State.UNKNOWN), None)
        if unknown is not None:
            return self.unknown(unknown.given[-1] if unknown.given else "part of it is not known", unknown)
        given = tuple(dict.fromkeys(g for v in found for g in v.given))
        unset = [v for v, ref in zip(found, text.refs, strict=True) if _unset(v, ref)]
        if resolved is not None:
            value = Value(seen=resolved, origin=hop, hops=(hop,), loss=None, given=given)
            if value.verdict is not Verdict.LOST:
                return value
            return replace(value, loss=_LOSS_BY_STATE.get(resolved.state, Loss.ALTERED), lost_at=hop)
        if not unset:
            return Value(seen=PRESENT, origin=hop, hops=(hop,), loss=None, given=given)
        if text.bare and len(unset) == len(found):
            return Value(seen=EMPTY, origin=hop, loss=Loss.EMPTIED, lost_at=hop, given=given)
        literal = any(
            ref.if_unset is IfUnset.LITERAL and v.seen.state is State.ABSENT
            for v, ref in zip(found, text.refs, strict=True)
        )
        broken = replace(PRESENT, changes=(Change.UNEXPANDED if literal else Change.TRUNCATED,))
        return Value(seen=broken, origin=hop, loss=Loss.ALTERED, lost_at=hop, given=given)

    def _pass_on(self, hop: Hop, source: Value) -> Value:
        changes = source.seen.changes + hop.changes
        seen = replace(source.seen, changes=changes, mark=None if hop.changes else source.seen.mark)
        out = replace(source, hops=(*source.hops, hop), seen=seen)
        if self._spoilt_by_reader(hop, source) or (changes and source.lost_at is None):
            return replace(out, loss=Loss.ALTERED, lost_at=hop)
        return out

    @staticmethod
    def _spoilt_by_reader(hop: Hop, source: Value) -> bool:
        """The file is fine and the dialect in which this hop reads it is not: blame the hop."""
        if not hop.dialect or not isinstance(source.lost_at, Supply):
            return False
        unseen = source.loss is Loss.ALTERED and not source.seen.changes
        return unseen or source.seen.changes != source.lost_at.seen.changes


def _unset(value: Value, ref: One) -> bool:
    state = value.seen.state
    if ref.if_unset is IfUnset.DEFAULT and ref.default and ref.default.state is State.PRESENT:
        return False
    return state in (State.ABSENT, State.EMPTY)


def _yields(overwrite: Overwrite, held: State) -> bool:
    match overwrite:
        case Overwrite.ALWAYS:
            return False
        case Overwrite.IF_ABSENT:
            return held is not State.ABSENT
        case Overwrite.IF_EMPTY:
            return held not in (State.ABSENT, State.EMPTY)


def _doubt(write: Supply | Hop, new: Value, whole: bool) -> str | None:
    """Why it is not sure that this write happens, or that it has the name."""
    if write.given and write.given.holds is None:
        return write.given.text
    if whole and new.seen.state is State.UNKNOWN:
        return new.given[-1] if new.given else "its source is not in view"
    return None


def _lost(value: Value, seen: Seen, loss: Loss, at: Write) -> Value:
    return replace(value, seen=seen, loss=loss, lost_at=at)


def _tells(value: Value) -> tuple[bool, int, bool]:
    """How much a loss explains: a place, more than 'nobody hands it on', a value that is in view."""
    rank = (Loss.NOT_SUPPLIED, Loss.NOT_PASSED)
    told = rank.index(value.loss) if value.loss in rank else len(rank)
    return value.lost_at is not None, told, value.origin is not None
