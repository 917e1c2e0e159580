"""Which of the project's Dockerfiles an image comes from that a documented command names."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from keyhop.documented.commands import Typed, typed
from keyhop.documented.containers import ContainerCommand, container_command
from keyhop.facts import PlaceId
from keyhop.images import Image, dockerfile_in, image_of, is_public
from keyhop.readers.reader import Desk
from keyhop.tree import Tree, join

_found: WeakKeyDictionary[Tree, tuple[tuple[ContainerCommand, Typed], ...]] = WeakKeyDictionary()


def image_run_by(run: ContainerCommand, each: Typed, tree: Tree, desk: Desk) -> Image | None:
    """The project's image that a run starts; None: it is somebody else's."""
    reference = run.texts[0]
    place = PlaceId(f"docker-run:{each.source.path}#{each.span.line}:image")
    image = built_image(reference, tree, desk, place=place)
    if image is not None or is_public(reference) or "/" in reference:
        return image
    for directory in each.directories:
        dockerfile = dockerfile_in(tree, directory)
        if dockerfile:
            return image_of(tree, desk, context=directory, dockerfile=dockerfile, place=place)
    return None


def built_image(
    reference: str, tree: Tree, desk: Desk, *, place: PlaceId | None = None, deployment: str = ""
) -> Image | None:
    """The image that the project's documents tell people to build under that name."""
    for build, each in builds(tree):
        if not any(untagged(tag.text) == untagged(reference) for tag in build.all("tag")):
            continue
        for directory in each.directories:
            context = join(directory, build.texts[0])
            if context is None or not tree.has_directory(context):
                continue
            file = build.get("file")
            dockerfile = join(directory, file) if file else dockerfile_in(tree, context)
            if dockerfile and tree.has(dockerfile):
                return image_of(
                    tree,
                    desk,
                    context=context,
                    dockerfile=dockerfile,
                    target=build.get("target"),
                    place=place,
                    deployment=deployment,
                )
    return None


def untagged(reference: str) -> str:
    """An image's name without its tag."""
    name, colon, tag = reference.rpartition(":")
    return name if colon and "/" not in tag else reference


def runs(tree: Tree) -> Iterator[tuple[ContainerCommand, Typed]]:
    """Every ``docker run`` that the project documents."""
    return (found for found in _commands(tree) if found[0].verb == "run")


def builds(tree: Tree) -> Iterator[tuple[ContainerCommand, Typed]]:
    """Every ``docker build``."""
    return (found for found in _commands(tree) if found[0].verb == "build")


def _commands(tree: Tree) -> tuple[tuple[ContainerCommand, Typed], ...]:
    known = _found.get(tree)
    if known is None:
        both = ((container_command(each.words), each) for each in typed(tree))
        known = _found[tree] = tuple((command, each) for command, each in both if command and command.operands)
    return known
