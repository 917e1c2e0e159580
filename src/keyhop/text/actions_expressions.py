"""The expressions of GitHub Actions, ``${{ secrets.KEY || 'none' }}``: read, and evaluated as far as they can be.

Texts that stand in an expression are sealed: one of them may be a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from typing import TypeAlias

from keyhop.records import dataclass
from keyhop.text.expansion import Pieces, Plain
from keyhop.text.sealed import Sealed

DEEPEST = 40
"""Levels of brackets that are followed."""
_TEMPLATE = re.compile(r"\$\{\{((?:'[^']*'|(?!\}\}|\$\{\{)[^'])*)\}\}", re.S)
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w-]))"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>\|\||&&|==|!=|<=|>=|[<>!().,\[\]*]))"
)
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))


class Malformed(ValueError):
    """The text is no expression. ``str()`` quotes nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an expression comes to, where that is in view."""

    text: Sealed = field(repr=False)
    """As it is put into a text."""
    truth: bool
    """Whether a condition counts it as true."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, number, boolean or null."""

    known: Known


@dataclass(frozen=True, slots=True)
class Lookup:
    """``secrets.KEY``, ``matrix['name']``: the names as written. An index that is computed is an expression."""

    path: tuple[str | Expression, ...]

    @property
    def names(self) -> tuple[str, ...] | None:
        """The path, where none of it is computed."""
        names = tuple(part for part in self.path if isinstance(part, str))
        return names if len(names) == len(self.path) else None


@dataclass(frozen=True, slots=True)
class Call:
    """``format('{0}', x)``."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """``||``, ``&&``, ``!`` or a comparison."""

    sign: str
    operands: tuple[Expression, ...]


Expression: TypeAlias = Constant | Lookup | Call | Operation
Look: TypeAlias = Callable[[tuple[str, ...]], Known | None]
"""What a path of names holds; None: that is not in view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a template: text as it stands, or an expression."""

    text: Sealed | None = None
    expression: Expression | None = None
    """None for text, and for an expression that cannot be read."""
    start: int = 0
    end: int = 0
    """Where it stands in the template, with its brackets."""


NULL = Known(text=Sealed(""), truth=False)


def known(value: str | bool) -> Known:
    """A text or a boolean that is in view."""
    if isinstance(value, bool):
        return Known(text=Sealed("true" if value else "false"), truth=value)
    return Known(text=Sealed(value), truth=bool(value))


def sealed(value: Sealed) -> Known:
    """A sealed text that is in view."""
    return Known(text=value, truth=bool(value.reveal()))


def joined(found: Iterable[Known]) -> Sealed:
    """Texts one after the other."""
    return Sealed("".join(each.text.reveal() for each in found))


def word(value: Known) -> Pieces:
    """The text as a shell's variable holds it."""
    return (Plain(value.text.reveal(), True),)


def parts(template: Sealed) -> tuple[Part, ...]:
    """A text cut into what stands and what is computed."""
    text, at, out = template.reveal(), 0, list[Part]()
    for match in _TEMPLATE.finditer(text):
        if match.start() > at:
            out.append(Part(text=Sealed(text[at : match.start()]), start=at, end=match.start()))
        try:
            expression: Expression | None = parse(match[1])
        except Malformed:
            expression = None
        out.append(Part(expression=expression, start=match.start(), end=match.end()))
        at = match.end()
    if at < len(text) or not out:
        out.append(Part(text=Sealed(text[at:]), start=at, end=len(text)))
    return tuple(out)


def condition(text: str) -> Expression | None:
    """The expression of an ``if:``, which may stand without brackets; None where it cannot be read."""
    found = parts(Sealed(text.strip()))
    if len(found) == 1 and found[0].text is None:
        return found[0].expression
    if any(part.text is None for part in found):
        return None
    try:
        return parse(text)
    except Malformed:
        return None


def parse(text: str) -> Expression:
    """The expression that a text is.

    Raises:
        Malformed: it is none.
    """
    return _Parser(text).whole()


def lookups(expression: Expression) -> Iterator[Lookup]:
    """Every look into a context, those inside others too."""
    match expression:
        case Lookup(path=path):
            yield expression
            for part in path:
                if not isinstance(part, str):
                    yield from lookups(part)
        case Call(arguments=inner) | Operation(operands=inner):
            for each in inner:
                yield from lookups(each)


