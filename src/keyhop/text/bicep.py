"""Bicep files, as far as what is deployed and with which values (Bicep 0.30's language; nothing is evaluated).

Texts are sealed: one of them may be a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import TypeAlias
from weakref import WeakKeyDictionary

from keyhop.records import dataclass
from keyhop.span import Source, Span, Undecodable
from keyhop.text.sealed import Sealed

DEEPEST = 60
"""Brackets in brackets that are followed."""
_TOKEN = re.compile(
    r"(?P<blank>[ \t\r]+|//[^\n]*|/\*.*?\*/)|(?P<line>\n)"
    r"|(?P<long>'''.*?''')|(?P<text>'(?:\\.|\$\{(?:[^{}']|'[^']*'|\{[^{}]*\})*\}|\$(?!\{)|[^'\\\n$])*')"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<number>\d+)"
    r"|(?P<sign>\|\||&&|==|!=|<=|>=|=~|!~|\?\?|::|\.\?|[{}\[\]().,:?=!<>+\-*/%@#|^])",
    re.S,
)
_JOINING = frozenset(("||", "&&", "==", "!=", "<=", ">=", "=~", "!~", "??", "<", ">", "+", "-", "*", "/", "%"))
_ESCAPES = re.compile(r"\\(u\{[0-9a-fA-F]+\}|.)")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Text:
    """A text. `sealed` is None where other values are written into it."""

    span: Span
    sealed: Sealed | None = field(repr=False)

    @property
    def text(self) -> str:
        """A text that is known to be no value of a variable: a name, a path, a type."""
        return self.sealed.reveal() if self.sealed is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Name:
    """``openAiKey``, ``vault.getSecret('x')``: the words between the dots; a call keeps its arguments."""

    span: Span
    words: tuple[str, ...]
    arguments: tuple[Node, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Object:
    span: Span
    entries: tuple[tuple[str, Node, Span], ...] = field(repr=False)

    def get(self, *path: str) -> Node | None:
        """The value under a path of keys."""
        node: Node | None = self
        for key in path:
            found = node.entries if isinstance(node, Object) else ()
            node = next((value for name, value, _ in found if name == key), None)
        return node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Array:
    span: Span
    items: tuple[Node, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """``condition ? first : second``."""

    span: Span
    branches: tuple[Node, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Other:
    """Anything else: a number, a boolean, a sum, a loop."""

    span: Span


Node: TypeAlias = Text | Name | Object | Array | Choice | Other


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Declaration:
    """``param``, ``var``, ``resource`` or ``module``."""

    keyword: str
    name: str
    span: Span
    kind: str = ""
    """The type of a resource, the path of a module."""
    secure: bool = False
    value: Node | None = None


@dataclass(slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


_parsed: WeakKeyDictionary[Source, tuple[Declaration, ...]] = WeakKeyDictionary()


def parse(source: Source) -> tuple[Declaration, ...]:
    """The declarations of a file, in order; what cannot be read is left out."""
    if source not in _parsed:
        try:
            text = source.text
        except Undecodable:
            text = ""
        _parsed[source] = tuple(_Parser(source, list(_tokens(text))).declarations())
    return _parsed[source]


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        if match.lastgroup and match.lastgroup != "blank":
            yield _Token(match.lastgroup, match.group(), match.start(), match.end())


class _Parser:
    def __init__(self, source: Source, tokens: list[_Token]) -> None:
        self._source = source
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def declarations(self) -> Iterator[Declaration]:
        secure = False
        while (token := self._peek()) is not None:
            if token.text == "@":
                secure = self._decorator() == "secure" or secure
                continue
            self._at += 1
            if token.kind == "name" and token.text in ("param", "var", "resource", "module"):
                found = self._declaration(token, secure)
                if found is not None:
                    yield found
                secure = False
            elif token.kind != "line":
                self._rest_of_line()

    def _decorator(self) -> str:
        self._at += 1
        name = self._peek()
        node = self._primary()
        del node
        return name.text if name else ""

    def _declaration(self, keyword: _Token, secure: bool) -> Declaration | None:
        name = self._take("name")
        if name is None:
            return None
        kind = ""
        if keyword.text in ("resource", "module") and (typed := self._take("text", "long")):
            kind = typed.text.strip("'")
        while (token := self._peek()) is not None and token.text != "=" and token.kind != "line":
            self._at += 1
        value = None
        if token is not None and token.text == "=":
            self._at += 1
            while (token := self._peek()) is not None and token.text == "if":
                self._at += 1
                self._primary()
            value = self._expression()
        span = self._span(keyword.start, name.end)
        return Declaration(keyword=keyword.text, name=name.text, span=span, kind=kind, secure=secure, value=value)

    def _expression(self) -> Node:
        self._depth += 1
        first = self._primary()
        node: Node = first
        while (token := self._ahead()) is not None and token.text in _JOINING and self._depth < DEEPEST:
            self._skip_lines()
            self._at += 1
            self._skip_lines()
            node = Other(span=self._span(first.span.start, self._primary().span.end))
        if token is not None and token.text == "?" and self._depth < DEEPEST:
            self._skip_lines()
            self._at += 1
            self._skip_lines()
            yes = self._expression()
            self._skip_lines()
            if (colon := self._peek()) is not None and colon.text == ":":
                self._at += 1
            self._skip_lines()
            no = self._expression()
            node = Choice(span=self._span(first.span.start, no.span.end), branches=(yes, no))
        self._depth -= 1
        return node

    def _primary(self) -> Node:
        signs = self._at
        while (token := self._peek()) is not None and token.text in ("!", "-"):
            self._at += 1
        if token is not None and self._at > signs and self._depth <= DEEPEST:
            return Other(span=self._span(self._tokens[signs].start, self._primary().span.end))
        if token is None or self._depth > DEEPEST:
            self._at += 1
            return Other(span=self._span(len(self._source.text), len(self._source.text)))
        self._at += 1
        match token:
            case _Token(kind="text" | "long"):
                return self._after(Text(span=self._span(token.start, token.end), sealed=_sealed(token)))
            case _Token(kind="name"):
                return self._name(token)
            case _Token(text="{"):
                return self._after(self._object(token))
            case _Token(text="["):
                return self._after(self._array(token))
            case _Token(text="("):
                inner = self._within(")")
                return self._after(inner[0] if len(inner) == 1 else Other(span=self._span(token.start, token.end)))
        return Other(span=self._span(token.start, token.end))

    def _name(self, first: _Token) -> Node:
        words, arguments, end = [first.text], None, first.end
        while (token := self._peek()) is not None:
            if token.text in (".", ".?", "::"):
                self._at += 1
                word = self._take("name")
                if word is None:
                    break
                words.append(word.text)
                arguments, end = None, word.end
            elif token.text == "(":
                self._at += 1
                arguments = self._within(")")
                end = self._tokens[self._at - 1].end
            elif token.text == "[":
                self._at += 1
                self._within("]")
                words.append("[]")
                end = self._tokens[self._at - 1].end
            elif token.text == "!":
                self._at += 1
            else:
                break
        return Name(span=self._span(first.start, end), words=tuple(words), arguments=arguments)

    def _after(self, node: Node) -> Node:
        """What follows a value in brackets: ``[…][0]``, ``{…}.key``."""
        token = self._peek()
        if token is None or token.text not in (".", "["):
            return node
        while (token := self._peek()) is not None and token.text in (".", "["):
            self._at += 1
            self._within("]") if token.text == "[" else self._take("name")
        return Other(span=node.span)

    def _object(self, opening: _Token) -> Object:
        entries: list[tuple[str, Node, Span]] = []
        while (token := self._next_item("}")) is not None:
            self._at += 1
            if token.kind not in ("name", "text") or (colon := self._peek()) is None or colon.text != ":":
                self._rest_of_line()
                continue
            self._at += 1
            self._skip_lines()
            entries.append((token.text.strip("'"), self._expression(), self._span(token.start, token.end)))
        return Object(span=self._closed(opening), entries=tuple(entries))

    def _array(self, opening: _Token) -> Array | Other:
        token = self._next_item("]")
        if token is not None and token.text == "for":
            self._to("]")
            return Other(span=self._closed(opening))
        items: list[Node] = []
        while token is not None:
            items.append(self._expression())
            token = self._next_item("]")
        return Array(span=self._closed(opening), items=tuple(items))

    def _within(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while self._next_item(closing) is not None:
            found.append(self._expression())
        return tuple(found)

    def _next_item(self, closing: str) -> _Token | None:
        """The token that begins the next item; None at the end, which is passed."""
        while (token := self._peek()) is not None:
            if token.text == closing:
                self._at += 1
                return None
            # A bracket of another kind is left over from an item that was not understood.
            if token.kind != "line" and token.text not in (",", "}", "]", ")"):
                return token
            self._at += 1
        return None

    def _to(self, closing: str) -> None:
        depth = 0
        while (token := self._peek()) is not None:
            self._at += 1
            if token.text in ("{", "[", "("):
                depth += 1
            elif token.text in ("}", "]", ")"):
                if not depth and token.text == closing:
                    return
                depth -= 1

    def _rest_of_line(self) -> None:
        while (token := self._peek()) is not None and token.kind != "line" and token.text not in ("}", "]"):
            self._at += 1

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _ahead(self) -> _Token | None:
        """The next token that is no line end."""
        return next((token for token in self._tokens[self._at : self._at + 40] if token.kind != "line"), None)

    def _skip_lines(self) -> None:
        while (token := self._peek()) is not None and token.kind == "line":
            self._at += 1

    def _take(self, *kinds: str) -> _Token | None:
        token = self._peek()
        if token is None or token.kind not in kinds:
            return None
        self._at += 1
        return token

    def _closed(self, opening: _Token) -> Span:
        end = self._tokens[min(self._at, len(self._tokens)) - 1].end
        return self._span(opening.start, max(end, opening.end))

    def _span(self, start: int, end: int) -> Span:
        return self._source.span(start, max(start, end))


def _sealed(token: _Token) -> Sealed | None:
    if token.kind == "long":
        return Sealed(token.text[3:-3].removeprefix("\n"))
    inside = token.text[1:-1]
    if re.search(r"(?<!\\)\$\{", inside):
        return None
    return Sealed(_ESCAPES.sub(_unescaped, inside))


def _unescaped(match: re.Match[str]) -> str:
    letter = match[1]
    if letter.startswith("u{"):
        return chr(min(int(letter[2:-1], 16), 0x10FFFF))
    return _PLAIN.get(letter, letter)
