"""What Compose files say of each other, before any of them is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.span import Undecodable
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence, YamlError, parse
from keyhop.tree import Tree, join

_TOP_KEY = re.compile(r"^(?:services|include)[ \t]*:", re.M)


def is_compose_file(path: str, tree: Tree) -> bool:
    """Whether a file has services or includes at its top level; it may be broken all the same."""
    source = tree.source(path)
    try:
        return source is not None and _TOP_KEY.search(source.text) is not None
    except Undecodable:
        return False


def included(path: str, tree: Tree) -> Iterator[str]:
    """The files that a Compose file includes."""
    directory = path.rpartition("/")[0]
    for root in _mappings(path, tree):
        for node in _nodes(root.get("include")):
            for each in _nodes(node.get("path") if isinstance(node, Mapping) else node):
                yield from _joined(directory, each)


def extended(path: str, tree: Tree) -> Iterator[str]:
    """The files whose services a Compose file extends."""
    directory = path.rpartition("/")[0]
    for root in _mappings(path, tree):
        for _, service in _services(root):
            extends = service.get("extends")
            if isinstance(extends, Mapping):
                yield from _joined(directory, extends.get("file"))


def services(path: str, tree: Tree) -> frozenset[str]:
    """The names of the services that a file mentions."""
    return frozenset(name for root in _mappings(path, tree) for name, _ in _services(root))


def is_fragment(path: str, tree: Tree) -> bool:
    """Whether a file has a service that cannot start by itself: it has neither image nor build."""
    return any(
        not any(service.get(key) for key in ("image", "build", "extends", "provider"))
        for root in _mappings(path, tree)
        for _, service in _services(root)
    )


def _mappings(path: str, tree: Tree) -> Iterator[Mapping]:
    source = tree.source(path)
    if source is None:
        return
    try:
        documents = parse(source)
    except YamlError:
        return
    yield from (document for document in documents if isinstance(document, Mapping))


def _services(root: Mapping) -> Iterator[tuple[str, Mapping]]:
    section = root.get("services")
    for entry in section.entries if isinstance(section, Mapping) else ():
        if isinstance(entry.value, Mapping):
            yield entry.key.text, entry.value


def _nodes(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def _joined(directory: str, node: Node | None) -> Iterator[str]:
    path = join(directory, node.text) if isinstance(node, Scalar) else None
    if path:
        yield path
