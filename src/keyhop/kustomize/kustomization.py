"""The kustomization file of a directory, and what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.records import dataclass
from keyhop.span import Source
from keyhop.text.yaml import Mapping, Node, Scalar, parse
from keyhop.text.yaml_nodes import items, text_of, top_of
from keyhop.tree import Tree, join

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kustomization:
    """One kustomization file."""

    directory: str
    """Relative to the project's root."""
    source: Source
    node: Mapping

    @property
    def is_component(self) -> bool:
        return text_of(self.node.get("kind")) == "Component"

    def named(self, *fields: str) -> Iterator[Scalar]:
        """The items of lists of texts."""
        for field in fields:
            yield from (each for each in items(self.node.get(field)) if isinstance(each, Scalar))

    def path(self, written: str) -> str | None:
        """A path of the file as one of the project; None for what lies outside, or on another host."""
        if re.match(r"[a-z]+://|git@|[\w.-]+\.(?:com|org|io)/", written):
            return None
        return join(self.directory, written)


def kustomization_in(directory: str, tree: Tree) -> Kustomization | None:
    """The kustomization of a directory."""
    for name in NAMES:
        path = f"{directory}/{name}" if directory else name
        source = tree.source(path) if tree.has(path) else None
        if source is None:
            continue
        node = top_of(source)
        if node is None or text_of(node.get("apiVersion")).startswith("kustomize.toolkit.fluxcd.io"):
            return None
        return Kustomization(directory=directory, source=source, node=node)
    return None


def inline(source: Source, scalar: Scalar) -> tuple[Node, ...]:
    """The documents of a text inside a YAML file; their spans are those of the file, where it is a block."""
    text = source.text
    start, end = scalar.span.start, scalar.span.end
    if text[start : start + 1] not in ("|", ">"):
        return parse(Source(path=source.path, data=scalar.text.encode()))
    begin = text.find("\n", start) + 1
    blank = re.sub(r"[^\n]", " ", text[:begin])
    return parse(Source(path=source.path, data=(blank + text[begin:end]).encode()))
