"""Task definitions of Amazon ECS, as JSON that ``aws ecs register-task-definition`` takes."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import PlaceId
from keyhop.platforms.containers import container_readings
from keyhop.platforms.declared import Declared, Literal, Unseen
from keyhop.readers.reader import Desk, Reading, unreadable
from keyhop.span import Source, Span
from keyhop.text.yaml import Node, YamlError, parse
from keyhop.text.yaml_nodes import items, mapping, scalar, text_of
from keyhop.tree import Tree


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """Every container of a task definition."""
    try:
        documents = parse(source)
    except YamlError as error:
        yield unreadable(source.path, str(error))
        return
    top = mapping(documents[0]) if documents else None
    top = mapping(top.get("taskDefinition")) or top if top else None
    for container in map(mapping, items(top.get("containerDefinitions") if top else None)):
        if container is not None:
            id = PlaceId(f"ecs:{source.path}#{text_of(container.get('name'))}")
            yield from container_readings(id, container, _value, source, tree, desk)


def _value(name: str, node: Node | None, span: Span | None) -> Declared:
    found = scalar(node)
    if found is None:
        return Unseen(name=name, why="it is no text", span=span)
    return Literal(name=name, value=found.sealed, span=span)
