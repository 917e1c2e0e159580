"""A Makefile's rules and variables, as far as its recipes can be told without running make (GNU Make 4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from keyhop import patterns
from keyhop.records import dataclass

_RULE = patterns.compile(r"^([^\s#:=][^#:=]*?)\s*::?(?!=)\s*([^=;#]*?)(?:;(.*))?(?:#.*)?$")
_VARIABLE = patterns.compile(r"^(export\s+|override\s+)*([A-Za-z_][\w.-]*)\s*(:{0,3}=|\?=|\+=|!=)\s*(.*)$")
_INCLUDE = patterns.compile(r"^(?:-|s)?include\s+(.*)$")
_EXPORT = patterns.compile(r"^export(?:\s+([A-Za-z_][\w\s]*|\$\(shell\b.*\.env.*))?$")
_REFERENCE = patterns.compile(r"\$\$|\$\(([\w.-]+)\)|\$\{([\w.-]+)\}|\$([\w@<^*?%])")
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeLine:
    """One line of a recipe, its continuation lines joined by a backslash and a newline, as the shell gets it."""

    text: str = field(repr=False)
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A target with what it needs first and what it runs."""

    target: str
    needs: tuple[str, ...]
    lines: tuple[RecipeLine, ...]


@dataclass(kw_only=True)
class Makefile:
    """The rules of a file, by target, and its variables."""

    rules: dict[str, Rule] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict, repr=False)
    exports: set[str] = field(default_factory=set)
    exports_all: bool = False
    included: list[str] = field(default_factory=list)

    @property
    def default(self) -> Sequence[str]:
        """The goal where none is named."""
        return [name for name in self.rules if not name.startswith(".")][:1]

    @property
    def included_env_files(self) -> tuple[str, ...]:
        """Env files that the file includes as if they were makefiles."""
        return tuple(name for name in self.included if ".env" in name or name.endswith("env"))

    def exported(self, overrides: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The variables that recipes find in their environment, as far as their text is known."""
        for name in self.variables:
            if self.exports_all or name in self.exports:
                text = self.expand(f"$({name})", overrides)
                if "$" not in text:
                    yield name, text

    def recipe(self, goals: Sequence[str], overrides: Mapping[str, str]) -> Iterator[RecipeLine]:
        """The lines that these goals run, those of what they need first."""
        done: set[str] = set()
        for goal in goals:
            yield from self._lines(goal, overrides, done)

    def _lines(self, goal: str, overrides: Mapping[str, str], done: set[str]) -> Iterator[RecipeLine]:
        rule = self.rules.get(goal)
        if rule is None or goal in done:
            return
        done.add(goal)
        for need in rule.needs:
            yield from self._lines(need, overrides, done)
        for line in rule.lines:
            text = self.expand(line.text.lstrip(" \t").lstrip("@-+"), {**overrides, "@": goal})
            yield RecipeLine(text=text.replace("\t", " "), start=line.start, end=line.end)

    def expand(self, text: str, overrides: Mapping[str, str], depth: int = 0) -> str:
        """The text with make's variables replaced; one that make does not know is left to the environment."""
        if depth > _DEEPEST:
            return text

        def replace(match: re.Match[str]) -> str:
            name = match[1] or match[2] or match[3]
            if not name:
                return "$"
            value = overrides.get(name, self.variables.get(name))
            if value is None:
                return f"${{{name}}}" if name.isidentifier() else ""
            return self.expand(value, overrides, depth + 1)

        return _REFERENCE.sub(replace, text)


def parse(text: str) -> Makefile:
    """The rules of a text; conditional parts count as if their conditions held."""
    found = Makefile()
    current: list[str] = []
    for line, start, end in _logical_lines(text):
        if line.startswith("\t") and current:
            for target in current:
                rule = found.rules[target]
                lines = (*rule.lines, RecipeLine(text=line, start=start, end=end))
                found.rules[target] = Rule(target=target, needs=rule.needs, lines=lines)
            continue
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        current = _read(found, bare, start, end)
    return found


def _read(found: Makefile, line: str, start: int, end: int) -> list[str]:
    """One line that is no recipe; the targets that the recipe below belongs to."""
    variable = _VARIABLE.match(line)
    include = _INCLUDE.match(line)
    export = _EXPORT.match(line)
    if include:
        found.included += include[1].split()
    elif export:
        all_of_a_file = not export[1] or export[1].startswith("$")
        found.exports_all = found.exports_all or all_of_a_file
        found.exports.update(() if all_of_a_file else export[1].split())
    elif variable:
        _set(found, variable)
    else:
        return _rule(found, line, start, end)
    return []


def _set(found: Makefile, match: re.Match[str]) -> None:
    words, name, operator, value = match.groups()
    value = re.sub(r"(?<!\\)\s*#.*", "", value).rstrip()
    if operator == "!=" or "$(shell" in value or "`" in value:
        found.variables.pop(name, None)
    elif operator == "+=":
        found.variables[name] = f"{found.variables.get(name, '')} {value}".strip()
    elif operator != "?=" or name not in found.variables:
        found.variables[name] = value
    if words and "export" in words:
        found.exports.add(name)


def _rule(found: Makefile, line: str, start: int, end: int) -> list[str]:
    match = _RULE.match(line)
    if match is None:
        return []
    targets = found.expand(match[1], {}).split()
    needs = tuple(found.expand(match[2], {}).replace("|", " ").split())
    for target in targets:
        before = found.rules.get(target)
        lines = before.lines if before else ()
        if match[3]:
            lines = (*lines, RecipeLine(text=match[3], start=start, end=end))
        found.rules[target] = Rule(target=target, needs=(*(before.needs if before else ()), *needs), lines=lines)
    return targets


def _logical_lines(text: str) -> Iterator[tuple[str, int, int]]:
    start = at = 0
    joined = ""
    for line in text.split("\n"):
        end = at + len(line)
        at = end + 1
        bare = line.rstrip("\r")
        if bare.endswith("\\"):
            joined += bare + "\n" if (joined or bare).startswith("\t") else bare[:-1] + " "
            continue
        whole = joined + bare
        yield whole, start + len(whole) - len(whole.lstrip()) if start else start, end
        joined = ""
        start = at
