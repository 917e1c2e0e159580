"""Python settings libraries that read a file line by line: decouple, Starlette and django-environ."""

from __future__ import annotations

import re

from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import NOT_UTF8, Content, Draft

_DJANGO = re.compile(r"(?:export )?([A-Za-z_0-9]+)=(.*)", re.DOTALL)


def _stripped(data: bytes, outside: Outside) -> File:
    """``name = value`` between blanks; one pair of quotes around the whole value is taken off."""
    content = Content(data, bom=True, universal=True)
    draft = Draft(content, outside)
    if content.broken is not None:
        return draft.refused(NOT_UTF8, content.broken)
    for start, line in content.lines():
        text = line.strip()
        if text.startswith("#") or "=" not in text:
            continue
        begin = start + len(line) - len(line.lstrip())
        name, _, value = text.partition("=")
        value = value.strip()
        end = begin + len(text)
        written = end - len(value)
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        draft.add(name.strip(), value, begin, written, end)
    return draft.file()


def _django_environ(data: bytes, outside: Outside) -> File:
    """The line as it stands; quotes are taken off only where nothing follows them."""
    content = Content(data, bom=True, universal=True)
    draft = Draft(content, outside)
    if content.broken is not None:
        return draft.refused(NOT_UTF8, content.broken)
    for start, line in content.lines("\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
        match = _DJANGO.fullmatch(line)
        if match is None:
            continue
        value = match[2]
        if len(value) >= 2 and value[0] == value[-1] == "'":
            value = value[1:-1]
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = re.sub(r"\\(.)", lambda m: m[0] if m[1] in "rnt" else m[1], value[1:-1])
        draft.add(match[1], value, start, start + match.start(2), start + len(line))
    return draft.environment()


DIALECTS = (
    Dialect(id="decouple", title="python-decouple", measured="python-decouple 3.8", parse=_stripped),
    Dialect(id="starlette", title="starlette.config.Config", measured="starlette 1.10.0", parse=_stripped),
    Dialect(
        id="django-environ",
        title="django-environ read_env()",
        measured="django-environ 0.14.0",
        parse=_django_environ,
    ),
)
