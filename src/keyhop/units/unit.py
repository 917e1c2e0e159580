"""A service unit with its drop-ins, as systemd puts them together (systemd 252)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from posixpath import basename

from keyhop.records import dataclass
from keyhop.span import Source, Span, Undecodable
from keyhop.text.systemd_unit import Setting, parse
from keyhop.text.systemd_unit import path as path_of
from keyhop.tree import Tree

_LISTS = frozenset({"Environment", "EnvironmentFile", "PassEnvironment", "UnsetEnvironment", "ExecStart"})
"""Settings that add up, and that an empty one resets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A setting and where it stands."""

    setting: Setting = field(repr=False)
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What counts of a service."""

    name: str
    given: tuple[Given, ...]

    def all(self, name: str) -> tuple[Given, ...]:
        """Every setting of that name after the last reset."""
        found: list[Given] = []
        for each in self.given:
            if each.setting.name == name:
                found = [*found, each] if each.setting.text or name not in _LISTS else []
        return tuple(found)

    def get(self, name: str) -> str:
        """The last setting of that name."""
        found = [each for each in self.given if each.setting.name == name]
        return path_of(found[-1].setting.value, self.specifiers) if found else ""

    @property
    def user(self) -> str:
        return next((e.setting.text for e in reversed(self.given) if e.setting.name == "User"), "root")

    @property
    def home(self) -> str:
        return "/root" if self.user == "root" else f"/home/{self.user}"

    @property
    def specifiers(self) -> dict[str, str]:
        """What is known of ``%n`` and the others."""
        stem = self.name.rpartition(".")[0]
        prefix, at, instance = stem.partition("@")
        found = {"n": self.name, "N": stem, "p": prefix, "d": f"/run/credentials/{self.name}", "t": "/run"}
        found |= {"S": "/var/lib", "C": "/var/cache", "L": "/var/log", "E": "/etc", "T": "/tmp", "V": "/var/tmp"}
        found |= {"u": self.user, "h": self.home}
        return found | ({"i": instance, "I": instance} if at and instance else {})


def unit_of(source: Source, tree: Tree) -> Unit:
    """The unit of a file and the drop-ins beside it.

    Raises:
        Undecodable: the file is no text.
    """
    folder = f"{source.path}.d/"
    paths = [path for path in tree.matching("*.conf") if path.startswith(folder)]
    dropped = (tree.source(path) for path in sorted(paths, key=basename))
    given = [*_service(source), *(each for found in dropped if found for each in _or_nothing(found))]
    return Unit(name=basename(source.path), given=tuple(given))


def _service(source: Source) -> Iterator[Given]:
    for setting in parse(source.text):
        if setting.section == "Service":
            yield Given(setting=setting, span=source.span(setting.start, setting.end))


def _or_nothing(source: Source) -> tuple[Given, ...]:
    try:
        return tuple(_service(source))
    except Undecodable:
        return ()
