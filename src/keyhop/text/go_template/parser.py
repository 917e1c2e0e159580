"""From a template's text to its tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from keyhop.records import dataclass
from keyhop.text.go_template.tree import (
    Action,
    Branch,
    Call,
    Command,
    Constant,
    Field,
    Function,
    Leave,
    Literal,
    Node,
    Operand,
    Pipeline,
    Template,
    TemplateError,
    Variable,
)

_ACTION = re.compile(
    r"\{\{(?P<left>-(?=\s))?(?P<code>(?:\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|'(?:\\.|[^'\\\n])*'|(?!-?\}\}).)*?)(?P<right>(?<=\s)-)?\}\}",
    re.S,
)
_COMMENT = re.compile(r"\{\{(?P<left>-\s)?\s*/\*.*?\*/\s*(?P<right>-)?\}\}", re.S)
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<string>"(?:\\.|[^"\\\n])*"|`[^`]*`)
      | (?P<char>'(?:\\.|[^'\\\n])*')
      | (?P<number>[-+]?(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?))
      | (?P<variable>\$\w*)
      | (?P<field>\.\w+)
      | (?P<dot>\.)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign>:=|=|\(|\)|\||,)
    """,
    re.X,
)
_DEEPEST = 200
_ESCAPES = {"a": "\\u0007", "v": "\\u000b"}
_WORDS: dict[str, object] = {"true": True, "false": False, "nil": None}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    spaced: bool
    """Blanks come before it."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text, or the code of an action."""

    text: str
    at: int
    is_code: bool


def parse(text: str) -> Template:
    """The tree of a template.

    Raises:
        TemplateError: Go refuses it, or keyhop does not know a part of it.
    """
    return _Parser(text).template()


class _Parser:
    def __init__(self, text: str) -> None:
        self._pieces = list(_pieces(text))
        self._next = 0
        self._defined: list[tuple[str, tuple[Node, ...]]] = []

    def template(self) -> Template:
        body, end = self._body(0)
        if end:
            raise TemplateError(f"an {end} has no beginning")
        return Template(body, tuple(self._defined))

    def _body(self, depth: int) -> tuple[tuple[Node, ...], str]:
        """The nodes up to an ``end`` or ``else``, and that word with what follows it."""
        if depth > _DEEPEST:
            raise TemplateError("it is nested too deep")
        nodes: list[Node] = []
        while self._next < len(self._pieces):
            piece = self._pieces[self._next]
            self._next += 1
            if not piece.is_code:
                nodes.append(Literal(piece.text, piece.at))
                continue
            word = (re.match(r"\s*(\w+)", piece.text) or [None, ""])[1]
            rest = piece.text.partition(word)[2] if word else piece.text
            match word:
                case "end" | "else":
                    return tuple(nodes), f"{word}{rest}"
                case "if" | "with" | "range":
                    nodes.append(self._branch(word, rest, piece.at, depth))
                case "define" | "block":
                    self._define(word, rest, piece.at, nodes, depth)
                case "template":
                    name, pipeline = self._named(rest, piece.at)
                    nodes.append(Call(name, pipeline, piece.at))
                case "break" | "continue":
                    nodes.append(Leave(word))
                case _ if piece.text.strip():
                    nodes.append(Action(_Code(piece.text, piece.at).whole(), piece.at))
        return tuple(nodes), ""

    def _branch(self, word: str, rest: str, at: int, depth: int) -> Branch:
        pipeline = _Code(rest, at).whole()
        body, end = self._body(depth + 1)
        otherwise: tuple[Node, ...] = ()
        if end.startswith("else"):
            further = re.match(r"else\s+(if|with)\b(.*)", end, re.S)
            if further:
                otherwise = (self._branch(further[1], further[2], at, depth + 1),)
                return Branch(word, pipeline, body, otherwise, at)
            otherwise, end = self._body(depth + 1)
        if not end.startswith("end"):
            raise TemplateError(f"an {word} has no end", at)
        return Branch(word, pipeline, body, otherwise, at)

    def _define(self, word: str, rest: str, at: int, nodes: list[Node], depth: int) -> None:
        name, pipeline = self._named(rest, at)
        body, end = self._body(depth + 1)
        if not end.startswith("end"):
            raise TemplateError(f"a {word} has no end", at)
        self._defined.append((name, body))
        if word == "block":
            nodes.append(Call(name, pipeline, at))

    def _named(self, rest: str, at: int) -> tuple[str, Pipeline | None]:
        code = _Code(rest, at)
        name = code.text_constant()
        return name, None if code.is_done else code.whole()