def evaluate(expression: Expression, look: Look) -> Known | None:
    """What it comes to; None where a part that matters is not in view."""
    match expression:
        case Constant(known=found):
            return found
        case Lookup():
            path = resolved(expression, look)
            return None if path is None else look(path)
        case Call(name=name, arguments=arguments):
            return _called(name.lower(), [evaluate(each, look) for each in arguments])
        case Operation(sign="!", operands=(operand,)):
            held = evaluate(operand, look)
            return None if held is None else known(not held.truth)
        case Operation(sign=sign, operands=(left, right)):
            return _joined(sign, evaluate(left, look), lambda: evaluate(right, look))
    return None


def resolved(lookup: Lookup, look: Look) -> tuple[str, ...] | None:
    """The names of a path, the computed ones evaluated."""
    names: list[str] = []
    for part in lookup.path:
        if isinstance(part, str):
            names.append(part)
            continue
        found = evaluate(part, look)
        if found is None:
            return None
        names.append(found.text.reveal())
    return tuple(names)


def _joined(sign: str, left: Known | None, right: Callable[[], Known | None]) -> Known | None:
    if sign in ("||", "&&"):
        if left is None:
            return None
        return left if left.truth is (sign == "||") else right()
    other = right()
    if left is None or other is None:
        return None
    a, b = left.text.reveal().lower(), other.text.reveal().lower()  # GitHub compares texts without their case
    if sign in ("==", "!="):
        return known((a == b) is (sign == "=="))
    return None


def _called(name: str, arguments: list[Known | None]) -> Known | None:
    if name in ("success", "always"):
        return known(True)
    if name in ("failure", "cancelled"):
        return known(False)
    if any(each is None for each in arguments):
        return None
    texts = [each.text.reveal() for each in arguments if each is not None]
    match name, texts:
        case "contains", [whole, sought]:
            return known(sought.lower() in whole.lower())
        case "startswith", [whole, sought]:
            return known(whole.lower().startswith(sought.lower()))
        case "endswith", [whole, sought]:
            return known(whole.lower().endswith(sought.lower()))
        case "format", [template, *values]:
            places = re.compile(r"\{(\d+)\}|\{\{|\}\}")
            if any(int(m[1]) >= len(values) for m in places.finditer(template) if m[1]):
                return None
            return known(places.sub(lambda m: values[int(m[1])] if m[1] else m[0][0], template))
        case (("tojson" | "fromjson"), [whole]) if re.fullmatch(r"[\w.-]*", whole):
            return known(whole)
    return None


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        found = self._level(0)
        if self._at < len(self._tokens):
            raise Malformed("something follows the expression")
        return found

    def _next(self, *signs: str) -> str | None:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        if kind == "sign" and text in signs:
            self._at += 1
            return text
        return None

    def _level(self, number: int) -> Expression:
        if number == len(_LEVELS):
            return self._unary()
        left = self._level(number + 1)
        operands = 1
        while (sign := self._next(*_LEVELS[number])) is not None:
            operands += 1
            if operands > DEEPEST:
                raise Malformed("it has too many operands")
            left = Operation(sign, (left, self._level(number + 1)))
        return left

    def _unary(self) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Malformed("it is nested too deep")
        found = Operation("!", (self._unary(),)) if self._next("!") else self._single()
        self._depth -= 1
        return found

    def _single(self) -> Expression:
        if self._next("("):
            inner = self._level(0)
            self._expect(")")
            return inner
        if self._at >= len(self._tokens):
            raise Malformed("it ends too early")
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return Constant(known(text[1:-1].replace("''", "'")))
        if kind == "number":
            return Constant(Known(text=Sealed(text), truth=text.strip("-0.x") != ""))
        if kind != "name":
            raise Malformed("a sign stands where a value should")
        if self._next("("):
            return Call(text, self._arguments())
        if text in ("true", "false"):
            return Constant(known(text == "true"))
        return Constant(NULL) if text == "null" else self._path(text)

    def _arguments(self) -> tuple[Expression, ...]:
        out: list[Expression] = []
        while not self._next(")"):
            out.append(self._level(0))
            if not self._next(","):
                self._expect(")")
                break
        return tuple(out)

    def _path(self, first: str) -> Lookup:
        path: list[str | Expression] = [first]
        while True:
            if self._next("."):
                if self._next("*"):
                    path.append("*")
                    continue
                kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
                if kind != "name":
                    raise Malformed("no name follows the dot")
                self._at += 1
                path.append(text)
            elif self._next("["):
                inner = self._level(0)
                self._expect("]")
                path.append(inner.known.text.reveal() if isinstance(inner, Constant) else inner)
            else:
                return Lookup(tuple(path))

    def _expect(self, sign: str) -> None:
        if not self._next(sign):
            raise Malformed(f"{sign} is missing")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    text, at = text.strip(), 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Malformed("it has a sign that expressions do not know")
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()
    if not text:
        raise Malformed("it is empty")
