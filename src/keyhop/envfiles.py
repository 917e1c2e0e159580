"""Env files as places: what each line supplies to each of its readers, and what an absent file promises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop import patterns
from keyhop.catalogue import VarName
from keyhop.facts import Blindspot, Dialect, Place, PlaceId, Supply, World
from keyhop.readers.reader import Desk
from keyhop.sighting import ABSENT, PRESENT, UNKNOWN, Seen, State
from keyhop.span import Source, Span
from keyhop.text import dotenv
from keyhop.text.seeing import changed
from keyhop.tree import Tree

_NAME_OF_A_KEY = patterns.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*[_-](?:KEY|TOKEN|SECRET|PASSWORD)", re.I)
"""Names that are kept though nobody asks for them, since a process may want them under another spelling. In a
broken file a piece of a key can stand where a name should, so that no other name is kept."""
AS_WRITTEN = Dialect("author")
"""The reading that authors mean: quotes and comments are not part of a value, and ``$`` alone is text."""


def env_file_facts(
    path: str, dialects: frozenset[Dialect], wanted: frozenset[VarName], tree: Tree, desk: Desk
) -> Iterator[Place | Supply | Blindspot]:
    """The place of an env file and what it supplies, for the names that somebody wants."""
    place = PlaceId(path)
    source = tree.source(path)
    if source is not None:
        committed = not tree.ignores(path)
        yield Place(id=place, kind="file", title=path, span=Span(path=path), committed=committed)
        yield from _lines(place, source, dialects, wanted, desk)
    elif path in tree.unread:
        yield Place(id=place, kind="file", title=path, world=World.OPEN, why=f"{path}: {tree.unread[path].why}")
    else:
        why = f"{path} is not in the repository"
        promises = desk.promises
        instead = promises.instead(path)
        missing = not promises.promised(path) and (instead is not None or not promises.possible(path))
        yield Place(
            id=place,
            kind="file",
            title=path,
            world=World.PROMISED,
            why=why,
            missing=missing,
            instead=PlaceId(instead) if instead else None,
        )
        yield from _promised(path, dialects, wanted, tree, desk)
        if instead:
            yield from _promised(instead, frozenset(), wanted, tree, desk)


def _lines(
    place: PlaceId, source: Source, dialects: frozenset[Dialect], wanted: frozenset[VarName], desk: Desk
) -> Iterator[Supply | Blindspot]:
    """One supply per name: the last line that sets it, with the readings that differ."""
    meant = dotenv.read(source.data, AS_WRITTEN)
    if meant.error:
        yield Blindspot(place=place, why=f"{source.path}: {meant.error}", span=Span(path=source.path))
    readings = {dialect: dotenv.read(source.data, dialect) for dialect in sorted(dialects - {""})}
    values = {dialect: file.final() for dialect, file in readings.items()}
    intended = meant.final()
    for name in dict.fromkeys([*intended, *(n for found in values.values() for n in found)]):
        if name not in wanted and not _NAME_OF_A_KEY.fullmatch(name):
            continue
        line = intended.get(name)
        differing: list[tuple[Dialect, Seen | None]] = []
        for dialect, found in values.items():
            other = found.get(name)
            if other is None or readings[dialect].error:
                differing.append((dialect, None))
                continue
            seen = _seen(other, desk)
            if line is not None and line.value is not None and other.value is not None:
                changes = changed(line.value, other.value)
                seen = Seen(
                    state=seen.state, mark=seen.mark, changes=changes or seen.changes, looks=seen.looks,
                    dummy=seen.dummy, text=seen.text,
                )  # fmt: skip
            differing.append((dialect, seen))
        first = line or next(found[name] for found in values.values() if name in found)
        yield Supply(
            place=place,
            name=VarName(name),
            seen=_seen(line, desk) if line else ABSENT,
            dialects=tuple(differing),
            via=source.path,
            span=source.span_of_line(first.line),
        )


def _seen(line: dotenv.Line, desk: Desk) -> Seen:
    return UNKNOWN if line.unknown else desk.see(line.value, line.name)


def _promised(
    path: str, dialects: frozenset[Dialect], wanted: frozenset[VarName], tree: Tree, desk: Desk
) -> Iterator[Supply]:
    """What the templates and documents of an absent file say that its user will put there."""
    done: set[str] = set()
    templates = desk.promises.templates(path)
    unseen = tuple((dialect, None) for dialect in sorted(dialects) if dialect.endswith("-noexport"))
    for template in templates:
        source = tree.source(template)
        if source is None:
            continue
        for name, line in dotenv.read(source.data, AS_WRITTEN).final().items():
            if name in done or name.startswith("#"):
                continue
            done.add(name)
            seen = _seen(line, desk)
            yield Supply(
                place=PlaceId(path),
                name=VarName(name),
                seen=seen if seen.text is not None and seen.state is State.PRESENT else PRESENT,
                dialects=unseen,
                promised=True,
                via=template,
                span=source.span_of_line(line.line),
            )
    lowered = {name.lower(): name for name in done}
    for name in sorted(wanted - done):
        variant = lowered.get(name.lower())
        if variant is not None and tree is not None:
            yield _misnamed(path, name, variant, templates, tree)
    promised = desk.promises.promised(path)
    if not promised and not desk.promises.possible(path):
        return
    for name, span in desk.promises.mentions(path):
        if name in wanted and name not in done and (promised or not desk.promises.templated(name)):
            done.add(name)
            yield Supply(
                place=PlaceId(path),
                name=VarName(name),
                seen=PRESENT,
                dialects=unseen,
                promised=True,
                via=span.path,
                span=span,
            )


def _misnamed(path: str, name: VarName, variant: str, templates: tuple[str, ...], tree: Tree) -> Supply:
    """The template spells the name in another case, so that a file made from it does not set `name`."""
    span = None
    for template in templates:
        source = tree.source(template)
        line = dotenv.read(source.data, AS_WRITTEN).final().get(variant) if source else None
        if source is not None and line is not None:
            span = source.span_of_line(line.line)
            break
    return Supply(
        place=PlaceId(path),
        name=name,
        seen=ABSENT,
        promised=True,
        via=f"{templates[0]} ({variant})",
        span=span,
    )
