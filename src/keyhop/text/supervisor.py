"""supervisord's configuration: sections with their settings, and the list in ``environment=`` (supervisor 4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from keyhop import patterns
from keyhop.records import dataclass

_SECTION = patterns.compile(r"\[([^]]+)\]")
_SETTING = patterns.compile(r"([A-Za-z_][\w.]*)\s*[=:]\s*(.*)")
_PAIR = patterns.compile(r"\s*([^\s=,]+)\s*=\s*(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[^,\s]*)\s*,?", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The text of one setting, its continuation lines joined."""

    text: str = field(repr=False)
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """``[program:web]`` and what stands under it."""

    name: str
    values: dict[str, Setting]

    def get(self, name: str) -> str:
        found = self.values.get(name)
        return found.text if found else ""


def parse(text: str) -> tuple[Section, ...]:
    """The sections of a file, in order."""
    sections: list[Section] = []
    last = ""
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        bare = re.split(r"(?:^|\s);", line, maxsplit=1)[0].rstrip()
        if not bare.strip() or line.startswith("#"):
            continue
        section = _SECTION.match(bare)
        setting = _SETTING.match(bare)
        if section:
            sections.append(Section(name=section[1].strip(), values={}))
            last = ""
        elif not sections:
            continue
        elif bare[0].isspace() and last:
            before = sections[-1].values[last]
            joined = f"{before.text}\n{bare.strip()}"
            sections[-1].values[last] = Setting(text=joined, start=before.start, end=start + len(bare))
        elif setting:
            last = setting[1].lower()
            sections[-1].values[last] = Setting(
                text=setting[2], start=start + setting.start(2), end=start + setting.end(2)
            )
    return tuple(sections)


def settings(text: str) -> Iterator[tuple[str, str]]:
    """The names and values of ``environment=A="x",B=y``; ``%%`` is one percent sign."""
    for match in _PAIR.finditer(text):
        value = match[2]
        if value[:1] in ("'", '"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        yield match[1], value.replace("%%", "%")
