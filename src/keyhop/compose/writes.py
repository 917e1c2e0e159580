"""What one variable of ``environment:`` or ``args:`` writes, as facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import VarName
from keyhop.compose.scope import Scope
from keyhop.compose.variables import Variable
from keyhop.facts import Blindspot, Condition, Hop, IfUnset, One, PlaceId, Position, Supply, Text
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.sighting import EMPTY, PRESENT, Change, Seen, State
from keyhop.text.assignments import is_text, literal, references
from keyhop.text.interpolation import Reference, Refused, Template

Passage = One | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes variables into one place."""

    target: PlaceId
    via: str
    desk: Desk
    if_unset: IfUnset = IfUnset.REMOVE
    """What a name that is passed through does where the scope does not have it."""
    given: Condition | None = None

    def write(self, variable: Variable, at: Position) -> Iterator[Supply | Hop | Blindspot]:
        """The writes of one variable, the decisive one last."""
        name = VarName(variable.name)
        if variable.value is None:
            yield self._hop(variable, One(name=name, source_name=name, if_unset=self.if_unset), at)
            return
        text = literal(variable.value)
        if text is not None:
            seen = self.desk.see(text, variable.name)
            yield Supply(
                place=self.target,
                name=name,
                seen=replace(seen, changes=(*seen.changes, *variable.changes)),
                at=at,
                via=self.via,
                given=self.given,
                span=variable.span,
            )
            return
        if variable.value.invalid is not None or self._stops(variable.value, variable.scope):
            yield Blindspot(
                place=self.target,
                why="docker compose refuses the ${…} of it",
                at=at,
                names=frozenset({name}),
                span=variable.span,
            )
            return
        for passage in self._passages(name, variable.value, variable.scope):
            yield self._hop(variable, passage, at)

    def _stops(self, template: Template, scope: Scope) -> bool:
        """Compose refuses a text for a variable deep inside it, which no hop of its own would show."""
        if template.sole is not None or any(each.operator[-1:] == "?" for each in references(template)):
            return False
        return _refuses(template, scope)

    def _hop(self, variable: Variable, passage: Passage, at: Position) -> Hop:
        return Hop(
            source=variable.scope.place,
            target=self.target,
            passage=passage,
            via=self.via,
            at=at,
            given=self.given,
            span=variable.span,
        )

    def _passages(self, name: VarName, template: Template, scope: Scope) -> Iterator[Passage]:
        sole = template.sole
        if sole is None:
            yield from self._mixed(name, template, scope)
            return
        operand = literal(sole.operand)
        colon = sole.operator.startswith(":")
        one = One(name=name, source_name=VarName(sole.name), if_unset=IfUnset.EMPTY, empty_is_unset=colon)
        match sole.operator[-1:]:
            case "":
                yield one
            case "?":
                yield replace(one, if_unset=IfUnset.REFUSE)
            case "-" if operand is not None:
                default = self.desk.see(operand, name)
                yield replace(one, if_unset=IfUnset.DEFAULT, default=default) if is_text(operand) else one
            case "-":
                yield from self._passages(name, sole.operand, scope)
                yield replace(one, if_unset=IfUnset.KEEP)
            case _ if operand is not None:
                yield replace(one, replaced_by=self.desk.see(operand, name) if is_text(operand) else EMPTY)
            case _:
                yield replace(one, replaced_by=self._resolved(name, sole.operand, scope) or PRESENT)

    def _mixed(self, name: VarName, template: Template, scope: Scope) -> Iterator[Passage]:
        """Text around references, or several of them."""
        found = references(template)
        resolved = self._resolved(name, template, scope)
        demanded = [each for each in found if each.operator[-1:] == "?"]
        stopping = (each for each in demanded if _refuses(each, scope))
        required = next(stopping, demanded[0] if demanded else None)
        if required is not None:
            yield One(
                name=name,
                source_name=VarName(required.name),
                if_unset=IfUnset.REFUSE,
                empty_is_unset=required.operator.startswith(":"),
                replaced_by=resolved or PRESENT,
            )
            return
        refs = tuple(self._reference(name, each) for each in found)
        yield Text(name=name, refs=refs, bare=len(found) == len(template.parts), resolved=resolved)

    def _reference(self, name: VarName, reference: Reference) -> One:
        operand = literal(reference.operand)
        defaulted = reference.operator[-1:] == "-" and (operand is None or is_text(operand))
        seen = self.desk.see(operand, name) if operand is not None else PRESENT
        return One(
            name=name,
            source_name=VarName(reference.name),
            if_unset=IfUnset.DEFAULT if defaulted else IfUnset.EMPTY,
            default=seen if defaulted else None,
            empty_is_unset=reference.operator.startswith(":"),
        )

    def _resolved(self, name: VarName, template: Template, scope: Scope) -> Seen | None:
        """What the files and the shell in view make of a template; None where a name is not in view."""
        try:
            text = scope.resolved(template)
        except Refused:
            return None
        if text is None:
            return None
        seen = self.desk.see(text, name)
        if seen.state is State.PRESENT and any(_is_lost(each, scope) for each in references(template)):
            return replace(seen, changes=(*seen.changes, Change.TRUNCATED))
        return seen


def _refuses(what: Template | Reference, scope: Scope) -> bool:
    """Whether Compose stops at it for sure."""
    try:
        scope.resolved(what if isinstance(what, Template) else Template((what,)))
    except Refused:
        return True
    return False


def _is_lost(reference: Reference, scope: Scope) -> bool:
    """The reference leaves a hole in the text."""
    found = scope.known.get(reference.name)
    return reference.operator == "" and (found is None or not is_text(found))
