"""An assignment whose text mentions variables, as the facts it amounts to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import VarName
from keyhop.facts import (
    Blindspot,
    Condition,
    Hop,
    IfUnset,
    One,
    Overwrite,
    PlaceId,
    Position,
    Supply,
    Text,
)
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.expansion import Computed, Piece, Pieces, Plain, Reference, references, sealed, slips


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """``NAME=value`` written into a place, by something that expands references."""

    target: PlaceId
    name: str
    value: Pieces
    source: PlaceId
    """Where the references are looked up."""
    at: Position
    taken_at: Position
    """The moment of the source's life at which they are."""
    via: str
    overwrite: Overwrite = Overwrite.ALWAYS
    given: Condition | None = None
    span: Span | None = None

    def facts(self, desk: Desk) -> Iterator[Supply | Hop | Blindspot]:
        """One supply, or one hop for each variable that may decide the value, or a blindspot."""
        literal = sealed(self.value)
        if literal is not None:
            yield Supply(
                place=self.target,
                name=VarName(self.name),
                seen=replace(desk.see(literal, self.name), changes=slips(literal)),
                at=self.at,
                overwrite=self.overwrite,
                via=self.via,
                given=self.given,
                span=self.span,
            )
            return
        parts = _without_empty(self.value)
        if any(isinstance(p, Computed) for p in parts) or any(not r.name.isidentifier() for r in references(parts)):
            yield Blindspot(
                place=self.target,
                why=f"{self.name} is computed when it runs",
                at=self.at,
                names=frozenset({VarName(self.name)}),
                span=self.span,
            )
        elif len(parts) == 1:
            yield from self._alone(parts[0], desk)
        else:
            refs = tuple(self._one(p, desk) for p in parts if isinstance(p, Reference))
            bare = not any(isinstance(p, Plain) for p in parts)
            yield self._hop(Text(name=VarName(self.name), refs=refs, bare=bare))

    def _alone(self, piece: Piece, desk: Desk) -> Iterator[Hop]:
        """``$A``, or ``${A:-$B}``: there B is written first, and A over it where A is set."""
        assert isinstance(piece, Reference)
        inner = _without_empty(piece.argument)
        falls_back = piece.operator in (":-", "-", ":=", "=") and len(inner) == 1
        if falls_back and isinstance(inner[0], Reference):
            yield from self._alone(inner[0], desk)
            yield self._hop(
                One(
                    name=VarName(self.name),
                    source_name=VarName(piece.name),
                    empty_is_unset=piece.operator.startswith(":"),
                )
            )
        else:
            yield self._hop(self._one(piece, desk))

    def _one(self, ref: Reference, desk: Desk) -> One:
        argument = sealed(ref.argument)
        default = desk.see(argument, self.name) if argument is not None and ref.argument else None
        operator = ref.operator.lstrip(":")
        if_unset = IfUnset.EMPTY
        if operator == "?":
            if_unset = IfUnset.REFUSE
        elif operator in ("-", "=") and default is not None:
            if_unset = IfUnset.DEFAULT
        return One(
            name=VarName(self.name),
            source_name=VarName(ref.name),
            if_unset=if_unset,
            default=default if if_unset is IfUnset.DEFAULT else None,
            empty_is_unset=ref.operator.startswith(":"),
            replaced_by=default if operator == "+" else None,
        )

    def _hop(self, passage: One | Text) -> Hop:
        return Hop(
            source=self.source,
            target=self.target,
            passage=passage,
            via=self.via,
            at=self.at,
            taken_at=self.taken_at,
            overwrite=self.overwrite,
            given=self.given,
            span=self.span,
        )


def _without_empty(value: Pieces) -> Pieces:
    return tuple(p for p in value if not isinstance(p, Plain) or p.text)
