"""Unit files of systemd: sections, settings, words and specifiers (systemd 252).

A line that ends in a backslash goes on in the next; comment lines between them do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from keyhop.records import dataclass
from keyhop.text.sealed import Sealed

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIFIER = re.compile(r"%(.)", re.S)
_KNOWN = frozenset("nNpiIjJyYftSCLEuUgGhsmbHlqvTVaABMowWd%")
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}
_PREFIXES = "@-:+!|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One ``Name=value`` of a section."""

    section: str
    name: str
    value: Sealed = field(repr=False)
    start: int
    end: int
    """``[start, end)`` is the value as written."""

    @property
    def text(self) -> str:
        """The value of a setting that holds no variable's value: a path, a user, a list of names."""
        return self.value.reveal()


@dataclass(frozen=True, slots=True)
class Assignment:
    """One variable of ``Environment=``."""

    name: str
    value: Sealed | None = field(repr=False)
    """None: part of it only the host knows."""


def parse(text: str) -> tuple[Setting, ...]:
    """Every setting, in order."""
    return tuple(_settings(text))


def _settings(text: str) -> Iterator[Setting]:
    section, at = "", 0
    lines = iter(text.split("\n"))
    for line in lines:
        start, at = at, at + len(line) + 1
        bare = line.rstrip("\r")
        if not bare.strip() or bare.lstrip()[:1] in "#;":
            continue
        whole, end = bare, start + len(bare)
        while whole.endswith("\\"):
            following = next(lines, None)
            if following is None:
                break
            begin, at = at, at + len(following) + 1
            if following.lstrip()[:1] in ("#", ";"):
                continue
            whole, end = f"{whole[:-1]} {following.rstrip()}", begin + len(following.rstrip())
        if whole.strip().startswith("["):
            section = whole.strip()[1:].rstrip("]")
            continue
        name, sign, value = whole.partition("=")
        if sign:
            written = start + len(name) + 1
            written += len(value) - len(value.lstrip())
            yield Setting(
                section=section, name=name.strip(), value=Sealed(value.strip()), start=min(written, end), end=end
            )


def assignments(value: Sealed, specifiers: Mapping[str, str]) -> Iterator[Assignment]:
    """The variables of ``Environment=``; what is no assignment is left out, as systemd does.

    Args:
        specifiers: what is known of ``%n`` and the others, by their letters.
    """
    for word in _words(value.reveal()):
        name, sign, _ = word.partition("=")
        if not sign or not _NAME.fullmatch(name):
            continue
        letters = [match[1] for match in _SPECIFIER.finditer(word)]
        dangling = len(word) - len(word.rstrip("%")) == 1
        if dangling or any(letter not in _KNOWN for letter in letters):
            continue
        if any(letter not in specifiers and letter != "%" for letter in letters):
            yield Assignment(name, None)
        else:
            yield Assignment(name, Sealed(_resolved(word, specifiers).partition("=")[2]))


def names(value: Sealed) -> tuple[str, ...]:
    """The names of ``PassEnvironment=`` and ``UnsetEnvironment=``."""
    return tuple(word.partition("=")[0] for word in _words(value.reveal()))


def credential(value: Sealed) -> tuple[str, Sealed]:
    """The id and the rest of ``LoadCredential=`` and ``SetCredential=``."""
    id, _, rest = value.reveal().partition(":")
    return id, Sealed(rest)


def path(value: Sealed, specifiers: Mapping[str, str]) -> str:
    return _resolved(value.reveal(), specifiers)


def command(value: Sealed, specifiers: Mapping[str, str]) -> tuple[str, ...]:
    """The words of ``ExecStart=``, without its prefixes; ``$NAME`` stays."""
    found = _words(value.reveal().lstrip(_PREFIXES))
    return tuple(_resolved(word, specifiers).replace("$$", "$") for word in found if word != ";")


def _resolved(text: str, specifiers: Mapping[str, str]) -> str:
    return _SPECIFIER.sub(lambda match: {**specifiers, "%": "%"}.get(match[1], match.group()), text)


def _words(text: str) -> list[str]:
    """As systemd splits a line: quotes of both kinds anywhere, C's escapes."""
    words: list[str] = []
    word: list[str] | None = None
    quote = ""
    rest = iter(text)
    for char in rest:
        if char == "\\":
            word = [*(word or ()), _escaped(next(rest, ""))]
        elif quote:
            if char == quote:
                quote = ""
            else:
                word = [*(word or ()), char]
        elif char in "'\"":
            quote, word = char, word or []
        elif char in " \t\n\r":
            if word is not None:
                words.append("".join(word))
            word = None
        else:
            word = [*(word or ()), char]
    if word is not None:
        words.append("".join(word))
    return words


def _escaped(char: str) -> str:
    return _ESCAPES.get(char, char)
