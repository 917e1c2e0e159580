"""A Dockerfile that nothing else of the project runs: what its user types after ``docker run`` is not in view."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.documented.images import builds, built_image, image_run_by, runs
from keyhop.facts import Place, PlaceId, World
from keyhop.images import Image, dockerfile_in, image_of
from keyhop.readers.reader import Desk, Reading
from keyhop.span import Source, Span, Undecodable
from keyhop.text.dockerfile import parse
from keyhop.text.expansion import likely, pieces
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence, YamlError
from keyhop.text.yaml import parse as parse_yaml
from keyhop.tree import Tree, join

_HOSTS = ("*compose*.yml", "*compose*.yaml", "render.yaml", "heroku.yml")


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """A process of its own, unless a Compose file or a documented command starts the image."""
    if source.path.endswith(".dockerignore") or "/." in f"/{source.path}" or source.path in _built(tree, desk):
        return
    if any(_is_of(source, image_run_by(run, each, tree, desk)) for run, each in runs(tree)):
        return
    process = PlaceId(f"dockerfile:{source.path}")
    yield Place(
        id=process,
        kind="process",
        title=f"image of {source.path}",
        span=Span(path=source.path),
        world=World.OPEN,
        why="docker run may set it",
        deployment=source.path,
    )
    image = image_of(tree, desk, context=_context(source, tree), dockerfile=source.path, deployment=source.path)
    yield from image.facts
    yield from image.handed_to(process)
    yield image.launch(process, span=Span(path=source.path))


def _is_of(source: Source, image: Image | None) -> bool:
    return image is not None and image.span is not None and image.span.path == source.path


def _context(source: Source, tree: Tree) -> str:
    """The directory that the Dockerfile is built in: as documented, else where the files are that it copies."""
    own = source.path.rpartition("/")[0]
    for build, each in builds(tree):
        file = build.get("file")
        for directory in each.directories if file else ():
            context = join(directory, build.texts[0])
            if context is not None and join(directory, file or "") == source.path:
                return context
    copied = tuple(_copied(source))
    return max((own, ""), key=lambda base: sum(_is_there(join(base, path), tree) for path in copied))


def _copied(source: Source) -> Iterator[str]:
    try:
        instructions = parse(source.text).instructions
    except Undecodable:
        return
    for instruction in instructions:
        if instruction.keyword in ("COPY", "ADD") and instruction.flag("from") is None:
            words = instruction.array() or tuple(word.raw for word in instruction.words())
            yield from (word for word in words[:-1] if not set("*$<") & set(word))


def _is_there(path: str | None, tree: Tree) -> bool:
    return bool(path) and (tree.has(path or "") or tree.has_directory(path or ""))


def _built(tree: Tree, desk: Desk) -> frozenset[str]:
    """The Dockerfiles that a Compose file or a platform's blueprint builds."""
    found: set[str | None] = set()
    for path in tree.matching(*_HOSTS):
        source = tree.source(path)
        try:
            documents = parse_yaml(source) if source else ()
        except (YamlError, Undecodable):
            continue
        for document in documents:
            for context, file in _builds(document):
                base = join(path.rpartition("/")[0], context)
                if base is not None:
                    found.add(join(base, file) if file else dockerfile_in(tree, base))
            for reference in _images(document):
                image = built_image(reference, tree, desk)
                found.add(image.span.path if image and image.span else None)
    return frozenset(path for path in found if path)


def _builds(node: Node) -> Iterator[tuple[str, str]]:
    """(context, Dockerfile) of every ``build:``, and of what Render calls ``dockerfilePath:``."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _builds(item)
    if not isinstance(node, Mapping):
        return
    build = node.get("build")
    if isinstance(build, Scalar):
        yield _text(build), ""
    elif isinstance(build, Mapping):
        yield _text(build.get("context")) or ".", _text(build.get("dockerfile"))
    if node.get("dockerfilePath") is not None:
        yield ".", _text(node.get("dockerfilePath"))
    for entry in node.entries:
        yield from _builds(entry.value)


def _images(node: Node) -> Iterator[str]:
    """The images that services name without building them."""
    services = node.get("services") if isinstance(node, Mapping) else None
    for entry in services.entries if isinstance(services, Mapping) else ():
        if isinstance(entry.value, Mapping) and entry.value.get("build") is None:
            yield _text(entry.value.get("image"))


def _text(node: Node | None) -> str:
    return likely(pieces(node.text, shell=False)) if isinstance(node, Scalar) else ""
