"""Words of a shell script: quotes, escapes and ``$``, without the commands they stand in."""

from __future__ import annotations

import re
from typing import NoReturn

from keyhop.records import dataclass

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r"&&|\|\||;;&|;;|;&|<<<|<<-|<<|>>|<&|>&|<>|>\||&>>|&>|\|&|[;&|()<>\n]")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]|[@*#?$!-]")
_BRACED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
_OPERAND = re.compile(r":?[-=?+]")
_ANSI = re.compile(
    r"\\(?:(?P<char>[abeEfnrtv\\'\"?])|(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})"
    r"|u(?P<u>[0-9a-fA-F]{1,4})|U(?P<U>[0-9a-fA-F]{1,8})|c(?P<control>.))",
    re.DOTALL,
)
_CONTROLS = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_DEEPEST = 40
_COMMAND = "a command would have to run"
_CALCULATED = "the shell calculates it"


class Mistake(Exception):
    """The shell calls this a syntax error."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.at = at


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """``$NAME`` or ``${NAME…}``; a `name` of None is a substitution the shell refuses when it runs."""

    name: str | None
    operator: str = ""
    operand: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """What only running the shell would tell."""

    why: str


Piece = Text | Parameter | Computed


@dataclass(frozen=True, slots=True)
class Word:
    pieces: tuple[Piece, ...]
    start: int
    end: int

    @property
    def static(self) -> str | None:
        """The word's text, where nothing is expanded in it."""
        texts = [p.text for p in self.pieces if isinstance(p, Text)]
        return "".join(texts) if len(texts) == len(self.pieces) else None

    @property
    def bare(self) -> str | None:
        """The word's text, where nothing of it is quoted either."""
        return self.static if not any(isinstance(p, Text) and p.quoted for p in self.pieces) else None


class Words:
    """A place in a script, from which tokens and words are taken. Methods raise `Mistake`."""

    def __init__(self, text: str, *, bash: bool) -> None:
        self.text = text
        self.at = 0
        self.bash = bash
        self._depth = 0
        self._bodies: list[tuple[str, bool]] = []

    # tokens: an operator is its own text, the end is "", anything else begins a word

    def peek(self) -> str:
        text = self.text
        while self.at < len(text):
            if text[self.at] in " \t":
                self.at += 1
            elif text.startswith("\\\n", self.at):
                self.at += 2
            elif text[self.at] == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            else:
                break
        if self.at == len(text):
            return ""
        if self.bash and text.startswith(("<(", ">("), self.at):
            return "word"
        operator = _OPERATOR.match(text, self.at)
        return operator[0] if operator else "word"

    def next(self) -> str:
        token = self.peek()
        self.at += len(token)
        if token == "\n":
            for delimiter, tabs in self._bodies:
                self._skip_body(delimiter, tabs)
            self._bodies.clear()
        return token

    def _skip_body(self, delimiter: str, tabs: bool) -> None:
        while self.at < len(self.text):
            stop = self.text.find("\n", self.at)
            stop = len(self.text) if stop < 0 else stop
            line = self.text[self.at : stop]
            self.at = min(stop + 1, len(self.text))
            if (line.lstrip("\t") if tabs else line) == delimiter:
                return

    def unexpected(self) -> NoReturn:
        raise Mistake("something stands where no command can begin", self.at)

    def reserved(self) -> str:
        """The next token where it is a bare word, without taking it."""
        if self.peek() != "word":
            return ""
        match = re.compile(r"[^ \t\n;&|()<>'\"\\$`]+").match(self.text, self.at)
        if match is None or self.text[match.end() : match.end() + 1] in tuple("'\"\\$`"):
            return ""
        return match[0]

    def here_document(self, delimiter: str, tabs: bool) -> None:
        """Lets the body that begins on the next line be skipped."""
        self._bodies.append((delimiter, tabs))

    def deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Mistake("it is nested too deep", self.at)

    def back(self) -> None:
        self._depth -= 1

    # words

    def word(self, *, empty: bool = False) -> Word:
        if not empty:
            self.peek()
        start = self.at
        pieces = self._pieces(" \t\n;&|()<>", quoted=False)
        if self.at == start and not empty:
            self.unexpected()
        return Word(pieces, start, self.at)

    def _pieces(self, ends: str, *, quoted: bool, operand: bool = False) -> tuple[Piece, ...]:
        """The pieces up to a character of `ends`, which is not taken; `quoted` is inside ``"…"``."""
        text = self.text
        found: list[Piece] = []
        while self.at < len(text):
            char = text[self.at]
            process = self.bash and not quoted and text.startswith(("<(", ">("), self.at)
            if char in ends and not process:
                break
            if char == "\\":
                following = text[self.at + 1 : self.at + 2]
                self.at += 1 + len(following)
                if following == "\n":
                    continue
                plain = not quoted or following in tuple('$`"\\') or (operand and following == "}")
                found.append(Text(following if plain and following else "\\" + following, quoted=True))
            elif char == "'" and not quoted:
                found.append(Text(self._until("'"), quoted=True))
            elif char == "'" and operand and self.bash:
                found.append(Text("'" + self._until("'") + "'", quoted=True))
            elif char == '"':
                found.extend(self._double())
            elif char == "$":
                found.extend(self._dollar(quoted=quoted))
            elif char == "`":
                self._backticks()
                found.append(Computed(_COMMAND))
            elif process:
                self.at += 2
                self._substituted()
                found.append(Computed(_COMMAND))
            else:
                found.append(Text(char, quoted=quoted))
                self.at += 1
        return tuple(_joined(found))

    def _double(self) -> list[Piece]:
        opened = self.at
        self.at += 1
        pieces = self._pieces('"', quoted=True)
        if self.at == len(self.text):
            raise Mistake("a quote is not closed", opened)
        self.at += 1
        return [Text("", quoted=True), *pieces]

    def _until(self, quote: str) -> str:
        stop = self.text.find(quote, self.at + 1)
        if stop < 0:
            raise Mistake("a quote is not closed", self.at)
        found = self.text[self.at + 1 : stop]
        self.at = stop + 1
        return found

    def _backticks(self) -> None:
        opened = self.at
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != "`":
            self.at += 2 if self.text[self.at] == "\\" else 1
        if self.at >= len(self.text):
            raise Mistake("a backtick is not closed", opened)
        self.at += 1

    def _substituted(self) -> None:
        """Takes the rest of a ``$(…``, from behind its parenthesis."""
        opened, depth = self.at, 1
        self.deeper()
        while depth:
            self._pieces("()\n", quoted=False)
            if self.at == len(self.text):
                raise Mistake("a parenthesis is not closed", opened)
            depth += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            self.at += 1
        self.back()

    def closing_parenthesis(self, at: int, pair: str = "()") -> int:
        """The offset of the one that closes the one at an offset, quotes left aside."""
        depth = 0
        for i in range(at, len(self.text)):
            depth += (self.text[i] == pair[0]) - (self.text[i] == pair[1])
            if depth == 0:
                return i
        raise Mistake("a parenthesis is not closed", at)

    def _dollar(self, *, quoted: bool) -> list[Piece]:
        text, start = self.text, self.at
        self.at += 1
        if text.startswith("((", self.at):
            self.at = self.closing_parenthesis(self.at) + 1
            return [Computed(_CALCULATED)]
        if self.bash and text.startswith("[", self.at):
            self.at = self.closing_parenthesis(self.at, "[]") + 1
            return [Computed(_CALCULATED)]
        if text.startswith("(", self.at):
            self.at += 1
            self._substituted()
            return [Computed(_COMMAND)]
        if text.startswith("{", self.at):
            return [self._braced(start, quoted=quoted)]
        if self.bash and not quoted and text.startswith("'", self.at):
            return [Text(self._ansi(), quoted=True)]
        if self.bash and not quoted and text.startswith('"', self.at):
            return self._double()
        name = _PARAMETER.match(text, self.at)
        if name is None:
            return [Text("$", quoted=quoted)]
        self.at = name.end()
        return [Parameter(name[0])]

    def _ansi(self) -> str:
        start = self.at + 1
        stop = start
        while stop < len(self.text) and self.text[stop] != "'":
            stop += 2 if self.text[stop] == "\\" else 1
        if stop >= len(self.text):
            raise Mistake("a quote is not closed", self.at)
        self.at = stop + 1
        return _ANSI.sub(_control, self.text[start:stop])

    def _braced(self, start: int, *, quoted: bool) -> Piece:
        self.at += 1
        name = _BRACED.match(self.text, self.at)
        if name and name[0] in "#!" and not self.text.startswith("}", name.end()):
            name, computed = None, True
        else:
            computed = False
        operator = _OPERAND.match(self.text, name.end()) if name else None
        self.at = operator.end() if operator else name.end() if name else self.at
        follows = self.text[self.at : self.at + 1]
        self.deeper()
        operand = self._pieces("}", quoted=quoted, operand=True)
        self.back()
        if self.at >= len(self.text):
            raise Mistake("a brace is not closed", start)
        self.at += 1
        if name and operator:
            return Parameter(name[0], operator[0], operand)
        if name and not operand:
            return Parameter(name[0])
        if computed or (name and follows in tuple("%#/:^,@[")):
            return Computed(_CALCULATED)
        return Parameter(None)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring texts of one kind as one."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if isinstance(piece, Text) and isinstance(last, Text) and last.quoted == piece.quoted:
            found[-1] = Text(last.text + piece.text, piece.quoted)
        else:
            found.append(piece)
    return found


def _control(match: re.Match[str]) -> str:
    if match["char"]:
        return _CONTROLS.get(match["char"], match["char"])
    if match["control"]:
        return chr(ord(match["control"]) & 0x1F)
    code = int(match["octal"], 8) & 0xFF if match["octal"] else int(match["hex"] or match["u"] or match["U"], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
