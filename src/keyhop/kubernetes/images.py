"""Which of the project's Dockerfiles a container's image comes from."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import PlaceId
from keyhop.images import Image, image_of, is_public
from keyhop.paths import absolute
from keyhop.platforms.images import project_image
from keyhop.readers.reader import Desk
from keyhop.tree import Tree
from keyhop.view import View

_DOCKERFILES = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile")


def container_image(
    reference: str, hints: tuple[str, ...], words: tuple[str, ...], tree: Tree, desk: Desk, place: PlaceId
) -> Image:
    """The image that a reference most likely means: by its name, else the only one that has the files of the command.

    Args:
        words: the container's own command.
    """
    image = project_image(reference, hints, tree, desk, place)
    if image.span is not None or is_public(reference):
        return image
    scripts = [word for word in words if word.endswith((".py", ".sh"))]
    fitting = [each for each in _own(tree, desk, place) if scripts and _has(each, scripts, place, tree, desk)]
    return fitting[0] if len(fitting) == 1 else image


def _own(tree: Tree, desk: Desk, place: PlaceId) -> Iterator[Image]:
    """The image of each Dockerfile, built where it lies."""
    for path in tree.matching(*_DOCKERFILES):
        if not path.endswith(".dockerignore"):
            context = path.rpartition("/")[0]
            yield image_of(tree, desk, context=context, dockerfile=path, place=place)


def _has(image: Image, scripts: list[str], place: PlaceId, tree: Tree, desk: Desk) -> bool:
    view = View(place, image.layers, tree, desk.promises)
    return any(view.has(absolute(image.workdir, script)) for script in scripts)
