"""The functions of Go's templates, of sprig and of Helm that charts use."""

from __future__ import annotations

import hashlib
import json
import math
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from copy import deepcopy

from keyhop.text.go_template.evaluation import truth
from keyhop.text.go_template.printing import MADE, as_json, printed, yaml
from keyhop.text.go_template.tree import TemplateError

_MADE = (
    "randAlphaNum randAlpha randNumeric randAscii randBytes uuidv4 genPrivateKey derivePassword htpasswd bcrypt"
    " now date dateInZone unixEpoch ago encryptAES decryptAES getHostByName"
)
"""Functions whose result only the installation knows."""


def functions() -> dict[str, Callable[..., object]]:
    """Every function by its name."""
    return {**_LOGIC, **_TEXTS, **_NUMBERS, **_LISTS, **_MAPS, **_FORMATS, **dict.fromkeys(_MADE.split(), _made)}


def _made(*_: object) -> str:
    return MADE


def _equal(first: object, *others: object) -> bool:
    return any(first == other for other in others)


def _required(message: str, value: object) -> object:
    if value is None or value == "":
        raise TemplateError("it requires a value that is not set")
    return value


def _fail(message: str) -> object:
    raise TemplateError("it fails on purpose")


def _ternary(yes: object, no: object, test: object) -> object:
    return yes if truth(test) else no


def _default(other: object, value: object = None) -> object:
    return value if truth(value) else other


def _coalesce(*values: object) -> object:
    return next((value for value in values if truth(value)), None)


def _kind(value: object) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "invalid")


_KINDS = ((bool, "bool"), (str, "string"), (int, "int"), (float, "float64"), (list, "slice"), (dict, "map"))
_LOGIC: dict[str, Callable[..., object]] = {
    "not": lambda value: not truth(value),
    "eq": _equal,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "default": _default,
    "coalesce": _coalesce,
    "ternary": _ternary,
    "empty": lambda value: not truth(value),
    "required": _required,
    "fail": _fail,
    "lookup": lambda *_: {},
    "kindIs": lambda kind, value: _kind(value) == kind,
    "kindOf": _kind,
    "typeOf": _kind,
    "typeIs": lambda kind, value: _kind(value) == kind,
    "all": lambda *values: all(map(truth, values)),
    "any": lambda *values: any(map(truth, values)),
    "semverCompare": lambda *_: True,
    "deepEqual": lambda a, b: a == b,
}


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TemplateError("a text is expected")
    return value


def _quote(*values: object) -> str:
    return " ".join(json.dumps(printed(value), ensure_ascii=False) for value in values if value is not None)


def _format(text: str, *values: object) -> str:
    """``printf`` with the verbs that charts use."""
    rest = iter(values)

    def one(match: re.Match[str]) -> str:
        verb = match[2]
        if verb == "%":
            return "%"
        value = next(rest, None)
        if verb == "q":
            return json.dumps(printed(value), ensure_ascii=False)
        if verb in "df" and isinstance(value, (int, float)):
            return f"%{match[1]}{verb}" % (int(value) if verb == "d" else value)
        return f"%{match[1]}s" % printed(value)

    return re.sub(r"%([-+0-9.]*)([a-zA-Z%])", one, text)


def _indent(count: int, text: str) -> str:
    pad = " " * int(count)
    return pad + text.replace("\n", f"\n{pad}")


def _encoded(value: object) -> str:
    text = _string(value)
    return MADE if MADE in text else b64encode(text.encode("utf-8", "surrogateescape")).decode()


def _decoded(value: object) -> str:
    return b64decode(_string(value), validate=True).decode("utf-8", "replace")


def _sha256(value: object) -> str:
    return hashlib.sha256(_string(value).encode("utf-8", "surrogateescape")).hexdigest()


