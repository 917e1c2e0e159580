"""Shell scripts, with the place of everything in them: POSIX ``sh`` and what is common of bash.

What cannot be parsed is an `Unparsed` item; no text raises.
"""

from __future__ import annotations

import re

from keyhop.text.shell_scanner import META, REDIRECT, Scanner, ShellSyntaxError
from keyhop.text.shell_tree import (
    AndOr,
    Case,
    Function,
    Group,
    If,
    Item,
    Loop,
    Node,
    Pipeline,
    Redirect,
    Script,
    Setting,
    Simple,
    Unparsed,
    Word,
)

DEEPEST = 60
"""Commands nested deeper are not parsed."""
MOST_ERRORS = 50
"""After so many lines that do not parse, the rest of a script is one `Unparsed` item."""

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[[^]\n]*\])?(\+?)=")
_SEPARATORS = frozenset(";&|\n)")
_CLOSERS = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})


def parse(text: str) -> Script:
    """The commands of a script."""
    return _Parser(text).script()


class _Parser(Scanner):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._salvaged: tuple[Item, ...] = ()
        """What the list at the top has so far, so that a line that does not parse costs one line."""
        self._failed_from = 0

    def script(self) -> Script:
        items: list[Item] = []
        errors = 0
        while True:
            self._blank(newlines=True)
            if self._at >= len(self._text):
                return Script(items=tuple(items))
            try:
                items += self._list(top=True).items
                if self._at < len(self._text):
                    self._fail("it ends what did not begin")
            except ShellSyntaxError as error:
                errors += 1
                start = self._failed_from
                stop = self._text.find("\n", start)
                stop = len(self._text) if stop < 0 or errors > MOST_ERRORS else stop
                items += self._salvaged
                items.append(Item(node=Unparsed(why=str(error), start=start, end=stop)))
                self._bodies = {line: after for line, after in self._bodies.items() if line <= stop}
                self._at, self._depth = stop, 0

    def _list(self, *, top: bool = False) -> Script:
        items: list[Item] = []
        while True:
            self._blank(newlines=True)
            if top:
                self._salvaged, self._failed_from = tuple(items), self._at
            if self._at >= len(self._text) or self._text[self._at] == ")" or self._peek(";;", ";&"):
                return Script(items=tuple(items))
            if self._keyword() in _CLOSERS:
                return Script(items=tuple(items))
            node = self._and_or()
            self._blank()
            background = self._peek("&") and not self._peek("&&")
            if background or (self._peek(";") and not self._peek(";;", ";&")):
                self._at += 1
            items.append(Item(node=node, background=background))

    def _and_or(self) -> Node:
        start = self._at
        first = self._pipeline()
        rest = []
        self._blank()
        while self._peek("&&", "||"):
            operator = self._text[self._at : self._at + 2]
            self._at += 2
            self._blank(newlines=True)
            rest.append((operator, self._pipeline()))
            self._blank()
        return AndOr(first=first, rest=tuple(rest), start=start, end=self._end()) if rest else first

    def _pipeline(self) -> Node:
        start = self._at
        while self._keyword() == "!":
            self._at += 1
            self._blank()
        parts = [self._command()]
        self._blank()
        while self._peek("|") and not self._peek("||"):
            self._at += 2 if self._peek("|&") else 1
            self._blank(newlines=True)
            parts.append(self._command())
            self._blank()
        return Pipeline(parts=tuple(parts), start=start, end=self._end()) if len(parts) > 1 else parts[0]

    def _command(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            self._fail("it is nested too deeply")
        try:
            start = self._at
            match self._keyword():
                case "if":
                    return self._if(start)
                case "case":
                    return self._case(start)
                case "for" | "select":
                    return self._for(start)
                case "while" | "until" as kind:
                    return self._while(start, kind)
                case "function":
                    self._take("function")
                    self._blank()
                    return self._function(start, self._word().raw)
                case "{":
                    self._take("{")
                    body = self._list()
                    self._take("}")
                    return Group(body=body, subshell=False, redirects=self._redirects(), start=start, end=self._end())
            if self._peek("(("):
                return self._arithmetic(start)
            if self._peek("("):
                self._at += 1
                body = self._list()
                self._take_char(")")
                return Group(body=body, subshell=True, redirects=self._redirects(), start=start, end=self._end())
            return self._simple(start)
        finally:
            self._depth -= 1

    def _if(self, start: int) -> If:
        branches = []
        otherwise = None
        keyword = "if"
        while keyword in ("if", "elif"):
            self._take(keyword)
            condition = self._list()
            self._take("then")
            branches.append((condition, self._list()))
            keyword = self._keyword()
        if keyword == "else":
            self._take("else")
            otherwise = self._list()
        self._take("fi")
        self._redirects()
        return If(branches=tuple(branches), otherwise=otherwise, start=start, end=self._end())

    def _case(self, start: int) -> Case:
        self._take("case")
        self._blank()
        subject = self._word()
        self._blank(newlines=True)
        self._take("in")
        arms = []
        while True:
            self._blank(newlines=True)
            if self._keyword() == "esac":
                break
            if self._peek("("):
                self._at += 1
            patterns = [self._pattern()]
            while self._peek("|"):
                self._at += 1
                patterns.append(self._pattern())
            self._take_char(")")
            arms.append((tuple(patterns), self._list()))
            self._blank(newlines=True)
            if self._peek(";;&"):
                self._at += 3
            elif self._peek(";;", ";&"):
                self._at += 2
        self._take("esac")
        self._redirects()
        return Case(subject=subject, arms=tuple(arms), start=start, end=self._end())

    def _pattern(self) -> Word:
        self._blank(newlines=True)
        word = self._word()
        self._blank(newlines=True)
        return word

    def _for(self, start: int) -> Loop:
        self._at += len(self._keyword())
        self._blank()
        name, words = "", []
        if self._peek("(("):
            self._arithmetic(self._at)
        else:
            name = self._word().raw
            self._blank(newlines=True)
            if self._keyword() == "in":
                self._take("in")
                self._blank()
                while self._at < len(self._text) and self._text[self._at] not in META:
                    words.append(self._word())
                    self._blank()
        self._blank()
        if self._peek(";"):
            self._at += 1
        return self._loop(start, "for", name, tuple(words), None)

    def _while(self, start: int, kind: str) -> Loop:
        self._take(kind)
        return self._loop(start, kind, "", (), self._list())

    def _loop(self, start: int, kind: str, name: str, words: tuple[Word, ...], condition: Script | None) -> Loop:
        self._take("do")
        body = self._list()
        self._take("done")
        return Loop(
            kind=kind,
            name=name,
            words=words,
            condition=condition,
            body=body,
            redirects=self._redirects(),
            start=start,
            end=self._end(),
        )

    def _function(self, start: int, name: str) -> Function:
        self._blank()
        if self._peek("("):
            self._at += 1
            self._blank()
            self._take_char(")")
        self._blank(newlines=True)
        return Function(name=name, body=self._command(), start=start, end=self._end())

    def _arithmetic(self, start: int) -> Simple:
        self._at = self._past(self._at + 1, ")")
        word = Word(raw="((", start=start, end=self._at)
        return Simple(settings=(), words=(word,), redirects=self._redirects(), start=start, end=self._end())

    def _simple(self, start: int) -> Node:
        settings: list[Setting] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        test = self._keyword() == "[["
        while self._at < len(self._text):
            self._blank()
            redirect = None if test else REDIRECT.match(self._text, self._at)
            if redirect is not None and not self._text.startswith(("<(", ">("), redirect.start(2)):
                redirects.append(self._redirect(redirect))
                continue
            if test and self._at < len(self._text) and self._text[self._at] in "&|<>()\n":
                self._at += 1
                continue
            if self._at >= len(self._text) or self._text[self._at] in _SEPARATORS:
                break
            if self._peek("("):
                if len(words) == 1 and not settings:
                    return self._function(start, words[0].raw)
                self._fail("a bracket that does not belong there")
            word = self._word()
            setting = _ASSIGNMENT.match(word.raw) if not words else None
            if setting is not None:
                settings.append(_setting(word, setting))
            else:
                words.append(word)
            if test and word.raw == "]]":
                break
        if not settings and not words and not redirects:
            self._fail("a command is missing")
        return Simple(
            settings=tuple(settings),
            words=tuple(words),
            redirects=tuple(redirects),
            start=start,
            end=self._end(),
        )


def _setting(word: Word, match: re.Match[str]) -> Setting:
    value = Word(raw=word.raw[match.end() :], start=word.start + match.end(), end=word.end)
    return Setting(name=match[1], value=value, appends=bool(match[2]), start=word.start, end=word.end)
