"""Words that mention variables, as shells and Dockerfiles write them: ``"sk-${KEY:-none}"``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from keyhop.records import dataclass
from keyhop.sighting import Change
from keyhop.text.sealed import Sealed

DEEPEST = 40
"""Expansions nested deeper are taken as computed."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(?P<operator>:?[-+?=])?")
_SETTING = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$")
_KEYLIKE = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12,}|[\w-]{32,}")
_MARKED = re.compile(r"['\"$`\\]")
_LONE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})")
_SPECIAL = "@*#?$!-0123456789"
_ANSI_C = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Plain:
    """Text that stands for itself."""

    text: str = field(repr=False)
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """``$NAME`` or ``${NAME:-argument}``; the name may be a positional or special parameter (``1``, ``@``)."""

    name: str
    operator: str = ""
    """``-``, ``+``, ``?`` or ``=``, each with ``:`` before it where empty counts as unset."""
    argument: Pieces = ()
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Computed:
    """Text that only a run can tell: ``$(command)``, ``$((1 + 1))``, ``${NAME%suffix}``."""

    text: str = field(repr=False)
    """What is between the brackets of a command substitution, else empty."""
    quoted: bool = False


Piece: TypeAlias = Plain | Reference | Computed
Pieces: TypeAlias = tuple[Piece, ...]


def sealed(pieces: Pieces, known: Mapping[str, Pieces] | None = None) -> Sealed | None:
    """The text of a word; None where it mentions a variable that `known` does not have."""
    text = _text(inline(pieces, known or {}))
    return None if text is None else Sealed(text)


def slips(value: Sealed) -> tuple[Change, ...]:
    """What in a text that is taken as it stands shows that its author meant another: quotes, a reference."""
    text = value.reveal()
    if _LONE.fullmatch(text):
        return (Change.UNEXPANDED,)
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return (Change.QUOTES,) if quoted else ()


def plain(pieces: Pieces) -> str | None:
    """The text of a word that mentions no variable, to be read as a command's word, a path or an option."""
    return _text(pieces)


def shown(pieces: Pieces) -> str:
    """The text of a word with its references left in it."""
    return "".join(p.text if isinstance(p, Plain) else _shown(p) for p in pieces)


def discreet(text: str) -> str:
    """A text of a script for a report: what could be a key, or a part of one, is left out."""
    return _KEYLIKE.sub("…", text)


def references(pieces: Pieces) -> tuple[Reference, ...]:
    """Every reference of a word, those inside defaults too."""
    found: list[Reference] = []
    for piece in pieces:
        if isinstance(piece, Reference):
            found += [piece, *references(piece.argument)]
    return tuple(found)


def inline(pieces: Pieces, known: Mapping[str, Pieces]) -> Pieces:
    """The word with the variables of `known` written out."""
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Reference) and piece.name in known:
            out += _requoted(_taken(piece, known[piece.name], known), piece.quoted)
        else:
            out.append(piece)
    return tuple(out)


def _taken(reference: Reference, value: Pieces, known: Mapping[str, Pieces]) -> Pieces:
    """What a reference to a variable of that value amounts to."""
    text = _text(value)
    matters = reference.operator.startswith(":")
    if matters and text is None:
        return (Computed(""),)
    unset = matters and not text
    match reference.operator.lstrip(":"):
        case "+":
            return () if unset else inline(reference.argument, known)
        case "-" | "=" if unset:
            return inline(reference.argument, known)
    return value


def pieces(raw: str, *, shell: bool = True, escape: str = "\\", quoted: bool = False, depth: int = 0) -> Pieces:
    """The parts of one word as it stands in the source, quotes and all.

    Args:
        shell: command substitutions and ``$'…'`` mean something; they do not in a Dockerfile.
        escape: the character that takes the meaning from the next.
        quoted: the word is the inside of a double-quoted text or of a here-document.
    """
    if depth > DEEPEST:
        return (Computed("", quoted),)
    if raw and raw.isascii() and _MARKED.search(raw) is None and escape not in raw:
        return (Plain(raw, quoted),)
    return _Scanner(raw, shell, escape, depth).word(inside_quotes=quoted)


