"""The grammar of a shell script, as far as a sourced .env file needs it.

It tells apart what runs for sure, what may run and what runs elsewhere (a subshell, a pipeline, the
background). It is read line by line, as shells do: what stands before a mistake has already run.
"""

from __future__ import annotations

import re
from typing import Literal

from keyhop.records import dataclass
from keyhop.text.dotenv_shell_words import NAME, Computed, Text, Word, Words

_ASSIGNED = re.compile(r"([A-Za-z_](?:[A-Za-z0-9_]|\\\n)*)(\[[^\]]*\])?(\+?)=")
_NUMBER = re.compile(r"[0-9]+(?=[<>])")
_NO_ARRAY = "text follows what looks like an array"
_CLOSERS = {"then", "else", "elif", "fi", "do", "done", "esac", "}"}

Connector = Literal["", "&&", "||"]


@dataclass(frozen=True, slots=True)
class Assignment:
    name: str
    value: Word | None
    """None: an array, or an element of one."""
    appends: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Simple:
    assignments: tuple[Assignment, ...]
    words: tuple[Word | Assignment, ...]
    """The first is the command; an assignment among the others is an argument in that form."""
    start: int
    end: int
    redirected: bool


@dataclass(frozen=True, slots=True)
class Compound:
    kind: Literal["group", "maybe", "elsewhere"]
    body: tuple[AndOr, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    negated: bool
    commands: tuple[Simple | Compound, ...]


@dataclass(frozen=True, slots=True)
class AndOr:
    items: tuple[tuple[Connector, Pipeline], ...]
    background: bool


class Script(Words):
    """A script, taken line by line."""

    def line(self) -> tuple[AndOr, ...] | None:
        """The commands of the next line that has some; None at the end. Raises `Mistake`."""
        while self.peek() == "\n":
            self.next()
        if self.peek() == "":
            return None
        found = self._list(stop_at_line=True)
        if self.peek() not in ("\n", ""):
            self.unexpected()
        return tuple(found)

    def _list(self, *, stop_at_line: bool = False) -> list[AndOr]:
        found: list[AndOr] = []
        while True:
            if not stop_at_line:
                self._newlines()
            if self.peek() in ("", ")", ";;", ";&", ";;&") or self.reserved() in _CLOSERS:
                return found
            item = self._and_or()
            separator = self.peek()
            if separator in (";", "&"):
                self.next()
            found.append(AndOr(item, separator == "&"))
            if separator == "\n" and not stop_at_line:
                self.next()
            elif separator not in (";", "&") or (stop_at_line and self.peek() in ("\n", "")):
                return found

    def _newlines(self) -> None:
        while self.peek() == "\n":
            self.next()

    def _and_or(self) -> tuple[tuple[Connector, Pipeline], ...]:
        items: list[tuple[Connector, Pipeline]] = [("", self._pipeline())]
        while (token := self.peek()) in ("&&", "||"):
            self.next()
            self._newlines()
            items.append(("&&" if token == "&&" else "||", self._pipeline()))
        return tuple(items)

    def _pipeline(self) -> Pipeline:
        negated = False
        while self.reserved() == "!":
            self.at += 1
            negated = not negated
        if negated and self.bash and self.peek() in ("\n", ";", ""):
            return Pipeline(negated, ())
        commands = [self._command()]
        while self.peek() in ("|", "|&"):
            self.next()
            self._newlines()
            commands.append(self._command())
        return Pipeline(negated, tuple(commands))

    def _command(self) -> Simple | Compound:
        self.deeper()
        found = self._compound() or self._simple()
        self.back()
        return found

    def _compound(self) -> Compound | None:
        if self.peek() == "(" and self.bash and self.text.startswith("((", self.at):
            self.at = self.closing_parenthesis(self.at + 1) + 1
            return self._redirected(Compound("maybe", ()))
        if self.peek() == "(":
            self.next()
            body = self._list() or self.unexpected()
            self._expect(")")
            return self._redirected(Compound("elsewhere", tuple(body)))
        word = self.reserved()
        if word in _CLOSERS:
            self.unexpected()
        match word:
            case "{":
                self.at += 1
                body = self._list() or self.unexpected()
                self._expect_word("}")
                return self._redirected(Compound("group", tuple(body)))
            case "if":
                return self._redirected(Compound("maybe", self._branches("fi", "then", "elif", "else")))
            case "while" | "until":
                return self._redirected(Compound("maybe", self._branches("done", "do")))
            case "for" | "select":
                self.at += len(word)
                while self.peek() not in ("", ";", "\n") and self.reserved() not in ("do", "{"):
                    self._word_or_skip()
                if self.peek() in (";", "\n"):
                    self.next()
                self._newlines()
                return self._redirected(Compound("maybe", self._branches("done", "do", skip=False)))
            case "case":
                return self._redirected(Compound("maybe", self._case()))
            case "[[" if self.bash:
                while self.reserved() != "]]":
                    if self.peek() in ("", "\n"):
                        self.unexpected()
                    self._word_or_skip()
                self.at += 2
                return self._redirected(Compound("maybe", ()))
            case "function" if self.bash:
                self.at += len(word)
                self.word()
                return self._function()
        return None

    def _word_or_skip(self) -> None:
        if self.peek() == "word":
            self.word()
        else:
            self.next()

    def _branches(self, end: str, *keywords: str, skip: bool = True) -> tuple[AndOr, ...]:
        """The commands up to the closing word, those of every branch in a row."""
        if skip:
            self.at += len(self.reserved())
        found: list[AndOr] = []
        while True:
            found += self._list()
            word = self.reserved()
            if word == end:
                self.at += len(end)
                return tuple(found)
            if word not in keywords:
                self.unexpected()
            self.at += len(word)

    def _case(self) -> tuple[AndOr, ...]:
        self.at += len("case")
        self.word()
        self._newlines()
        self._expect_word("in")
        found: list[AndOr] = []
        while True:
            self._newlines()
            if self.reserved() == "esac":
                self.at += len("esac")
                return tuple(found)
            while self.peek() != ")":
                if self.peek() in ("", "\n"):
                    self.unexpected()
                self._word_or_skip()
            self.next()
            found += self._list()
            if self.peek() in (";;", ";&", ";;&"):
                self.next()
            elif self.reserved() != "esac":
                self.unexpected()

    def _function(self) -> Compound:
        if self.peek() == "(":
            self.next()
            self._expect(")")
        self._newlines()
        self._command()
        return Compound("elsewhere", ())

    def _expect(self, token: str) -> None:
        if self.peek() != token:
            self.unexpected()
        self.next()

    def _expect_word(self, word: str) -> None:
        if self.reserved() != word:
            self.unexpected()
        self.at += len(word)

    def _redirected(self, compound: Compound) -> Compound:
        while self._redirection():
            pass
        return compound

    def _redirection(self) -> bool:
        self.peek()
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
        token = self.peek()
        if not token.startswith(("<", ">", "&>")) or token == "word":
            return False
        self.next()
        if self.peek() != "word":
            self.unexpected()
        target = self.word()
        if token in ("<<", "<<-"):
            self.here_document(target.static or "", token == "<<-")
        return True

    def _simple(self) -> Simple:
        self.peek()
        start = end = self.at
        redirected = False
        assignments: list[Assignment] = []
        words: list[Word | Assignment] = []
        while True:
            if self._redirection():
                end, redirected = self.at, True
                continue
            if self.peek() == "(" and len(words) == 1 and not assignments:
                self._function()
                return Simple((), (), start, self.at, False)
            if self.peek() != "word":
                if start == end:
                    self.unexpected()
                return Simple(tuple(assignments), tuple(words), start, end, redirected)
            assignment = self._assignment()
            if assignment is None:
                words.append(self._argument(self.word()) if words else self.word())
            elif words:
                words.append(assignment)
            else:
                assignments.append(assignment)
            end = self.at

    def _argument(self, word: Word) -> Word | Assignment:
        """The word as ``export`` takes it: quotes around ``NAME=value`` make no difference there."""
        name = ""
        for i, piece in enumerate(word.pieces):
            if not isinstance(piece, Text):
                break
            before, sign, after = piece.text.partition("=")
            name += before
            if sign:
                if not NAME.fullmatch(name):
                    break
                start = self.text.index("=", word.start) + 1
                value = Word((Text(after, piece.quoted), *word.pieces[i + 1 :]), start, word.end)
                return Assignment(name, value, False, word.start, word.end)
        return word

    def _assignment(self) -> Assignment | None:
        match = _ASSIGNED.match(self.text, self.at)
        if match is None or (not self.bash and (match[2] or match[3])):
            return None
        start, self.at = self.at, match.end()
        name = match[1].replace("\\\n", "")
        if self.bash and self.text.startswith("(", self.at):
            self.next()
            while self.peek() != ")":
                if self.peek() == "":
                    self.unexpected()
                self._word_or_skip()
            self.next()
            rest = self.word(empty=True)
            text = Word((Computed(_NO_ARRAY), *rest.pieces), match.end(), self.at) if rest and rest.pieces else None
            return Assignment(name, text, bool(match[3]), start, self.at)
        value = self.word(empty=True)
        return Assignment(name, None if match[2] else value, bool(match[3]), start, self.at)
