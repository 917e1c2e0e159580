"""Texts of deployment files that may hold a value: cut, split and shown without being given away."""

from __future__ import annotations

import re

from keyhop import patterns
from keyhop.text import interpolation
from keyhop.text.interpolation import Literal, Reference, Template
from keyhop.text.sealed import Sealed

_SECRET_NAME = patterns.compile(r"key|token|secret|pass|pwd|auth|cred|cert|sign|salt|dsn|url|uri|conn", re.I)
_WORDY = patterns.compile(r"(?:[A-Za-z]?[a-z]{1,15}|[0-9]{1,5})(?:[-_./:,@ ]+(?:[A-Za-z]?[a-z]{1,15}|[0-9]{1,5}))*")
_LONGEST_SHOWN = 60


def template(text: Sealed) -> Template:
    """The text as a template of Compose's interpolation."""
    return interpolation.parse(text.reveal())


def literal(template: Template) -> Sealed | None:
    """The text of a template without references and mistakes."""
    if all(isinstance(part, Literal) for part in template.parts):
        return Sealed("".join(p.text.reveal() for p in template.parts if isinstance(p, Literal)))
    return None


def is_text(text: Sealed) -> bool:
    """Whether anything is there."""
    return bool(text.reveal())


def cut(template: Template) -> tuple[str, Template | None] | None:
    """The name and the value of ``NAME=value``; no value where there is no ``=``.

    None where a reference comes before the first ``=``, so that only the resolved text can be cut.
    """
    if not template.parts:
        return "", None
    first, *rest = template.parts
    if not isinstance(first, Literal):
        return None
    name, sign, begin = first.text.reveal().partition("=")
    if not sign:
        return None if rest else (name, None)
    at = first.end - len(begin)
    head = (Literal(Sealed(begin), at, first.end),) if begin else ()
    return name, Template((*head, *rest))


def cut_text(text: Sealed) -> tuple[str, Sealed | None]:
    """The same for a resolved text."""
    name, sign, value = text.reveal().partition("=")
    return name, Sealed(value) if sign else None


def showable(name: str, value: Sealed) -> Sealed | None:
    """The value, if neither its name nor its shape could be a secret's: ``prod``, ``8000``, ``app.main:app``."""
    text = value.reveal()
    harmless = not text or (len(text) <= _LONGEST_SHOWN and _WORDY.fullmatch(text) is not None)
    return value if harmless and not _SECRET_NAME.search(name) else None


def references(template: Template) -> tuple[Reference, ...]:
    """The references of the template itself, not those of its operands."""
    return tuple(part for part in template.parts if isinstance(part, Reference))


def shown(text: Sealed) -> str:
    """A path, an image's name or a command, put together from text of the project and `showable` values."""
    return text.reveal()


def words(command: Sealed) -> tuple[str, ...] | None:
    """A command's words as go-shellwords splits them, which Compose uses: no shell reads them.

    It stops without an error at ``;``, ``&``, ``|``, ``<`` and ``>``, so that ``a && b`` runs ``a`` alone
    (docker-compose 5.6.1). None where it refuses the text.
    """
    found: list[str] = []
    word: list[str] | None = None
    quote = ""
    parenthesis = escaped = False
    for char in command.reveal():
        if escaped:
            word = [*(word or ()), {"n": "\n", "t": "\t"}.get(char, char)]
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote == "`" or parenthesis:
            word = [*(word or ()), char]
            quote = "" if quote == char else quote
            parenthesis = parenthesis and char != ")"
        elif quote:
            if char == quote:
                quote = ""
            else:
                word = [*(word or ()), char]
        elif char in "'\"`":
            quote = char
            word = [*(word or ()), "`"] if char == "`" else (word or [])
        elif char.isspace():
            if word is not None:
                found.append("".join(word))
            word = None
        elif char in "()":
            if char == ")" or not word or word[-1] != "$":
                return None
            word, parenthesis = [*word, char], True
        elif char in ";&|<>":
            break
        else:
            word = [*(word or ()), char]
    if quote or escaped or parenthesis:
        return None
    if word is not None:
        found.append("".join(word))
    return tuple(found)
