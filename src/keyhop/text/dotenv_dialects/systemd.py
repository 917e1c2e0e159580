"""systemd's ``EnvironmentFile=``: shell-like quotes, no ``$``, no ``export``, no comment after a value."""

from __future__ import annotations

import re

from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import NOT_UTF8, NUL_REFUSED, Content, Draft

_BLANK = " \t\n\r"
_END = "\n\r"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _read(data: bytes, outside: Outside) -> File:
    content = Content(data, bom=True)
    draft = Draft(content, outside)
    text = content.text
    if "\0" in text:
        return draft.refused(NUL_REFUSED, text.index("\0"))
    at = 0
    while at < len(text):
        if text[at] in _BLANK:
            at += 1
        elif text[at] in "#;":
            at = _after_comment(text, at)
        else:
            start, at = at, at + 1
            while at < len(text) and text[at] not in "=\n\r":
                at += 1
            if text[at : at + 1] != "=":
                continue
            name = text[start:at].rstrip(_BLANK)
            written = at + 1
            value, at, end = _value(text, written)
            if any("\udc80" <= c <= "\udcff" for c in name + value):
                return draft.refused(NOT_UTF8, start)
            if _NAME.fullmatch(name):
                written = end - len(text[written:end].lstrip(_BLANK))
                draft.add(name, value, start, written, end)
    return draft.file()


def _after_comment(text: str, at: int) -> int:
    while at < len(text) and text[at] not in _END:
        at += 2 if text[at] == "\\" and text[at + 1 : at + 2] not in ("\n", "\r") else 1
    return at


def _value(text: str, at: int) -> tuple[str, int, int]:
    """The value, the offset of the line end that closes it, and where it stops as written."""
    chars: list[str] = []
    kept = 0
    """How much of `chars` may not be taken for blanks at the end."""
    fresh = True
    """Nothing but blanks since the ``=`` or since a closing quote."""
    end = at
    while at < len(text) and text[at] not in _END:
        char = text[at]
        if fresh and char in "'\"":
            at = _quoted(text, at, chars)
            kept = len(chars)
        elif char == "\\":
            following = text[at + 1 : at + 2]
            if following and following not in _END:
                chars.append(following)
            at, fresh, kept = at + 2, False, len(chars)
        elif char in _BLANK:
            if not fresh:
                chars.append(char)
            at += 1
            continue
        else:
            chars.append(char)
            at, fresh, kept = at + 1, False, len(chars)
        end = min(at, len(text))
    return "".join(chars[:kept]), at, end


def _quoted(text: str, at: int, chars: list[str]) -> int:
    """Takes a quoted stretch; without a closing quote it goes on to the end of the file."""
    quote = text[at]
    at += 1
    while at < len(text) and text[at] != quote:
        if quote == '"' and text[at] == "\\" and at + 1 < len(text):
            following = text[at + 1]
            if following in '"\\`$':
                chars.append(following)
            elif following != "\n":
                chars.append("\\" + following)
            at += 2
        elif quote == '"' and text[at] == "\\":
            at += 1
        else:
            chars.append(text[at])
            at += 1
    return at + 1


DIALECTS = (Dialect(id="systemd", title="systemd EnvironmentFile=", measured="systemd 252", parse=_read),)
