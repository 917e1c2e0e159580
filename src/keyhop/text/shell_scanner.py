"""The words, redirections and here-documents of a shell script, read one after another."""

from __future__ import annotations

import re
from typing import NoReturn

from keyhop.text.expansion import Plain, closing
from keyhop.text.shell_tree import Redirect, Word

META = frozenset(" \t\n;&|<>()")
"""What ends a word."""
REDIRECT = re.compile(r"(\d*|\{\w+\})(<<<|<<-?|<>|>>|>\||<&|>&|&>>?|<|>)")

_KEYWORD = re.compile(r"(?:[a-z]+|[{}!]|\[\[)(?=[\s;&|<>()]|$)")
_HERE_NAME = re.compile(r"[\"'\\]")


class ShellSyntaxError(Exception):
    """A text is no shell script from here on. ``str()`` never quotes it."""


class Scanner:
    """A place in a script's text, and what can be read from there."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._bodies: dict[int, int] = {}
        """Where the text goes on after a line with here-documents, by the offset of that line's end."""

    def _redirects(self) -> tuple[Redirect, ...]:
        found = []
        self._blank()
        while match := REDIRECT.match(self._text, self._at):
            found.append(self._redirect(match))
            self._blank()
        return tuple(found)

    def _redirect(self, match: re.Match[str]) -> Redirect:
        self._at = match.end()
        self._blank()
        target = self._word()
        if match[2] not in ("<<", "<<-"):
            return Redirect(operator=match[2], target=target, descriptor=match[1])
        body = Word(raw="", start=target.start, end=target.end, here=True)
        name = "".join(p.text for p in target.pieces if isinstance(p, Plain))
        verbatim = bool(_HERE_NAME.search(target.raw))
        body = self._here(name, match[2] == "<<-", verbatim) or body
        return Redirect(operator="<<", target=body, descriptor=match[1])

    def _here(self, name: str, tabs: bool, verbatim: bool) -> Word | None:
        """The body of a here-document, which is cut out of the text that is still to be parsed."""
        line_end = self._text.find("\n", self._at)
        first = self._bodies.get(line_end, line_end + 1)
        if line_end < 0:
            return None
        at = first
        lines = []
        while at < len(self._text):
            stop = self._text.find("\n", at)
            stop = len(self._text) if stop < 0 else stop
            line = self._text[at:stop]
            if (line.lstrip("\t") if tabs else line).rstrip("\r") == name:
                break
            lines.append(line.lstrip("\t") if tabs else line)
            at = stop + 1
        else:
            stop = len(self._text)
        self._bodies[line_end] = min(stop + 1, len(self._text))
        raw = "".join(f"{line}\n" for line in lines)
        return Word(raw=raw, start=first, end=min(at, len(self._text)), here=True, verbatim=verbatim)

    def _word(self) -> Word:
        text, start, at = self._text, self._at, self._at
        while at < len(text):
            char = text[at]
            if char == "\\":
                at += 2
            elif char in "'\"`":
                at = self._past(at + 1, char)
            elif char == "$" and text[at + 1 : at + 2] in ("(", "{"):
                at = self._past(at + 2, ")" if text[at + 1] == "(" else "}")
            elif char in "<>" and text[at + 1 : at + 2] == "(":
                at = self._past(at + 2, ")")
            elif char == "(" and at > start and text[at - 1] in "=@!+*?":
                at = self._past(at + 1, ")")
            elif char in META:
                break
            else:
                at += 1
        at = min(at, len(text))
        if at == start:
            self._fail("a word is missing")
        self._at = at
        return Word(raw=text[start:at], start=start, end=at)

    def _past(self, at: int, bracket: str) -> int:
        end = self._text.find("'", at) if bracket == "'" else closing(self._text, at, bracket)
        if end is None or end < 0:
            self._fail(f"nothing closes what {bracket} should close")
        return end + 1

    def _blank(self, *, newlines: bool = False) -> None:
        text = self._text
        while self._at < len(text):
            char = text[self._at]
            if char in " \t\r" or (newlines and char == ";" and not self._peek(";;", ";&")):
                self._at += 1
            elif text.startswith("\\\n", self._at):
                self._at += 2
            elif char == "#" and (self._at == 0 or text[self._at - 1] in META):
                stop = text.find("\n", self._at)
                self._at = len(text) if stop < 0 else stop
            elif char == "\n" and newlines:
                self._at = self._bodies.get(self._at, self._at + 1)
            else:
                return

    def _keyword(self) -> str:
        """The bare word that stands here, if it is one."""
        match = _KEYWORD.match(self._text, self._at)
        return match.group() if match else ""

    def _take(self, keyword: str) -> None:
        self._blank(newlines=True)
        if self._keyword() != keyword:
            self._fail(f"{keyword} is missing")
        self._at += len(keyword)

    def _take_char(self, char: str) -> None:
        self._blank(newlines=True)
        if not self._peek(char):
            self._fail(f"{char} is missing")
        self._at += 1

    def _peek(self, *texts: str) -> bool:
        return self._text.startswith(texts, self._at)

    def _end(self) -> int:
        """Where the last command ended, without the blanks after it."""
        at = min(self._at, len(self._text))
        while at > 0 and self._text[at - 1] in " \t\r\n":
            at -= 1
        return at

    def _fail(self, why: str) -> NoReturn:
        raise ShellSyntaxError(why)
