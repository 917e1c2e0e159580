"""``export $(grep -v '^#' .env | xargs)`` in bash: split by xargs, then once more by the shell."""

from __future__ import annotations

import re

from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import Content, Draft

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _read(data: bytes, outside: Outside) -> File:
    content = Content(data, bom=True)
    draft = Draft(content, outside)
    if "\0" in content.text:
        return draft.cut("grep takes it for a binary file", content.text.index("\0"))
    words, open_quote = _words(content)
    if words and words[0][0].startswith("-"):
        return draft.cut("export takes the first word for an option", words[0][1])
    found: dict[str, str] = {}
    for word, start, end in words:
        name, sign, value = word.partition("=")
        appends = name.endswith("+") and bool(sign)
        written = min(start + len(name) + 1, end)
        name = name.removesuffix("+") if appends else name
        if not _NAME.fullmatch(name):
            continue
        if sign:
            before = (found[name] if name in found else outside.get(name) or "") if appends else ""
            found[name] = before + value
            draft.add(name, found[name], start, written, end)
        elif name not in found:
            draft.add(name, outside.get(name), start, end, end, inherits=True)
    return draft.file() if open_quote is None else draft.cut("a quote is not closed", open_quote)


def _words(content: Content) -> tuple[list[tuple[str, int, int]], int | None]:
    """The words that reach ``export``, each with its stretch, and where a quote is left open."""
    text = content.text
    words: list[tuple[str, int, int]] = []
    chars: list[tuple[str, int]] = []
    quote, opened = "", 0

    def close() -> None:
        _split(chars, words)
        chars.clear()

    for begin, line in content.lines():
        if line.startswith("#"):
            continue
        i = begin
        while i < begin + len(line):
            char = text[i]
            if quote:
                if char == quote:
                    quote = ""
                else:
                    chars.append((char, i))
            elif char in "\r\v\f" and not chars:
                pass
            elif char in "'\"":
                quote, opened = char, i
            elif char == "\\":
                i += 1
                chars.append((text[i : i + 1] or "\n", i))
            elif char in " \t":
                close()
            else:
                chars.append((char, i))
            i += 1
        if quote:
            return words, opened
        if i <= begin + len(line):
            close()
    close()
    return words, None


def _split(chars: list[tuple[str, int]], words: list[tuple[str, int, int]]) -> None:
    """The shell's own splitting of one word of xargs at the blanks that quotes had kept."""
    word: list[tuple[str, int]] = []
    for char, at in [*chars, (" ", 0)]:
        if char not in " \t\n":
            word.append((char, at))
        elif word:
            words.append(("".join(c for c, _ in word), word[0][1], word[-1][1] + 1))
            word = []


DIALECTS = (
    Dialect(
        id="bash-xargs",
        title="export $(grep -v '^#' .env | xargs)",
        measured="bash 5.2, GNU findutils 4.9",
        parse=_read,
    ),
)
