"""From a service unit to facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from keyhop.catalogue import VarName
from keyhop.facts import (
    Blindspot,
    Dialect,
    Everything,
    Fact,
    Hop,
    Nothing,
    One,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
    World,
)
from keyhop.launch import Launch
from keyhop.paths import absolute
from keyhop.readers.reader import Desk, Reading, unreadable
from keyhop.sighting import ABSENT, PRESENT
from keyhop.span import Source, Span, Undecodable
from keyhop.text.expansion import discreet, slips
from keyhop.text.systemd_unit import assignments, command, credential, names
from keyhop.text.systemd_unit import path as path_of
from keyhop.tree import Tree
from keyhop.units.layout import layers
from keyhop.units.unit import Unit, unit_of
from keyhop.view import View

CONTENT = VarName("@content")
"""The name under which a file that is one value holds it."""
_PASSED, _SET, _FILES, _UNSET = 1, 2, 500, 900


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The process of a service unit."""
    try:
        unit = unit_of(source, tree)
    except Undecodable as error:
        yield unreadable(source.path, str(error))
        return
    if unit.all("ExecStart"):
        yield from _Service(source, unit, tree, desk).readings()


class _Service:
    """The facts of one service."""

    def __init__(self, source: Source, unit: Unit, tree: Tree, desk: Desk) -> None:
        self.source, self.unit, self.tree, self.desk = source, unit, tree, desk
        self.process = PlaceId(f"systemd:{source.path}")
        directory = source.path.rpartition("/")[0]
        self.deployment = f"systemd units of {directory or '.'}"
        self.manager = PlaceId(f"{self.deployment}:manager")
        self.commands = [command(each.setting.value, unit.specifiers) for each in unit.all("ExecStart")]
        written = unit.get("WorkingDirectory").lstrip("-")
        self.cwd = absolute("/", written.replace("~", unit.home, 1)) if written else "/"
        texts = [word for words in self.commands for word in words]
        files = (path_of(each.setting.value, unit.specifiers) for each in unit.all("EnvironmentFile"))
        texts += [file.removeprefix("-") for file in files]
        self.layers = layers(self.cwd, tuple(texts), tree, desk.promises, "the host's copy of the project")
        self.view = View(self.process, self.layers, tree, desk.promises)

    def readings(self) -> Iterator[Reading]:
        first = self.unit.all("ExecStart")[0]
        yield Place(
            id=self.process,
            kind="process",
            title=f"unit {self.unit.name}",
            span=first.span,
            deployment=self.deployment,
        )
        yield from self._manager(first.span)
        yield from self._environment()
        yield from self._files()
        yield from self._credentials()
        for each in self.unit.all("UnsetEnvironment"):
            for name in names(each.setting.value):
                yield self._supply(name, each.span, "UnsetEnvironment=", _UNSET)
        for words, each in zip(self.commands, self.unit.all("ExecStart"), strict=True):
            if "=" in words[0].partition("/")[0]:
                why = f"systemd refuses it: it looks for a program called {words[0].partition('=')[0]}=…"
                yield Blindspot(place=self.process, why=why, at=Position(Phase.HOST, 1000), span=each.span)
            yield Launch(place=self.process, words=words, cwd=self.cwd, layers=self.layers, span=each.span)

    def _manager(self, span: Span) -> Iterator[Fact]:
        """What systemd itself has in its environment, which every unit inherits."""
        user = "/user/" in f"/{self.source.path}"
        yield Place(
            id=self.manager,
            kind="scope",
            title="systemd",
            world=World.OPEN if user else World.CLOSED,
            why="a user's systemd may have variables of the session" if user else "",
            deployment=self.deployment,
        )
        listed = self.unit.all("Environment") or self.unit.all("EnvironmentFile")
        at = Position(Phase.HOST)
        for passage in (Everything(), Nothing()):
            via = "systemd's own environment" if isinstance(passage, Everything) else "Environment= of the unit"
            where = listed[0].span if listed and isinstance(passage, Nothing) else span
            yield Hop(source=self.manager, target=self.process, passage=passage, via=via, at=at, span=where)
        for each in self.unit.all("PassEnvironment"):
            for name in map(VarName, names(each.setting.value)):
                yield Hop(
                    source=self.manager,
                    target=self.process,
                    passage=One(name=name, source_name=name),
                    via="PassEnvironment=",
                    at=Position(Phase.HOST, _PASSED),
                    span=each.span,
                )

    def _environment(self) -> Iterator[Supply]:
        for number, each in enumerate(self.unit.all("Environment")):
            at = Position(Phase.HOST, _SET + number)
            for one in assignments(each.setting.value, self.unit.specifiers):
                seen = self.desk.see(one.value, one.name) if one.value is not None else PRESENT
                if one.value is not None and not seen.changes:
                    seen = replace(seen, changes=slips(one.value))
                yield Supply(
                    place=self.process,
                    name=VarName(one.name),
                    seen=seen,
                    at=at,
                    via="Environment=",
                    span=each.span,
                )

    def _files(self) -> Iterator[Fact]:
        """``EnvironmentFile=`` beats ``Environment=``, wherever it stands; a path that is not absolute is ignored."""
        number = _FILES
        for each in self.unit.all("EnvironmentFile"):
            written = path_of(each.setting.value, self.unit.specifiers)
            path = written.removeprefix("-")
            if not path.startswith("/"):
                continue
            for found in self._globbed(path):
                number += 1
                place = self.view.file_place(found)
                if self.view.seat(found) is None:
                    why = f"{discreet(found)} is on the host, outside the project"
                    yield Place(id=place, kind="file", title=found, world=World.OPEN, why=why)
                yield Hop(
                    source=place,
                    target=self.process,
                    passage=Everything(),
                    via="EnvironmentFile=",
                    at=Position(Phase.HOST, number),
                    dialect=Dialect("systemd"),
                    span=each.span,
                )
                absent = self.view.seat(found) is not None and self.view.presence(found) == "absent"
                if absent and not written.startswith("-"):
                    yield Blindspot(
                        place=self.process,
                        why=f"systemd refuses it: {discreet(found)} is not there",
                        at=Position(Phase.HOST, 1000),
                        span=each.span,
                    )

    def _globbed(self, path: str) -> list[str]:
        if not set("*?[") & set(path):
            return [path]
        inside = (self.view.inside(each) for each in self.tree.paths)
        return sorted(each for each in inside if each and fnmatchcase(each, path)) or [path]

    def _credentials(self) -> Iterator[Fact]:
        """Files that systemd puts into a directory of the service's own."""
        directory = self.unit.specifiers["d"]
        for setting in ("LoadCredential", "SetCredential", "LoadCredentialEncrypted", "SetCredentialEncrypted"):
            for each in self.unit.all(setting):
                id, value = credential(each.setting.value)
                place = PlaceId(f"{self.process}:{directory}/{id}")
                plain = setting == "SetCredential"
                yield Place(
                    id=place,
                    kind="file",
                    title=f"{directory}/{id}",
                    span=each.span,
                    world=World.CLOSED if plain else World.OPEN,
                    why="" if plain else "the credential is on the host",
                    deployment=self.deployment,
                )
                seen = self.desk.see(value, CONTENT) if plain else PRESENT
                yield Supply(
                    place=place, name=CONTENT, seen=seen, promised=not plain, via=f"{setting}=", span=each.span
                )
                yield self._supply("CREDENTIALS_DIRECTORY", each.span, f"{setting}=", _UNSET)

    def _supply(self, name: str, span: Span, via: str, number: int) -> Supply:
        seen = ABSENT if via == "UnsetEnvironment=" else PRESENT
        at = Position(Phase.HOST, number)
        return Supply(place=self.process, name=VarName(name), seen=seen, at=at, via=via, span=span)