class _Scanner:
    def __init__(self, raw: str, shell: bool, escape: str, depth: int) -> None:
        self._raw = raw
        self._shell = shell
        self._escape = escape
        self._depth = depth
        self._at = 0
        self._out: list[Piece] = []

    def word(self, inside_quotes: bool) -> Pieces:
        double = inside_quotes
        while self._at < len(self._raw):
            char = self._raw[self._at]
            if char == self._escape:
                self._escaped(double)
            elif char == "'" and not double:
                self._single()
            elif char == '"' and not inside_quotes:
                double = not double
                self._at += 1
                self._plain("", True)
            elif char == "$":
                self._dollar(double)
            elif char == "`" and self._shell:
                end = _closing(self._raw, self._at + 1, "`")
                self._computed(self._raw[self._at + 1 : end], end + 1, double)
            else:
                self._at += 1
                self._plain(char, double)
        return tuple(self._out)

    def _plain(self, text: str, quoted: bool) -> None:
        last = self._out[-1] if self._out else None
        if isinstance(last, Plain) and last.quoted == quoted:
            self._out[-1] = Plain(last.text + text, quoted)
        else:
            self._out.append(Plain(text, quoted))

    def _computed(self, text: str, end: int, quoted: bool) -> None:
        self._out.append(Computed(text, quoted))
        self._at = end

    def _escaped(self, double: bool) -> None:
        following = self._raw[self._at + 1 : self._at + 2]
        self._at += 1 + len(following)
        if following == "\n" and self._shell:
            return
        kept = double and following not in ("$", '"', self._escape, *("`" if self._shell else ""))
        self._plain(self._escape + following if kept or not following else following, True)

    def _single(self) -> None:
        end = self._raw.find("'", self._at + 1)
        end = len(self._raw) if end < 0 else end
        self._plain(self._raw[self._at + 1 : end], True)
        self._at = end + 1

    def _dollar(self, double: bool) -> None:
        raw, at = self._raw, self._at
        following = raw[at + 1 : at + 2]
        name = _NAME.match(raw, at + 1)
        if following == "{":
            self._braced(double)
        elif following == "(" and self._shell:
            end = _closing(raw, at + 2, ")")
            arithmetic = raw.startswith("((", at + 1)
            self._computed("" if arithmetic else raw[at + 2 : end], end + 1, double)
        elif following == "'" and self._shell and not double:
            self._ansi_c()
        elif name is not None:
            self._out.append(Reference(name=name.group(), quoted=double))
            self._at = name.end()
        elif following and following in _SPECIAL and self._shell:
            self._out.append(Reference(name=following, quoted=double))
            self._at += 2
        else:
            self._at += 1
            self._plain("$", double)

    def _braced(self, double: bool) -> None:
        start = self._at + 2
        end = _closing(self._raw, start, "}")
        inside = self._raw[start:end]
        match = _BRACED.match(inside)
        if match is None or (match.end() < len(inside) and not match["operator"]):
            self._computed("", end + 1, double)
            return
        argument = inside[match.end() :]
        self._out.append(
            Reference(
                name=match["name"],
                operator=match["operator"] or "",
                argument=pieces(argument, shell=self._shell, escape=self._escape, depth=self._depth + 1),
                quoted=double,
            )
        )
        self._at = end + 1

    def _ansi_c(self) -> None:
        at = self._at + 2
        text = ""
        while at < len(self._raw) and self._raw[at] != "'":
            if self._raw[at] == "\\" and at + 1 < len(self._raw):
                at += 1
                text += _ANSI_C.get(self._raw[at], self._raw[at])
            else:
                text += self._raw[at]
            at += 1
        self._plain(text, True)
        self._at = at + 1


def closing(raw: str, at: int, bracket: str) -> int | None:
    """Where the `bracket` is that closes what was opened before `at`; None if nothing closes it.

    Quotes, escapes and inner brackets are passed over.
    """
    waiting = [bracket]
    while at < len(raw):
        char = raw[at]
        if char == "\\":
            at += 2
            continue
        if char == waiting[-1]:
            waiting.pop()
            if not waiting:
                return at
        elif char == "'" and waiting[-1] not in ('"', "`"):
            end = raw.find("'", at + 1)
            if end < 0:
                return None
            at = end
        elif char == '"' and waiting[-1] != "`":
            waiting.append('"')
        elif char == "`":
            waiting.append("`")
        elif char == "$" and raw[at + 1 : at + 2] in ("{", "("):
            at += 1
            waiting.append("}" if raw[at] == "{" else ")")
        elif char == "(" and waiting[-1] == ")":
            waiting.append(")")
        at += 1
    return None


def _closing(raw: str, at: int, bracket: str) -> int:
    found = closing(raw, at, bracket)
    return len(raw) if found is None else found


def _text(pieces: Pieces) -> str | None:
    text = ""
    for piece in pieces:
        if not isinstance(piece, Plain):
            return None
        text += piece.text
    return text


def _shown(piece: Reference | Computed) -> str:
    if isinstance(piece, Computed):
        return "$(…)"
    if not piece.operator:
        return f"${piece.name}"
    return f"${{{piece.name}{piece.operator}{shown(piece.argument)}}}"


def _requoted(value: Pieces, quoted: bool) -> Pieces:
    if not quoted:
        return value
    out: list[Piece] = []
    for piece in value:
        match piece:
            case Plain(text=text):
                out.append(Plain(text, True))
            case Computed(text=text):
                out.append(Computed(text, True))
            case Reference():
                out.append(Reference(name=piece.name, operator=piece.operator, argument=piece.argument, quoted=True))
    return tuple(out)


def likely(pieces: Pieces) -> str:
    """The text that a word most likely has: a default stands for its variable, a lone variable for itself."""
    out = ""
    for piece in pieces:
        match piece:
            case Plain(text=text):
                out += text
            case Reference(operator=operator, argument=argument) if operator.lstrip(":") in ("-", "=") and argument:
                out += likely(argument)
            case _:
                out += _shown(piece)
    return out


def lines(pieces: Pieces) -> tuple[Pieces, ...]:
    """The word cut at its line ends."""
    out: list[list[Piece]] = [[]]
    for piece in pieces:
        if not isinstance(piece, Plain):
            out[-1].append(piece)
            continue
        first, *rest = piece.text.split("\n")
        out[-1].append(Plain(first, piece.quoted))
        out += [[Plain(line, piece.quoted)] for line in rest]
    return tuple(map(tuple, out))


def setting(line: Pieces) -> tuple[str, Pieces] | None:
    """The name and the value of an env file's line that mentions variables, without the quotes around the value."""
    first = line[0] if line else None
    match = _SETTING.match(first.text) if isinstance(first, Plain) else None
    if match is None:
        return None
    value: list[Piece] = [Plain(match[2], True), *line[1:]]
    head, last = value[0], value[-1]
    if isinstance(head, Plain) and isinstance(last, Plain) and len(match[2]) + len(line) > 2:
        quote = match[2][:1]
        if quote in ("'", '"') and last.text.endswith(quote):
            value[0] = Plain(head.text[1:], True)
            end = value[-1]
            value[-1] = Plain(end.text[:-1] if isinstance(end, Plain) else "", True)
    return match[1], tuple(value)
