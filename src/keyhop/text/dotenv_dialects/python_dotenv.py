"""python-dotenv and the libraries that read through it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from keyhop.records import dataclass
from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import NOT_UTF8, Content, Draft

_BLANK = r"[^\S\r\n]*"
_HEAD = re.compile(r"(?:export[^\S\r\n]+)?")
_KEY = re.compile(r"'(?P<quoted>[^']+)'|(?!')(?P<plain>[^=\#\s]+)")
_EQUALS = re.compile(rf"{_BLANK}(?P<sign>={_BLANK})?")
_COMMENT = re.compile(rf"(?:{_BLANK}\#[^\r\n]*)?")
_END_OF_LINE = re.compile(rf"{_BLANK}(?:\r\n|\n|\r|\Z)")
_REST = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_PLAIN = re.compile(r"[^\r\n]*")
_INLINE = re.compile(r"\s+#.*")
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_QUOTED = {
    "'": re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL),
    '"': re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL),
}
_QUOTED_BEFORE_1_1 = {"'": re.compile(r"'((?:\\'|[^'])*)'"), '"': re.compile(r'"((?:\\"|[^"])*)"')}
_ESCAPED = {"'": re.compile(r"\\([\\'])"), '"': re.compile(r"\\([\\'\"abfnrtv])")}
_VARIABLE = re.compile(r"\$\{(?P<name>[^\}:]*)(?::-(?P<default>[^\}]*))?\}")


class _Binding(NamedTuple):
    name: str
    value: str | None
    start: int
    value_start: int
    end: int


@dataclass(frozen=True)
class _Version:
    """What differs between releases, and between the ways to call them."""

    looks: Literal["outside first", "file first", "nowhere"]
    """Where ``${NAME}`` is looked up."""
    environment: bool = True
    """The values go into ``os.environ``, not only into a dict."""
    old: bool = False
    """As up to 1.0.1: a byte order mark joins the first name, ``KEY= # c`` is the comment."""

    def __call__(self, data: bytes, outside: Outside) -> File:
        content = Content(data, bom=self.old, universal=True)
        draft = Draft(content, outside)
        if content.broken is not None:
            return draft.refused(NOT_UTF8, content.broken)
        seen: dict[str, str | None] = {}
        for each in self._bindings(content.text):
            value = each.value
            if value is not None and self.looks != "nowhere":
                value = self._resolved(value, seen, outside)
            seen[each.name] = value
            draft.add(each.name, value, each.start, each.value_start, each.end)
        return draft.environment() if self.environment else draft.file()

    def _bindings(self, text: str) -> Iterator[_Binding]:
        at = 0
        while at < len(text):
            while at < len(text) and text[at].isspace():
                at += 1
            if at == len(text):
                return
            found, at = self._binding(text, at)
            if found is None:
                at = _after(_REST, text, at)
            else:
                yield found

    def _binding(self, text: str, start: int) -> tuple[_Binding | None, int]:
        """The binding that starts here and the end of its line; without one, where it fails."""
        at = _after(_HEAD, text, start)
        key = None if text.startswith("#", start) else _KEY.match(text, at)
        if key is None:
            return None, at
        equals = _EQUALS.match(text, key.end())
        assert equals is not None
        value: str | None = None
        value_start = end = equals.end()
        if equals["sign"]:
            if not self.old and len(equals["sign"]) > 1 and text.startswith("#", end):
                value = ""
            elif text[end : end + 1] in ("'", '"'):
                quote = text[end]
                quoted = (_QUOTED_BEFORE_1_1 if self.old else _QUOTED)[quote].match(text, end)
                if quoted is None:
                    return None, end
                value, end = _unescaped(quoted[1], quote), quoted.end()
            else:
                end = _after(_PLAIN, text, end)
                value = _INLINE.sub("", text[value_start:end]).rstrip()
        end_of_comment = _after(_COMMENT, text, end)
        tail = _END_OF_LINE.match(text, end_of_comment)
        if tail is None:
            return None, end_of_comment
        end = start + len(text[start : tail.end()].rstrip("\n"))
        name = key["quoted"] or key["plain"]
        return _Binding(name, value, start, min(value_start, end), end), tail.end()

    def _resolved(self, value: str, seen: dict[str, str | None], outside: Outside) -> str:
        def look(match: re.Match[str]) -> str:
            name, default = match["name"], match["default"] or ""
            if self.looks == "file first" and name in seen:
                return seen[name] or ""
            found = outside.get(name)
            if found is None and name in seen:
                return seen[name] or ""
            return default if found is None else found

        return _VARIABLE.sub(look, value)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    assert match is not None
    return match.end()


def _unescaped(text: str, quote: str) -> str:
    return _ESCAPED[quote].sub(lambda m: _ESCAPES.get(m[1], m[1]), text)


DIALECTS = (
    Dialect(
        id="python-dotenv",
        title="load_dotenv()",
        measured="python-dotenv 1.2.4",
        parse=_Version("outside first"),
    ),
    Dialect(
        id="python-dotenv-override",
        title="load_dotenv(override=True)",
        measured="python-dotenv 1.2.4, podman-compose 1.6.0",
        parse=_Version("file first"),
    ),
    Dialect(
        id="python-dotenv-values",
        title="dotenv_values()",
        measured="python-dotenv 1.2.4",
        parse=_Version("file first", environment=False),
    ),
    Dialect(
        id="python-dotenv-nointerp",
        title="dotenv_values(interpolate=False)",
        measured="python-dotenv 1.2.4",
        parse=_Version("nowhere", environment=False),
    ),
    Dialect(
        id="python-dotenv-1.0",
        title="load_dotenv() of python-dotenv up to 1.0.1",
        measured="python-dotenv 0.21.1, 1.0.1",
        parse=_Version("outside first", old=True),
    ),
    Dialect(
        id="pydantic-settings",
        title="pydantic-settings env_file",
        measured="pydantic-settings 2.16.3 with python-dotenv 1.2.4",
        parse=_Version("file first", environment=False),
    ),
    Dialect(
        id="environs",
        title="environs read_env()",
        measured="environs 15.2.0 with python-dotenv 1.2.4",
        parse=_Version("file first", environment=False),
    ),
)
