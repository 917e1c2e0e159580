"""A mend of any manifest or workflow that real hosts were given: one entry more, and all else as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keyhop.catalogue import VarName
from keyhop.facts import PlaceId
from keyhop.menders import menders
from keyhop.mending.mender import Mender, edited, edits
from keyhop.remedy import HandOn
from keyhop.span import Source
from keyhop.text import yaml
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence
from keyhop.text.yaml_nodes import mappings, text_of
from planting import plant

HOSTS = Path(__file__).parents[1] / "data" / "hosts"
KEY = VarName("ADDED_API_KEY")


def texts(host: str) -> Iterator[str]:
    """Every YAML text of a host's projects."""
    waiting = [json.loads((HOSTS / f"{host}.json").read_text("utf-8"))]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str) and "\n" in found:
            yield found
        waiting += found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()


def plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.text
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {entry.key.text: plain(entry.value) for entry in entries}


def documents(source: Source) -> tuple[Node, ...]:
    try:
        return yaml.parse(source)
    except yaml.YamlError:
        return ()


def mender(id: str) -> Mender:
    return next(each for each in menders() if each.id == id)


def is_container(node: Mapping) -> bool:
    return node.get("name") is not None and node.get("image") is not None and node.get("kind") is None


def with_variable(found: object) -> object:
    """A container with the variable behind those that it has."""
    reference = {"name": KEY, "valueFrom": {"secretKeyRef": {"name": "keys", "key": KEY}}}
    assert isinstance(found, dict)
    return {**found, "env": [*(found.get("env") or []), reference]}


def with_secret(found: object) -> object:
    assert isinstance(found, dict)
    return {**found, "env": {**(found.get("env") or {}), KEY: f"${{{{ secrets.{KEY} }}}}"}}


def is_step(node: Mapping) -> bool:
    return node.get("run") is not None and node.get("steps") is None and text_of(node.get("run")) != ""


CASES: list[tuple[str, str, str, Callable[[Mapping], bool], Callable[[object], object]]] = [
    ("k8s", "kubernetes", "k8s:all.yaml#x", is_container, with_variable),
    ("gha", "github-actions", "gha:.github/workflows/all.yml#x", is_step, with_secret),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("host", "id", "process", "fits", "expected"), CASES, ids=[case[0] for case in CASES])
def test_one_entry_more_and_all_else_as_it_was(
    host: str,
    id: str,
    process: str,
    fits: Callable[[Mapping], bool],
    expected: Callable[[object], object],
    newline: str,
    tmp_path: Path,
):
    path = process.partition(":")[2].partition("#")[0]
    count = 0
    for text in texts(host):
        tree = plant(tmp_path, {path: text.replace("\n", newline)})
        source = tree.source(path)
        assert source is not None
        whole = documents(source)
        for node in mappings(whole):
            place = node.entry("name") if host == "k8s" else node.entries[0] if node.entries else None
            if place is None or not fits(node):
                continue
            span = place.key.span
            remedy = HandOn(process=PlaceId(process), name=KEY, span=span, at=span, store="Secret keys")
            proposal = mender(id).propose(remedy, tree)
            if proposal is None:
                continue
            count += 1
            changed = edited(source.data, edits(proposal))
            before, after = (
                [plain(each) for each in whole],
                [plain(each) for each in documents(Source(path=path, data=changed))],
            )
            assert is_changed(before, after, plain(node), expected(plain(node))), changed.decode()
            assert b"\r" not in changed.replace(b"\r\n", b"")
            assert (b"\n" in changed.replace(b"\r\n", b"")) is (newline == "\n")
    assert count > 20


def is_changed(before: object, after: object, old: object, new: object) -> bool:
    """Whether `after` is `before` with `new` for `old` in one place, or wherever an alias shows it."""
    if before == old and after == new:
        return True
    match before, after:
        case dict(), dict() if list(before) == list(after):
            pairs = [(before[key], after[key]) for key in before]
        case list(), list() if len(before) == len(after):
            pairs = list(zip(before, after, strict=True))
        case _:
            return False
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    return bool(changed) and all(is_changed(*pair, old, new) for pair in changed)
