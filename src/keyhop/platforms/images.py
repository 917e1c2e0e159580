"""Which of the project's Dockerfiles a platform's image comes from."""

from __future__ import annotations

import re

from keyhop.documented.images import built_image
from keyhop.facts import PlaceId
from keyhop.images import Image, foreign_image, image_of, is_public
from keyhop.readers.reader import Desk
from keyhop.tree import Tree

_DOCKERFILES = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile")
_COPIED = re.compile(r"^\s*(?:COPY|ADD)\s+(?!--from)(?:--\S+\s+)*(\S+)\s", re.M)
_PIECE = re.compile(r"[a-z0-9]+")


def project_image(reference: str, hints: tuple[str, ...], tree: Tree, desk: Desk, place: PlaceId) -> Image:
    """The image that a reference most likely means.

    It is one that a document builds under its name, the project's only one, or the one whose directory or file is
    called like the image or like one of `hints`; else somebody else's.
    """
    name = re.sub(r"[:@][^/]*$", "", reference).rpartition("/")[2]
    if reference and not re.search(r"[${]", reference) and is_public(reference):
        return foreign_image(reference)
    for each in (reference, name):
        image = built_image(each, tree, desk, place=place) if each else None
        if image is not None:
            return image
    candidates = [path for path in tree.matching(*_DOCKERFILES) if not path.endswith(".dockerignore")]
    chosen = candidates if len(candidates) == 1 else _called(candidates, (name, *hints))
    if len(chosen) != 1:
        return foreign_image(reference)
    directory = chosen[0].rpartition("/")[0]
    return image_of(tree, desk, context=_context(directory, chosen[0], tree), dockerfile=chosen[0], place=place)


def _called(candidates: list[str], hints: tuple[str, ...]) -> list[str]:
    """Those whose path has a word of the hints; of the first hint that finds exactly one."""
    for hint in filter(None, hints):
        words = set(_PIECE.findall(hint.lower()))
        found = [path for path in candidates if words & set(_PIECE.findall(path.lower()))]
        if len(found) == 1:
            return found
    return []


def _context(directory: str, dockerfile: str, tree: Tree) -> str:
    """The build context: the Dockerfile's directory, or the root where it copies what only the root has."""
    source = tree.source(dockerfile)
    text = source.data.decode("utf-8", "replace") if source else ""
    copied = _COPIED.findall(text)
    for path in (each.removeprefix("./").rstrip("/") for each in copied):
        if path in ("", ".", "*"):
            continue
        here = f"{directory}/{path}" if directory else path
        if not (tree.has(here) or tree.has_directory(here)) and (tree.has(path) or tree.has_directory(path)):
            return ""
    return directory
