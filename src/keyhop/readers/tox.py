"""Environments of tox: nothing passes but what ``pass_env`` names (tox 4.31)."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from keyhop.catalogue import VarName, by_name, settings
from keyhop.facts import (
    Dialect,
    Everything,
    Fact,
    Hop,
    IfUnset,
    Nothing,
    One,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
    Text,
)
from keyhop.launch import Launch
from keyhop.paths import absolute
from keyhop.readers.reader import Desk, Reader, Reading, unreadable
from keyhop.sighting import EMPTY
from keyhop.span import Source, Undecodable
from keyhop.text.toml import load, table
from keyhop.text.tox_config import Environment, Value, environments_of_ini, environments_of_toml
from keyhop.tree import Tree, join
from keyhop.view import ON_THE_HOST

_WILD = frozenset("*?[")


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The process of each environment that runs something."""
    try:
        environments = _environments(source)
    except Undecodable as error:
        yield unreadable(source.path, str(error))
        return
    for each in environments:
        if each.commands:
            yield from _process(each, source, desk)


def _environments(source: Source) -> tuple[Environment, ...]:
    name = source.path.rpartition("/")[2]
    if name == "tox.ini":
        return environments_of_ini(source, source.text)
    if name == "setup.cfg":
        return environments_of_ini(source, source.text, prefix="tox:") if "[tox:tox]" in source.text else ()
    tables = load(source)
    tables = tables if name == "tox.toml" else table(tables, "tool", "tox")
    legacy = tables.get("legacy_tox_ini")
    if isinstance(legacy, str):
        start = max(source.text.find(legacy), 0)
        return environments_of_ini(source, legacy, start)
    return environments_of_toml(source, tables)


def _process(each: Environment, source: Source, desk: Desk) -> Iterator[Reading]:
    process = PlaceId(f"tox:{source.path}#{each.name}")
    directory = source.path.rpartition("/")[0]
    deployment = f"tox in {source.path}"
    shell = PlaceId(f"{deployment}:shell")
    yield Place(
        id=process, kind="process", title=f"tox environment {each.name}", span=each.span, deployment=deployment
    )
    yield Hop(
        source=shell,
        target=process,
        passage=Nothing(),
        via="tox pass_env",
        at=Position(Phase.HOST),
        span=each.pass_span or each.span,
    )
    yield from _passed(each, shell, process)
    yield from _set(each, shell, process, directory, desk)
    for text, span in each.commands:
        cwd = absolute("/", join(directory, each.directory) or "") if each.directory else absolute("/", directory)
        yield Launch(place=process, text=text, cwd=cwd, layers=ON_THE_HOST, span=span)


def _passed(each: Environment, shell: PlaceId, process: PlaceId) -> Iterator[Hop]:
    """Names, and patterns whatever their case."""
    at = Position(Phase.HOST, 1)
    for pattern, span in each.passes:
        if pattern == "*":
            yield Hop(source=shell, target=process, passage=Everything(), via="tox pass_env", at=at, span=span)
            continue
        known = (name for name in sorted(by_name().keys() | settings()) if fnmatchcase(name.lower(), pattern.lower()))
        names = [*known] if _WILD & set(pattern) else [pattern, *known]
        for name in map(VarName, dict.fromkeys(names)):
            one = One(name=name, source_name=name)
            yield Hop(source=shell, target=process, passage=one, via="tox pass_env", at=at, span=span)


def _set(each: Environment, shell: PlaceId, process: PlaceId, directory: str, desk: Desk) -> Iterator[Fact]:
    at = Position(Phase.HOST, 3)
    for value in each.sets:
        if value.text is None:
            yield Hop(
                source=shell,
                target=process,
                passage=_asked(value, desk),
                via="tox set_env",
                at=at,
                span=value.span,
            )
        else:
            seen = desk.see(value.text, value.name)
            yield Supply(
                place=process, name=VarName(value.name), seen=seen, at=at, via="tox set_env", span=value.span
            )
    for number, (path, span) in enumerate(each.files):
        found = join(directory, path)
        if found:
            yield Hop(
                source=PlaceId(found),
                target=process,
                passage=Everything(),
                via="tox set_env",
                at=Position(Phase.HOST, 4 + number),
                dialect=Dialect("tox"),
                span=span,
            )


def _asked(value: Value, desk: Desk) -> One | Text:
    """``{env:NAME:default}``: empty where neither is there."""
    refs = tuple(
        One(
            name=VarName(value.name),
            source_name=VarName(name),
            if_unset=IfUnset.EMPTY if default is None else IfUnset.DEFAULT,
            default=EMPTY if default is None else desk.see(default, value.name),
        )
        for name, default in value.asks
    )
    return refs[0] if value.whole else Text(name=VarName(value.name), refs=refs)


READER = Reader(
    id="tox",
    title="tox",
    claims=("tox.ini", "tox.toml", "setup.cfg", "pyproject.toml"),
    holding=(b"testenv", b"env_run_base", b"env_list", b"[env."),
    read=read,
)