def _snake(text: str) -> str:
    return re.sub(r"[\s.-]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)).lower()


def _truncated(count: int, text: str) -> str:
    return text[: int(count)] if count >= 0 else text[int(count) :]


_TEXTS: dict[str, Callable[..., object]] = {
    "print": lambda *values: "".join(map(printed, values)),
    "println": lambda *values: " ".join(map(printed, values)) + "\n",
    "printf": _format,
    "quote": _quote,
    "squote": lambda *values: " ".join(f"'{printed(value)}'" for value in values if value is not None),
    "toString": printed,
    "upper": lambda text: _string(text).upper(),
    "lower": lambda text: _string(text).lower(),
    "title": lambda text: _string(text).title(),
    "untitle": lambda text: text[:1].lower() + text[1:],
    "trim": lambda text: _string(text).strip(),
    "trimAll": lambda cut, text: text.strip(cut),
    "trimSuffix": lambda cut, text: _string(text).removesuffix(cut),
    "trimPrefix": lambda cut, text: _string(text).removeprefix(cut),
    "trunc": _truncated,
    "substr": lambda start, end, text: text[int(start) : int(end)] if end >= 0 else text[int(start) :],
    "nospace": lambda text: re.sub(r"\s", "", text),
    "replace": lambda old, new, text: _string(text).replace(old, new),
    "contains": lambda part, text: part in _string(text),
    "hasPrefix": lambda part, text: _string(text).startswith(part),
    "hasSuffix": lambda part, text: _string(text).endswith(part),
    "indent": _indent,
    "nindent": lambda count, text: "\n" + _indent(count, text),
    "repeat": lambda count, text: text * int(count),
    "cat": lambda *values: " ".join(printed(value) for value in values if value is not None),
    "snakecase": _snake,
    "kebabcase": lambda text: _snake(text).replace("_", "-"),
    "camelcase": lambda text: "".join(part.title() for part in _snake(text).split("_")),
    "regexMatch": lambda pattern, text: re.search(pattern, text) is not None,
    "regexReplaceAll": lambda pattern, text, new: re.sub(pattern, re.sub(r"\$\{?(\d+)\}?", r"\\\1", new), text),
    "regexReplaceAllLiteral": lambda pattern, text, new: re.sub(pattern, lambda _: new, text),
    "regexFind": lambda pattern, text: (re.search(pattern, text) or [""])[0],
    "b64enc": _encoded,
    "b64dec": _decoded,
    "sha256sum": _sha256,
    "sha1sum": lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
    "adler32sum": _made,
    "plural": lambda one, many, count: one if count == 1 else many,
}


def _integer(value: object) -> int:
    try:
        return int(float(value)) if isinstance(value, (str, int, float)) else 0
    except ValueError:
        return 0


def _until(*bounds: int) -> list[object]:
    return [*range(*(int(bound) for bound in bounds))]


_NUMBERS: dict[str, Callable[..., object]] = {
    "int": _integer,
    "int64": _integer,
    "atoi": _integer,
    "float64": float,
    "add": lambda *values: sum(map(_integer, values)),
    "add1": lambda value: _integer(value) + 1,
    "sub": lambda a, b: _integer(a) - _integer(b),
    "mul": lambda *values: math.prod(map(_integer, values)),
    "div": lambda a, b: _integer(a) // _integer(b),
    "mod": lambda a, b: _integer(a) % _integer(b),
    "max": lambda *values: max(map(_integer, values)),
    "min": lambda *values: min(map(_integer, values)),
    "ceil": math.ceil,
    "floor": math.floor,
    "round": lambda value, digits: round(float(value), int(digits)),
    "until": _until,
    "untilStep": _until,
    "seq": lambda *bounds: " ".join(map(str, range(int(bounds[0]), int(bounds[-1]) + 1))),
}


def _index(value: object, *keys: object) -> object:
    for key in keys:
        if value is None:
            raise TemplateError("index of untyped nil")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, (list, str)):
            value = value[_integer(key)]
        else:
            raise TemplateError("it indexes what is no list")
    return value


def _unique(values: list[object]) -> list[object]:
    return [value for number, value in enumerate(values) if value not in values[:number]]


_LISTS: dict[str, Callable[..., object]] = {
    "list": lambda *values: list(values),
    "tuple": lambda *values: list(values),
    "index": _index,
    "len": lambda value: len(value),
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "rest": lambda values: values[1:],
    "initial": lambda values: values[:-1],
    "append": lambda values, value: [*values, value],
    "prepend": lambda values, value: [value, *values],
    "concat": lambda *values: [each for value in values for each in value or ()],
    "reverse": lambda values: values[::-1],
    "uniq": _unique,
    "compact": lambda values: [value for value in values if truth(value)],
    "without": lambda values, *out: [value for value in values if value not in out],
    "has": lambda value, values: value in (values or ()),
    "slice": lambda values, *bounds: values[slice(*map(_integer, bounds))],
    "join": lambda sign, values: sign.join(map(printed, values)) if isinstance(values, list) else printed(values),
    "splitList": lambda sign, text: text.split(sign),
    "split": lambda sign, text: {f"_{n}": part for n, part in enumerate(text.split(sign))},
    "sortAlpha": lambda values: sorted(map(printed, values)),
}


def _dict(*pairs: object) -> dict[object, object]:
    return dict(zip(pairs[::2], pairs[1::2], strict=False))


def _set(value: dict[str, object], key: str, new: object) -> dict[str, object]:
    value[key] = new
    return value


def _unset(value: dict[str, object], key: str) -> dict[str, object]:
    value.pop(key, None)
    return value


def _merge(target: dict[str, object], *others: dict[str, object], overwrite: bool = False) -> dict[str, object]:
    for other in others:
        for key, value in other.items():
            old = target.get(key)
            if isinstance(old, dict) and isinstance(value, dict):
                _merge(old, value, overwrite=overwrite)
            elif overwrite or not truth(old):
                target[key] = value
    return target


def _dig(*arguments: object) -> object:
    *keys, other, value = arguments
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return other
        value = value[key]
    return value


_MAPS: dict[str, Callable[..., object]] = {
    "dict": _dict,
    "get": lambda value, key: value.get(key, ""),
    "set": _set,
    "unset": _unset,
    "hasKey": lambda value, key: key in value,
    "keys": lambda *values: [key for value in values for key in value],
    "values": lambda value: list(value.values()),
    "pick": lambda value, *keys: {key: value[key] for key in keys if key in value},
    "omit": lambda value, *keys: {key: each for key, each in value.items() if key not in keys},
    "merge": _merge,
    "mustMerge": _merge,
    "mergeOverwrite": lambda *values: _merge(*values, overwrite=True),
    "mustMergeOverwrite": lambda *values: _merge(*values, overwrite=True),
    "deepCopy": deepcopy,
    "mustDeepCopy": deepcopy,
    "pluck": lambda key, *values: [value[key] for value in values if key in value],
    "dig": _dig,
}
_FORMATS: dict[str, Callable[..., object]] = {
    "toYaml": yaml,
    "mustToYaml": yaml,
    "toYamlPretty": yaml,
    "toJson": as_json,
    "mustToJson": as_json,
    "toRawJson": as_json,
    "toPrettyJson": lambda value: as_json(value, 2),
    "fromJson": lambda text: json.loads(text),
    "html": printed,
    "urlquery": _made,
}
