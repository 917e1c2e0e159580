"""tox's configuration: ``tox.ini``, ``setup.cfg``, ``tox.toml`` and ``pyproject.toml`` (tox 4.31).

What stands in ``[testenv]`` is for every environment that does not say otherwise. A line may begin with factors,
``py311,!lint: NAME=value``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from itertools import product
from typing import Any

from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.text.sealed import Sealed
from keyhop.text.toml import table

_SECTION = re.compile(r"\[([^]]+)\]\s*")
_SETTING = re.compile(r"([\w.-]+)\s*[=:]\s?(.*)")
_COMMENT = re.compile(r"\s*(?<!\\)#.*")
_FACTORS = re.compile(r"([\w.!,{}\s-]+?):(?:\s+|$)(.*)")
_FACTOR = re.compile(r"!?[\w.][\w.-]*")
_OTHER = re.compile(r"\{\[([^]]+)\]([\w-]+)\}")
_REFERENCE = re.compile(r"\{env:(\w+)(?::((?:[^{}]|\{[^{}]*\})*))?\}")
_OLD_NAMES = {"passenv": "pass_env", "setenv": "set_env", "changedir": "change_dir", "envlist": "env_list"}
_TOX_DIR = re.compile(r"\{(?:tox_?(?:root|ini_?dir)|toxinidir)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The value of one variable of ``set_env``."""

    name: str
    text: Sealed | None = field(repr=False)
    """None where it mentions variables of the shell."""
    asks: tuple[tuple[str, Sealed | None], ...] = field(default=(), repr=False)
    """Variables of the shell that it mentions, each with its default."""
    whole: bool = False
    """It is nothing but the one that it mentions."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment of tox."""

    name: str
    passes: tuple[tuple[str, Span], ...]
    """Names and patterns of ``pass_env``."""
    sets: tuple[Value, ...]
    files: tuple[tuple[str, Span], ...]
    """Env files of ``set_env``, relative to the configuration."""
    commands: tuple[tuple[str, Span], ...] = field(repr=False)
    """Each a line that tox splits into words."""
    directory: str
    span: Span
    """Where it is configured."""
    pass_span: Span | None
    """Where ``pass_env`` stands."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str = field(repr=False)
    span: Span


_Sections = dict[str, dict[str, list[_Line]]]


def environments_of_ini(source: Source, text: str, offset: int = 0, prefix: str = "") -> tuple[Environment, ...]:
    """The environments of an ini text.

    Args:
        offset: where in the source the text begins.
        prefix: ``tox:`` in a ``setup.cfg``.
    """
    sections = _sections(source, text, offset)
    core = sections.get(f"{prefix}tox", {})
    listed = [name for line in core.get("env_list", []) for name in _expanded(line.text)]
    named = [n for s in sections if s.startswith("testenv:") for n in _expanded(s.partition(":")[2])]
    where = next((line.span for line in core.get("env_list", [])), source.span(offset))
    return tuple(_environment(name, sections, where) for name in dict.fromkeys((*listed, *named)) if name)


def environments_of_toml(source: Source, tables: Mapping[str, Any]) -> tuple[Environment, ...]:
    """The environments of ``tox.toml``, or of ``[tool.tox]``."""
    base = table(dict(tables), "env_run_base")
    own = table(dict(tables), "env")
    names = [*(n for n in tables.get("env_list", ()) if isinstance(n, str)), *own]
    return tuple(_of_table(name, {**base, **table(own, name)}, source) for name in dict.fromkeys(names))


def _of_table(name: str, values: Mapping[str, Any], source: Source) -> Environment:
    at = _found(source, f"[env.{name}]", f"env.{name}]", "env_run_base", "env_list")
    listed = values.get("pass_env", ())
    passes = [each for each in (listed if isinstance(listed, list) else [listed]) if isinstance(each, str)]
    pass_span = _found(source, "pass_env") if passes else None
    setting = values.get("set_env", {})
    pairs = setting.items() if isinstance(setting, dict) else ()
    files = [str(value) for key, value in pairs if key == "file"]
    commands = [" ".join(map(_word, words)) for words in values.get("commands", ()) if isinstance(words, list)]
    return Environment(
        name=name,
        passes=tuple((each, pass_span or at) for each in passes),
        sets=tuple(_of_toml(key, value, _found(source, key)) for key, value in pairs if key != "file"),
        files=tuple((path, _found(source, path)) for path in files),
        commands=tuple((text, at) for text in commands),
        directory=str(values.get("change_dir", "")),
        span=at,
        pass_span=pass_span,
    )


def _of_toml(name: str, value: object, span: Span) -> Value:
    if isinstance(value, dict) and value.get("replace") == "env":
        default = value.get("default")
        asked = (str(value.get("name")), None if default is None else Sealed(str(default)))
        return Value(name=name, text=None, asks=(asked,), whole=True, span=span)
    return _value(name, str(value), span)


def _word(word: object) -> str:
    text = str(word)
    return text if re.fullmatch(r"[\w./:=@%+,{}-]+", text) else "'" + text.replace("'", "'\\''") + "'"


def _found(source: Source, *marks: str) -> Span:
    """Where the first of the marks stands, else the file."""
    found = next((at for mark in marks if (at := source.text.find(mark)) >= 0), -1)
    return source.span(found) if found >= 0 else Span(path=source.path)


def _sections(source: Source, text: str, offset: int) -> _Sections:
    found: _Sections = {}
    section: dict[str, list[_Line]] = {}
    lines: list[_Line] = []
    at = offset
    for whole in text.split("\n"):
        start, at = at, at + len(whole) + 1
        line = whole.rstrip("\r")
        if not line.strip() or line.lstrip()[:1] in "#;":
            continue
        header, setting = _SECTION.fullmatch(line.rstrip()), _SETTING.match(line)
        if header and not line[0].isspace():
            for name in _expanded(header[1]) if "{" in header[1] else [header[1]]:
                section = found.setdefault(name, {})
        elif line[0].isspace() and section:
            lines.append(_line(source, line.strip(), start + len(line) - len(line.lstrip())))
        elif setting:
            lines = section.setdefault(_OLD_NAMES.get(setting[1], setting[1]), [])
            lines.clear()
            if setting[2].strip():
                lines.append(_line(source, setting[2].strip(), start + setting.start(2)))
    return found


def _line(source: Source, text: str, start: int) -> _Line:
    return _Line(_COMMENT.sub("", text), source.span(start, start + len(text)))


def _expanded(text: str) -> list[str]:
    """``{py311,py312}-{a,b},lint`` written out."""
    found: list[str] = []
    for part in re.findall(r"(?:\{[^}]*\}|[^,\s{}])+", text):
        pieces = re.split(r"\{([^}]*)\}", part)
        found += ["".join(each) for each in product(*([word.strip() for word in p.split(",")] for p in pieces))]
    return found


def _environment(name: str, sections: _Sections, where: Span) -> Environment:
    own = sections.get(f"testenv:{name}", {})
    factors = frozenset(name.split("-"))

    def get(key: str) -> list[_Line]:
        base = sections.get("testenv", {})
        lines = own[key] if key in own else base.get(key, [])
        return [line for each in lines for line in _fitting(each, factors, sections)]

    passes = [(word, line.span) for line in get("pass_env") for word in re.split(r"[,\s]+", line.text) if word]
    settings, files = get("set_env"), []
    for line in settings:
        if line.text.startswith("file|"):
            files.append((_TOX_DIR.sub(".", line.text[5:]), line.span))
    sets = [
        _value(*_pair(line.text), line.span) for line in settings if "=" in line.text and "file|" not in line.text
    ]
    commands = [(line.text.lstrip("-! "), line.span) for line in _joined(get("commands"))]
    first = next((line for lines in own.values() for line in lines), None)
    directory = next((line.text for line in get("change_dir")), "")
    return Environment(
        name=name,
        passes=tuple(passes),
        sets=tuple(sets),
        files=tuple(files),
        commands=tuple(commands),
        directory=_TOX_DIR.sub(".", directory),
        span=first.span if first else where,
        pass_span=passes[0][1] if passes else None,
    )


def _fitting(line: _Line, factors: frozenset[str], sections: _Sections, depth: int = 0) -> Iterator[_Line]:
    """The line without its factors, if these fit; what it takes from another section in its place."""
    match = _FACTORS.fullmatch(line.text)
    text = line.text
    if match is not None:
        groups = [group.split("-") for group in _expanded(match[1])]
        if groups and all(_FACTOR.fullmatch(f) for group in groups for f in group):
            if not any(all((f.lstrip("!") in factors) != f.startswith("!") for f in group) for group in groups):
                return
            text = match[2]
    other = _OTHER.fullmatch(text.strip())
    if other is not None and depth < 10:
        for each in sections.get(other[1], {}).get(_OLD_NAMES.get(other[2], other[2]), []):
            yield from _fitting(each, factors, sections, depth + 1)
    elif text:
        yield _Line(text, line.span)


def _joined(lines: list[_Line]) -> Iterator[_Line]:
    """Commands whose lines end in a backslash go on in the next."""
    held = ""
    for line in lines:
        if line.text.endswith("\\"):
            held += line.text[:-1] + " "
        else:
            yield _Line(held + line.text, line.span)
            held = ""


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _value(name: str, text: str, span: Span) -> Value:
    text = text.replace("\\#", "#")
    asked = tuple((m[1], None if m[2] is None else Sealed(m[2])) for m in _REFERENCE.finditer(text))
    whole = _REFERENCE.fullmatch(text) is not None
    return Value(name=name, text=None if asked else Sealed(text), asks=asked, whole=whole, span=span)
