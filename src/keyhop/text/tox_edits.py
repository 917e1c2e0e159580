"""One more name in ``pass_env`` of a tox environment, where that environment takes its list from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.span import Source
from keyhop.text.lines import line_end, next_line

_HEADER = re.compile(r"(?m)^\[([^\]\n]+)\][ \t]*(?:#.*)?$")
_INI_LIST = re.compile(r"(?m)^(?P<key>pass_?env)[ \t]*=[ \t]*(?P<first>[^\n]*)(?P<more>(?:\n[ \t]+\S[^\n]*)*)")
_TOML_LIST = re.compile(r"(?m)^pass_env\s*=\s*\[(?P<body>[^\[\]#]*)\]")
_COMMANDS = re.compile(r"(?m)^commands[ \t]*=[ \t]*(?P<first>\S?)[^\n]*(?:\n(?P<indent>[ \t]+))?")

Stretch = tuple[int, int, str]
"""Start and end in code points, and the new text."""


def passed_in_ini(source: Source, environment: str, name: str) -> Stretch | None:
    """In a section of its own; where that has no list, it takes that for all with one name more."""
    sections = dict(_sections(source.text))
    base, own = sections.get("testenv"), sections.get(f"testenv:{environment}")
    for place in (own, base):
        found = _INI_LIST.search(source.text, *place) if place else None
        if found is None:
            continue
        if place is base and own is not None:
            lines = (f"{{[testenv]{found['key']}}}", name)
            return _new_list(source, own, found["key"], lines)
        return _longer(source, found, name)
    place = own or base
    return _new_list(source, place, "pass_env", (name,)) if place else None


def passed_in_toml(source: Source, environment: str, name: str) -> Stretch | None:
    """In the table of its own, if that has a list, else in the one for all."""
    sections = dict(_sections(source.text))
    tables = [
        sections.get(f"{head}{table}")
        for table in (f"env.{environment}", f'env."{environment}"', "env_run_base")
        for head in ("", "tool.tox.")
    ]
    present = [each for each in tables if each is not None]
    for place in present:
        found = _TOML_LIST.search(source.text, *place)
        if found is not None:
            return _longer_toml(source, found, name)
    if not present or any("pass_env" in source.text[start:end] for start, end in present):
        return None
    start = present[0][0]
    return start, start, f'pass_env = ["{name}"]{line_end(source.text)}'


def _sections(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each section by its name, without its header."""
    heads = list(_HEADER.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        yield head[1].strip(), (next_line(text, head.end()), following.start() if following else len(text))


def _longer(source: Source, found: re.Match[str], name: str) -> Stretch | None:
    """A list on one line is one of commas; below its key, one of lines."""
    if found["more"]:
        last = found["more"].splitlines()[-1]
        indent = last[: len(last) - len(last.lstrip())]
        return found.end(), found.end(), f"{line_end(source.text)}{indent}{name}"
    written = found["first"].rstrip()
    if not written or re.search(r"[#:\\{]", written) or " " in re.sub(r",\s*", ",", written):
        return None
    at = found.start("first") + len(written)
    return at, at, f"{'' if written.endswith(',') else ','} {name}"


def _new_list(source: Source, place: tuple[int, int], key: str, names: tuple[str, ...]) -> Stretch:
    """Above the commands, as these are written."""
    newline = line_end(source.text)
    commands = _COMMANDS.search(source.text, *place)
    at = commands.start() if commands else place[0]
    if len(names) == 1 and commands and commands["first"]:
        return at, at, f"{key} = {names[0]}{newline}"
    indent = (commands["indent"] if commands and not commands["first"] else None) or "    "
    return at, at, f"{key} ={newline}" + "".join(f"{indent}{each}{newline}" for each in names)


def _longer_toml(source: Source, found: re.Match[str], name: str) -> Stretch:
    body = found["body"]
    items = body.rstrip()
    at = found.start("body") + len(items)
    if not items:
        return at, at, f'"{name}"'
    comma, end = ("", ",") if items.endswith(",") else (",", "")
    if "\n" not in body:
        return at, at, f'{comma} "{name}"{end}'
    last = items.rpartition("\n")[2]
    indent = last[: len(last) - len(last.lstrip())]
    return at, at, f'{comma}{line_end(source.text)}{indent}"{name}"{end}'
