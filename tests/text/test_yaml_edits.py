"""An edit of YAML changes what it says: read again, the file holds all that it held, and one more or one less."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyhop.span import Source
from keyhop.text import yaml, yaml_edits
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence

HOSTS = Path(__file__).parents[1] / "data" / "hosts"


def files() -> Iterator[tuple[str, str]]:
    """Every YAML file of the projects that real hosts were given."""
    for path in sorted(HOSTS.glob("*.json")):
        waiting = [(path.stem, json.loads(path.read_text("utf-8")))]
        while waiting:
            name, found = waiting.pop()
            if isinstance(found, dict):
                waiting += [(f"{name}/{key}", value) for key, value in found.items()]
            elif isinstance(found, list):
                waiting += [(f"{name}/{n}", value) for n, value in enumerate(found)]
            elif isinstance(found, str) and name.endswith((".yml", ".yaml")):
                yield name, found


FILES = dict(files())
STYLES = """\
# a file of a person's own style
services:
    'web':  &web   # the anchor
        environment:
        -   A=1      # a comment
        -   "B=2"

        command: >
            python
            crew.py
    worker:
        <<: *web
        list: [a, b,]
        empty: {}
        nothing:
        last: |
            text

    end: *web
"""


def documents_of(source: Source) -> tuple[Node, ...]:
    """Some of the projects are broken on purpose."""
    try:
        return yaml.parse(source)
    except yaml.YamlError:
        return ()


def plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.sealed.reveal()
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {entry.key.text: plain(entry.value) for entry in entries}


def nodes(node: Node, seen: set[int] | None = None) -> Iterator[Node]:
    seen = set() if seen is None else seen
    if id(node) in seen:
        return
    seen.add(id(node))
    yield node
    match node:
        case Sequence(items=items):
            for item in items:
                yield from nodes(item, seen)
        case Mapping(entries=entries):
            for entry in entries:
                if not entry.merged:
                    yield from nodes(entry.value, seen)


def parsed(text: str) -> list[object]:
    return [plain(document) for document in yaml.parse(Source(path="a.yaml", data=text.encode()))]


@pytest.mark.parametrize("name", [*FILES, "styles"])
def test_adding_and_taking_away(name: str):
    text = FILES.get(name, STYLES)
    source = Source(path="a.yaml", data=text.encode())
    documents = documents_of(source)
    whole = [plain(document) for document in documents]
    for document in documents:
        for node in nodes(document):
            match node:
                case Mapping(entries=entries):
                    stretch = yaml_edits.add_entry(source, node, "ADDED", "${ADDED}")
                    added = {**plain(node), "ADDED": "${ADDED}"}  # type: ignore[dict-item]
                    check(text, stretch, whole, plain(node), added)
                    for entry in entries if len(entries) > 1 else ():
                        if not entry.merged:
                            stretch = yaml_edits.remove_entry(source, node, entry)
                            left = {k: v for k, v in plain(node).items() if k != entry.key.text}  # type: ignore[attr-defined]
                            check(text, stretch, whole, plain(node), left)
                case Sequence(items=items):
                    stretch = yaml_edits.add_item(source, node, "ADDED")
                    check(text, stretch, whole, plain(node), [*plain(node), "ADDED"])  # type: ignore[misc]
                    for number, item in enumerate(items if len(items) > 1 else ()):
                        if yaml_edits.is_own(item, node):
                            left = [plain(each) for n, each in enumerate(items) if n != number]  # type: ignore[assignment]
                            check(text, yaml_edits.remove_item(source, node, item), whole, plain(node), left)


def check(text: str, stretch: yaml_edits.Stretch | None, whole: list[object], old: object, new: object) -> None:
    """None is an answer, too: the text is not one that can be changed with certainty."""
    if stretch is None:
        return
    start, end, put = stretch
    now = parsed(text[:start] + put + text[end:])
    where = text[:start] + "⟦" + put + "⟧" + text[end:]
    if put:
        assert now != whole, where
        assert without(now) == whole, where
    elif "<<" not in text:  # a merge would bring in again what is taken away
        assert replaced(whole, now, old, new), where


def without(value: object) -> object:
    """Without what was added, wherever an alias shows it."""
    match value:
        case dict():
            return {key: without(each) for key, each in value.items() if key != "ADDED"}
        case list():
            return [without(each) for each in value if each != "ADDED"]
    return value


def replaced(whole: object, now: object, old: object, new: object) -> bool:
    """Whether `now` is `whole` with `old` as `new` wherever it stood, and all else as it was."""
    if (whole == old and now == new) or whole == now:
        return True
    match whole, now:
        case dict(), dict() if list(whole) == list(now):
            return all(replaced(whole[k], now[k], old, new) for k in whole)
        case list(), list() if len(whole) == len(now):
            return all(replaced(a, b, old, new) for a, b in zip(whole, now, strict=True))
    return False
