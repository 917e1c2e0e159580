"""What one variable of an ``env:`` amounts to, as facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.actions.contexts import Contexts
from keyhop.actions.workflow import Variable
from keyhop.catalogue import VarName
from keyhop.facts import Condition, Hop, IfUnset, One, Place, PlaceId, Position, Supply, Text
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.sighting import UNKNOWN
from keyhop.span import Span
from keyhop.text.actions_expressions import Expression, Known, Lookup, Operation, parts
from keyhop.text.expansion import slips
from keyhop.text.sealed import Sealed

Written = Supply | Hop | Place
BRANCH = Condition(text="a condition of the workflow holds")


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes variables into one place."""

    target: PlaceId
    via: str
    desk: Desk
    contexts: Contexts

    def write(self, variable: Variable, at: Position, given: Condition | None = None) -> Iterator[Written]:
        """The writes of one variable, the decisive one last."""
        name, template = VarName(variable.name), variable.template
        if template is None:
            yield self._unseen(name, at, variable.span)
            return
        known = self.contexts.text(template)
        found = parts(template)
        if known is not None:
            yield self._literal(name, known.text, at, variable.span, given)
        elif len(found) == 1:
            yield from self.expression(name, found[0].expression, at, variable.span, given)
        else:
            yield from self._mixed(name, template, at, variable.span, given)

    def expression(
        self,
        name: VarName,
        expression: Expression | None,
        at: Position,
        span: Span,
        given: Condition | None = None,
    ) -> Iterator[Written]:
        """The writes of one name to what an expression comes to."""
        known = self.contexts.value(expression) if expression is not None else None
        if known is not None:
            yield self._literal(name, known.text, at, span, given)
            return
        match expression:
            case Operation(sign="||", operands=(first, second)):
                yield from self.expression(name, second, at, span, given)
                yield from self._before(name, first, at, span, given)
            case Operation(sign="&&", operands=(_, second)):
                yield self._literal(name, Sealed(""), at, span, given)
                yield from self.expression(name, second, at, span, given or BRANCH)
            case Lookup() if (source := self.contexts.source(expression)) is not None:
                yield self._hop(
                    source, One(name=name, source_name=source[1], if_unset=IfUnset.EMPTY), at, span, given
                )
            case _:
                yield self._unseen(name, at, span)

    def _before(
        self, name: VarName, expression: Expression, at: Position, span: Span, given: Condition | None
    ) -> Iterator[Written]:
        """What goes before an alternative wherever it is true."""
        match expression:
            case Operation(sign="||", operands=(first, second)):
                yield from self._before(name, second, at, span, given)
                yield from self._before(name, first, at, span, given)
            case Operation(sign="&&", operands=(_, second)):
                yield from self._before(name, second, at, span, given or BRANCH)
            case Lookup() if (source := self.contexts.source(expression)) is not None:
                one = One(name=name, source_name=source[1], if_unset=IfUnset.KEEP, empty_is_unset=True)
                yield self._hop(source, one, at, span, given)
            case _:
                known = self.contexts.value(expression)
                if known is None:
                    yield self._unseen(name, at, span)
                elif known.truth:
                    yield self._literal(name, known.text, at, span, given)

    def _mixed(
        self, name: VarName, template: Sealed, at: Position, span: Span, given: Condition | None
    ) -> Iterator[Written]:
        """Text around expressions: each of these is a name of a scope of its own."""
        scope = PlaceId(f"{self.target}:{name}")
        yield Place(id=scope, kind="scope", title=f"the text of {name}", span=span)
        inner = replace(self, target=scope)
        refs: list[One] = []
        bare = True
        for number, part in enumerate(parts(template)):
            if part.text is not None:
                bare = False
                continue
            known: Known | None = self.contexts.value(part.expression) if part.expression else None
            if known is not None and known.truth:
                bare = False
                continue
            part_name = VarName(f"part_{number}")
            yield from inner.expression(part_name, part.expression, at, span)
            refs.append(One(name=name, source_name=part_name, if_unset=IfUnset.EMPTY))
        yield Hop(
            source=scope,
            target=self.target,
            passage=Text(name=name, refs=tuple(refs), bare=bare),
            via=self.via,
            at=at,
            given=given,
            span=span,
        )

    def _literal(self, name: VarName, text: Sealed, at: Position, span: Span, given: Condition | None) -> Supply:
        seen = self.desk.see(text, name)
        seen = replace(seen, changes=seen.changes or slips(text))
        return Supply(place=self.target, name=name, seen=seen, at=at, via=self.via, given=given, span=span)

    def _hop(
        self, source: tuple[PlaceId, VarName], one: One, at: Position, span: Span, given: Condition | None
    ) -> Hop:
        place = source[0]
        hop = Hop(source=place, target=self.target, passage=one, via=self.via, at=at, given=given, span=span)
        return replace(hop, taken_at=at) if place == self.contexts.environment else hop

    def _unseen(self, name: VarName, at: Position, span: Span) -> Supply:
        """A text that GitHub computes when the workflow runs."""
        return Supply(place=self.target, name=name, seen=UNKNOWN, at=at, via=self.via, span=span)
