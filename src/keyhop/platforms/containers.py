"""A container of ECS: its image, its command, ``environment`` and ``secrets``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keyhop.facts import PlaceId
from keyhop.platforms.declared import Declared, Kept, Made, Process, Unseen
from keyhop.platforms.images import project_image
from keyhop.readers.reader import Desk, Reading
from keyhop.span import Source, Span
from keyhop.text.yaml import Mapping, Node
from keyhop.text.yaml_nodes import entry_span, items, mapping, text_of, texts_of
from keyhop.tree import Tree

IDENTITY = "@aws identity"
"""The role of a task or function, which clients of AWS find by themselves."""
Valued = Callable[[str, Node | None, Span | None], Declared]


def container_readings(
    id: PlaceId,
    container: Mapping,
    value: Valued,
    source: Source,
    tree: Tree,
    desk: Desk,
    *,
    title: str = "",
    reference: str = "",
    environment: Node | None = None,
    secrets: Node | None = None,
    span: Span | None = None,
) -> Iterator[Reading]:
    """One container as a process; keys may begin with a capital (CloudFormation) or not (a task definition).

    Args:
        value: what a node of ``environment`` comes to.
        environment: the list, where it does not stand in the container.
    """
    name = text_of(_get(container, "Name"))
    environment = environment or _get(container, "Environment")
    secrets = secrets or _get(container, "Secrets")
    reference = reference or text_of(_get(container, "Image"))
    process = Process(
        id=id,
        title=title or f"container {name}",
        deployment=source.path,
        via="container definition",
        declared=(Made(name=IDENTITY), *_declared(environment, secrets, value), *_files(container)),
        span=span or entry_span(container, "Name") or entry_span(container, "name") or container.span,
        list_span=environment.span if environment else None,
    )
    image = project_image(reference, (name, id.rpartition("#")[2]), tree, desk, PlaceId(f"{id}:image"))
    entrypoint, command = _get(container, "EntryPoint"), _get(container, "Command")
    yield from process.facts(desk)
    yield from image.facts
    yield from image.handed_to(id)
    yield image.launch(
        id,
        entrypoint=texts_of(entrypoint) or None,
        command=texts_of(command) or None,
        span=process.span,
    )


def _declared(environment: Node | None, secrets: Node | None, value: Valued) -> Iterator[Declared]:
    for each in map(mapping, items(environment)):
        if each is not None:
            yield value(text_of(_get(each, "Name")), _get(each, "Value"), each.span)
    for each in map(mapping, items(secrets)):
        if each is not None:
            name = text_of(_get(each, "Name"))
            source = text_of(_get(each, "ValueFrom") or _get(each, "Value"))
            store = "AWS Systems Manager's parameters" if ":ssm:" in source else "AWS Secrets Manager"
            yield Kept(name=name, store=store, span=each.span)


def _files(container: Mapping) -> Iterator[Declared]:
    files = _get(container, "EnvironmentFiles")
    if files is not None:
        yield Unseen(why="environment files lie in S3", span=files.span)


def _get(node: Mapping, key: str) -> Node | None:
    """A key with or without its capital."""
    return node.get(key) or node.get(key[:1].lower() + key[1:])
