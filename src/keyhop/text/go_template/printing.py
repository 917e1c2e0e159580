"""Values as Go prints them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

MADE = "\ue000"
"""Stands in a text for what only the installation knows: a random password, a value that somebody types."""
_EXPONENT = 6
_PLAIN = re.compile(r"[A-Za-z_][\w./-]*\Z")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def printed(value: object) -> str:
    """``%v``; nil is nothing, as Helm leaves it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return _number(value)
        case dict():
            return "map[" + " ".join(f"{k}:{printed(value[k])}" for k in sorted(value)) + "]"
        case list():
            return "[" + " ".join(map(printed, value)) + "]"
        case _:
            return str(value)


def _number(value: float) -> str:
    """As ``%g`` with the fewest digits that tell the number: with an exponent below 1e-4 and from 1e6 on."""
    if value != value or value in (float("inf"), float("-inf")):
        return "NaN" if value != value else "+Inf" if value > 0 else "-Inf"
    power = int(f"{value:e}".partition("e")[2])
    if value and (power < -4 or power >= _EXPONENT):
        return f"{_shortest(value)}e{'-' if power < 0 else '+'}{abs(power):02}"
    return repr(value).removesuffix(".0")


def _shortest(value: float) -> str:
    """The digits of a number as a mantissa with one digit before the point."""
    from decimal import Decimal

    sign, digits, _ = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    return ("-" if sign else "") + text[0] + (f".{text[1:]}" if len(text) > 1 else "")


def yaml(value: object) -> str:
    """``toYaml``: keys in order, one a line, without a last line end. Texts are quoted, which means the same."""
    return "\n".join(_lines(value))


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _nested(f"{_scalar(key)}:", value[key], "  " if isinstance(value[key], dict) else "")
    elif isinstance(value, list) and value:
        for item in value:
            lines = list(_lines(item))
            yield f"- {lines[0]}"
            yield from (f"  {line}" for line in lines[1:])
    else:
        yield _scalar(value)


def _nested(head: str, value: object, indent: str) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield head
        yield from (f"{indent}{line}" for line in _lines(value))
    else:
        yield f"{head} {_scalar(value)}"


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value if _PLAIN.match(value) and value.lower() not in _WORDS else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value)


def as_json(value: object, indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else None
    return json.dumps(_whole(value), sort_keys=True, ensure_ascii=False, indent=indent, separators=separators)


def _whole(value: object) -> object:
    """Numbers without a fraction as JSON writes them."""
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value