def _pieces(text: str) -> Iterator[_Piece]:
    at, trims = 0, False
    for match in _actions(text):
        before = text[at : match.start()]
        begin = at
        if trims:
            begin += len(before) - len(before.lstrip(" \t\r\n"))
            before = before.lstrip(" \t\r\n")
        if match["left"]:
            before = before.rstrip(" \t\r\n")
        if before:
            yield _Piece(before, begin, False)
        code = match.groupdict().get("code")
        if code is not None:
            yield _Piece(code, match.start(), True)
        at, trims = match.end(), bool(match["right"])
    last = text[at:]
    begin = at + (len(last) - len(last.lstrip(" \t\r\n")) if trims else 0)
    if text[begin:]:
        yield _Piece(text[begin:], begin, False)


def _actions(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while (start := text.find("{{", at)) >= 0:
        match = _COMMENT.match(text, start) or _ACTION.match(text, start)
        if match is None:
            raise TemplateError("an action has no end", start)
        yield match
        at = match.end()


class _Code:
    """The inside of an action."""

    def __init__(self, code: str, at: int) -> None:
        self._tokens = list(_tokens(code, at))
        self._next = 0
        self._at = at

    @property
    def is_done(self) -> bool:
        return self._next >= len(self._tokens)

    def text_constant(self) -> str:
        token = self._take("string")
        return str(_constant(token))

    def whole(self) -> Pipeline:
        pipeline = self._pipeline()
        if not self.is_done:
            raise TemplateError("it has an unexpected sign", self._at)
        return pipeline

    def _pipeline(self) -> Pipeline:
        variables, declares = self._assigned()
        commands = [self._command()]
        while self._is("|"):
            self._next += 1
            commands.append(self._command())
        return Pipeline(tuple(commands), variables, declares)

    def _assigned(self) -> tuple[tuple[str, ...], bool]:
        start = self._next
        names: list[str] = []
        while not self.is_done and self._tokens[self._next].kind == "variable":
            names.append(self._tokens[self._next].text)
            self._next += 1
            if self._is(","):
                self._next += 1
                continue
            if self._is(":=") or self._is("="):
                declares = self._tokens[self._next].text == ":="
                self._next += 1
                return tuple(names), declares
            break
        self._next = start
        return (), True

    def _command(self) -> Command:
        operands: list[Operand] = []
        while not self.is_done and not self._is("|") and not self._is(")"):
            operands.append(self._operand())
        if not operands:
            raise TemplateError("a command is missing", self._at)
        return Command(tuple(operands), self._at)

    def _operand(self) -> Operand:
        token = self._tokens[self._next]
        self._next += 1
        found: Operand
        match token.kind:
            case "string" | "char" | "number":
                return Constant(_constant(token))
            case "word":
                return Constant(_WORDS[token.text]) if token.text in _WORDS else Function(token.text)
            case "variable":
                found = Variable(token.text)
            case "dot":
                return Field(None, ())
            case "field":
                return Field(None, (token.text[1:], *self._fields()))
            case "sign" if token.text == "(":
                found = self._pipeline()
                if not self._is(")"):
                    raise TemplateError("a parenthesis has no end", token.at)
                self._next += 1
            case _:
                raise TemplateError("it has an unexpected sign", token.at)
        names = self._fields()
        return Field(found, names) if names else found

    def _fields(self) -> tuple[str, ...]:
        names: list[str] = []
        while not self.is_done and self._tokens[self._next].kind == "field" and not self._tokens[self._next].spaced:
            names.append(self._tokens[self._next].text[1:])
            self._next += 1
        return tuple(names)

    def _is(self, sign: str) -> bool:
        return not self.is_done and self._tokens[self._next].text == sign and self._tokens[self._next].kind == "sign"

    def _take(self, kind: str) -> _Token:
        if self.is_done or self._tokens[self._next].kind != kind:
            raise TemplateError("a name is missing", self._at)
        self._next += 1
        return self._tokens[self._next - 1]


def _tokens(code: str, base: int) -> Iterator[_Token]:
    at, spaced = 0, False
    while at < len(code):
        match = _TOKEN.match(code, at)
        if match is None:
            raise TemplateError("it has an unexpected sign", base)
        kind = match.lastgroup or ""
        if kind != "space":
            yield _Token(kind, match.group(), base + at, spaced)
        spaced = kind == "space"
        at = match.end()


def _constant(token: _Token) -> object:
    text = token.text
    if token.kind == "number":
        return _number(text.replace("_", ""))
    if text[0] == "`":
        return text[1:-1]
    if text[0] == "'":
        return ord(_unquoted(f'"{text[1:-1]}"')[:1] or "\0")
    return _unquoted(text)


def _number(text: str) -> int | float:
    if "x" in text.lower():
        return int(text, 16)
    return float(text) if re.search(r"[.eE]", text) else int(text)


def _unquoted(text: str) -> str:
    """Go's escapes are those of JSON, and a few more."""
    known = re.sub(r"\\([^\"\\/bfnrtu])", lambda match: _ESCAPES.get(match[1], match[1]), text)
    try:
        return str(json.loads(known, strict=False))
    except ValueError:
        raise TemplateError("a text has an escape that is not known") from None
