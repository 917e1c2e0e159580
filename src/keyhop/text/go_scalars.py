"""What Go's YAML library reads into an unquoted scalar, and the text that Go prints of it again.

``KEY: 0123`` gives a container the text ``83``. Measured with docker-compose 5.6.1 (go.yaml.in/yaml/v4),
whose rules are those of gopkg.in/yaml.v3: ``yes`` and ``on`` stay text.
"""

from __future__ import annotations

from enum import Enum

from keyhop import patterns
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Scalar


class Kind(Enum):
    """The type of a scalar."""

    NULL = "null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    TIME = "time"
    TEXT = "text"


_TYPED = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp"))
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_NOT_FINITE = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), "NaN"),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), "+Inf"),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), "-Inf"),
}
_INTEGER = patterns.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
)
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_FLOAT = patterns.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_TIME = patterns.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:[Tt](\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d)| (\d\d?):(\d\d?):(\d\d?)(\.\d+)?))?"
)


def resolve(scalar: Scalar) -> tuple[Kind, Sealed]:
    """The type of a scalar and the text that a program gets of it; null has no text."""
    if not scalar.plain and scalar.tag not in _TYPED:
        return Kind.TEXT, scalar.sealed
    kind, text = _resolved(scalar.sealed.reveal())
    return kind, Sealed(text)


def is_finite(scalar: Scalar) -> bool:
    """False for a number that JSON cannot hold, as Compose needs it to."""
    kind, text = resolve(scalar)
    return kind is not Kind.NUMBER or text.reveal() not in _NOT_FINITE.values()


def as_written(scalar: Scalar, printed: Sealed) -> bool:
    """Whether the text that a program gets is the one that stands in the file."""
    return scalar.sealed.reveal() == printed.reveal()


def _resolved(text: str) -> tuple[Kind, str]:
    if text in _NULL:
        return Kind.NULL, ""
    if text in _BOOLEAN:
        return Kind.BOOLEAN, text.lower()
    if text in _NOT_FINITE:
        return Kind.NUMBER, _NOT_FINITE[text]
    if text[0] in "+-0123456789":
        time = _time(text)
        if time is not None:
            return Kind.TIME, time
        number = _number(text.replace("_", ""))
        if number is not None:
            return Kind.NUMBER, number
    elif text[0] == "." and _FLOAT.fullmatch(text):
        return Kind.NUMBER, _printed(float(text))
    return Kind.TEXT, text


def _number(text: str) -> str | None:
    match = _INTEGER.fullmatch(text)
    if match is not None:
        base = match.lastgroup or "dec"
        integer = int(match[base], _BASES[base]) if len(match[base]) <= 64 else 1 << 64
        signed = -integer if match["sign"] == "-" else integer
        largest = 1 << (64 if not match["sign"] else 63)
        if -(1 << 63) <= signed < largest:
            return text if text == "-0" else str(signed)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return None if number in (float("inf"), float("-inf")) else _printed(number)
    return None


def _printed(number: float) -> str:
    """As Go's ``%v``: the shortest digits, with an exponent below 1e-4 and from 1e21 on."""
    from decimal import Decimal

    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    power = len(text) + exponent - 1
    if number == 0:
        text = "0"
    elif power < -4 or power >= 21:
        text = text[0] + ("." + text[1:] if len(text) > 1 else "") + f"e{'-' if power < 0 else '+'}{abs(power):02}"
    elif exponent >= 0:
        text += "0" * exponent
    elif power >= 0:
        text = f"{text[: power + 1]}.{text[power + 1 :]}"
    else:
        text = "0." + "0" * (-power - 1) + text
    return ("-" if sign else "") + text


def _time(text: str) -> str | None:
    """As Go prints a time, on a host whose clock shows UTC."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    from datetime import datetime, timedelta, timezone

    year, month, day, *rest = match.groups()
    hour, minute, second, fraction = (a or b for a, b in zip(rest[:4], rest[5:], strict=True))
    zone = timezone.utc
    if rest[4] and rest[4] != "Z":
        hours, _, minutes = rest[4][1:].partition(":")
        delta = timedelta(hours=int(hours), minutes=int(minutes))
        zone = timezone(-delta if rest[4][0] == "-" else delta) if int(hours) < 24 else zone
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone
        )
    except ValueError:
        return None
    offset = moment.strftime("%z")
    digits = (fraction or "")[:10].rstrip("0").rstrip(".")
    clock = f"{int(year):04}-{moment:%m-%d %H:%M:%S}{digits}"
    return f"{clock} {offset} {'UTC' if offset == '+0000' else offset}"
