"""``environment:`` and ``args:``: variables as a Compose file writes them, list or map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace

from keyhop.compose.scope import Scope
from keyhop.records import dataclass
from keyhop.sighting import Change
from keyhop.span import Span
from keyhop.text.assignments import cut, cut_text, template
from keyhop.text.go_scalars import Kind, as_written, is_finite, resolve
from keyhop.text.interpolation import Literal, Refused, Template
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Entry, Mapping, Node, Scalar, Sequence

Refuse = Callable[[str, Span, frozenset[str] | None], None]
"""Takes note of what Compose refuses: why, where, and the variables it concerns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One entry, not yet resolved."""

    name: str
    value: Template | None = field(repr=False)
    """None: no value is given, so that the name is passed through from the scope."""
    scope: Scope = field(repr=False)
    span: Span
    changes: tuple[Change, ...] = ()
    """How the text differs from what stands in the file: YAML read a number into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """An entry whose name rests on variables that are not in view."""

    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """The entries of one ``environment:`` or ``args:``, by name."""

    by_name: tuple[Variable, ...] = ()
    unnamed: tuple[Unnamed, ...] = ()
    listed: bool = False
    """Written as a list, or put together from several files, which Compose keeps as a list."""
    not_finite: Span | None = None
    """A number of a map that Compose cannot take; a list holds only texts."""

    def over(self, base: Variables) -> Variables:
        """These entries on top of `base`, name by name."""
        return Variables(
            by_name=_last_of_each((*base.by_name, *self.by_name)),
            unnamed=(*base.unnamed, *self.unnamed),
            listed=True,
        )

    def passed_on(self, scope: Scope) -> Variables:
        """With the names that have no value looked up in another scope."""
        found = (v if v.value is not None else replace(v, scope=scope) for v in self.by_name)
        return replace(self, by_name=tuple(found))

    def without(self, name: str) -> Variables:
        """``!reset`` takes an entry out of a map only."""
        if self.listed:
            return self
        return replace(self, by_name=tuple(v for v in self.by_name if v.name != name))


NO_VARIABLES = Variables()


def variables(node: Node, scope: Scope, refuse: Refuse) -> Variables:
    """Reads the node under ``environment:`` or ``args:``."""
    match node:
        case Mapping(entries=entries):
            found = [v for e in entries if e.value.tag != "!reset" for v in _mapped(e, scope, refuse)]
            spans = [e.value.span for e in entries if isinstance(e.value, Scalar) and not is_finite(e.value)]
            return Variables(by_name=tuple(found), not_finite=next(iter(spans), None))
        case Sequence(items=items):
            read = [v for item in items for v in _listed(item, scope, refuse)]
            return Variables(
                by_name=_last_of_each(v for v in read if isinstance(v, Variable)),
                unnamed=tuple(v for v in read if isinstance(v, Unnamed)),
                listed=True,
            )
        case Scalar() if resolve(node)[0] is not Kind.NULL:
            refuse("it must be a map or a list", node.span, None)
    return NO_VARIABLES


def _mapped(entry: Entry, scope: Scope, refuse: Refuse) -> Iterator[Variable]:
    """``NAME: value``. The name is not interpolated."""
    name, value = entry.key.text, entry.value
    span = entry.key.span if entry.merged else _from_to(entry.key.span, value.span)
    if not isinstance(value, Scalar):
        refuse(f"{name} must be a text, a number, true, false or null", value.span, frozenset({name}))
        return
    kind, printed = resolve(value)
    if kind is Kind.NULL:
        yield Variable(name=name, value=None, scope=scope, span=span)
        return
    changes = () if as_written(value, printed) else (Change.NUMBER,)
    yield Variable(name=name, value=template(printed), scope=scope, span=span, changes=changes)


def _listed(item: Node, scope: Scope, refuse: Refuse) -> Iterator[Variable | Unnamed]:
    """``NAME=value`` or ``NAME``. The whole is interpolated before it is cut."""
    if not isinstance(item, Scalar) or resolve(item)[0] is not Kind.TEXT:
        refuse("a list of variables takes NAME=value and nothing else", item.span, None)
        return
    whole = template(item.sealed)
    halves = cut(whole)
    if halves is None:
        try:
            text = scope.resolved(whole)
        except Refused as error:
            refuse(str(error), item.span, None)
            return
        if text is None:
            yield Unnamed(span=item.span)
            return
        name, literal = cut_text(text)
        value = None if literal is None else _verbatim(literal)
    else:
        name, value = halves
    if name[-1:].isspace():
        refuse("a variable's name has a blank before the =", item.span, frozenset({name.strip()}))
        return
    yield Variable(name=name, value=value, scope=scope, span=item.span)


def _verbatim(text: Sealed) -> Template:
    return Template((Literal(text, 0, 0),))


def _last_of_each(found: Iterator[Variable] | tuple[Variable, ...]) -> tuple[Variable, ...]:
    return tuple({v.name: v for v in found}.values())


def _from_to(first: Span, last: Span) -> Span:
    if first.path != last.path or last.end < first.start:
        return first
    return replace(first, end=last.end)
