"""Secrets taken out of what a process holds: out of plain data, JSON and exceptions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from keyhop.text.masking import MASK
from keyhop.text.own_values import hide, remember
from keyhop.text.sealed import Sealed

_SECRET = re.compile(
    r"(?:\A|[_-])(?:api[_-]?key|access[_-]key(?:[_-]id)?|secret(?:[_-](?:access[_-])?key)?|session[_-]token"
    r"|(?:auth|access|bearer|refresh|api)[_-]?token|token|password|passwd|authorization|jwt|pat|private[_-]key)\Z",
    re.IGNORECASE,
)
"""Names of fields, arguments and headers that hold a secret."""
_MOST = 200
"""Exceptions of one chain, and fields of one object, that are looked at."""
_DEEPEST = 20


def is_secret(name: object) -> bool:
    """Whether a field of that name holds a secret."""
    return isinstance(name, str) and _SECRET.search(name) is not None


def redacted(value: Any, depth: int = 0) -> Any:
    """The same data without secrets: None for what is secret by its name, ``***`` for what is in a text."""
    if isinstance(value, str):
        return hide(value) if type(value) is str else value
    if depth > _DEEPEST:
        return value
    if isinstance(value, Mapping):
        return {
            name: None if is_secret(name) and isinstance(each, (str, bytes)) else redacted(each, depth + 1)
            for name, each in value.items()
        }
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(redacted(each, depth + 1) for each in value)
    return value


def redacted_json(text: str, indent: int | None = None) -> str:
    """As `redacted`, for JSON; what is none is taken as a text."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return hide(text)
    separators = (",", ":") if indent is None else None
    return json.dumps(redacted(document), ensure_ascii=False, indent=indent, separators=separators)


def shown(name: str | None, value: Any) -> Any:
    """A field, for a ``repr``."""
    if is_secret(name) and value is not None:
        return MASK
    return redacted(value) if isinstance(value, (str, Mapping, list, tuple)) else value


def remember_fields(holder: object) -> None:
    """What an object holds under secret names is a secret of this process, wherever else it shows up."""
    fields = getattr(holder, "__dict__", None)
    for name, value in tuple(fields.items())[:_MOST] if isinstance(fields, dict) else ():
        _remember(name, value)


def _remember(name: object, value: object) -> None:
    plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    if isinstance(plain, str) and is_secret(name):
        remember(Sealed(plain))
    elif isinstance(value, Mapping):
        for inner, each in value.items():
            _remember(inner, each)


def redact_fields(holder: object, only: re.Pattern[str]) -> None:
    """The texts that an object holds under such names are changed in place."""
    fields = getattr(holder, "__dict__", None)
    for name, value in tuple(fields.items()) if isinstance(fields, dict) else ():
        if type(value) is str and only.search(name) and (safe := hide(value)) != value:
            fields[name] = safe  # type: ignore[index]


def redact_chain(error: BaseException) -> None:
    """An exception, all that led to it and the members of groups: their texts are changed in place."""
    for each in _chain(error):
        with suppress(Exception):
            safe = redacted(each.args)
            if safe != each.args:
                each.args = safe
        fields = getattr(each, "__dict__", None)
        for name, value in tuple(fields.items()) if isinstance(fields, dict) else ():
            with suppress(Exception):
                if isinstance(value, (str, list, dict)) and (clean := redacted(value)) != value:
                    fields[name] = clean  # type: ignore[index]


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    ahead = [error]
    while ahead and len(seen) < _MOST:
        each = ahead.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        ahead += [one for one in (each.__cause__, each.__context__) if one is not None]
        members = getattr(each, "exceptions", ())
        if isinstance(members, tuple):
            ahead += [one for one in members if isinstance(one, BaseException)]
