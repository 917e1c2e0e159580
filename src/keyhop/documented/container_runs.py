"""``docker run`` and ``podman run``, as documents and scripts tell people to type them.

The order was seen with docker 20.10, 26.1 and podman 4.3, 5.4: the image's ENV, ``-e NAME`` without a value where the
caller has none (it removes the name; not with podman), ``--env-file`` in order, ``-e`` in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.assignment import Assignment
from keyhop.catalogue import VarName
from keyhop.documented.commands import Typed, typed_in
from keyhop.documented.containers import ContainerCommand, Option, behind, container_command
from keyhop.documented.images import image_run_by
from keyhop.facts import (
    END,
    Dialect,
    Everything,
    Hop,
    IfUnset,
    Layer,
    Nothing,
    One,
    Phase,
    Place,
    PlaceId,
    Position,
)
from keyhop.images import Image, foreign_image
from keyhop.readers.reader import Desk, Reading
from keyhop.span import Source
from keyhop.text import dotenv
from keyhop.text.expansion import Pieces, discreet, likely, plain
from keyhop.tree import Tree, join

_HERE = re.compile(r"^(?:\$\(…\)|\$\{?PWD\}?|\$\{?CURDIR\}?|%cd%|\.)(?=/|$)")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
"""A line of a broken file may be a piece of a value, too."""
_DIALECTS = {"podman": "podman-run"}


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """Every run of an image that the project builds, or that gets the project's files."""
    taken: set[str] = set()
    for each in typed_in(source, tree):
        run = container_command(each.words)
        if run is None or run.verb != "run" or not run.operands:
            continue
        image = image_run_by(run, each, tree, desk)
        mounts = tuple(mounted(run, each, tree))
        if image is None and not any(m.source for m in mounts):
            continue
        name = run.get("name") or str(each.span.line)
        name = name if name not in taken and "$" not in name else str(each.span.line)
        taken.add(name)
        process = PlaceId(f"docker-run:{source.path}#{name}")
        deployment = f"{run.program} run in {source.path}"
        yield from started(process, run, each, image, mounts, deployment, tree, desk)


def started(
    process: PlaceId,
    run: ContainerCommand,
    each: Typed,
    image: Image | None,
    mounts: tuple[Layer, ...],
    deployment: str,
    tree: Tree,
    desk: Desk,
) -> Iterator[Reading]:
    """One run, in the shell ``{deployment}:shell``."""
    yield Place(
        id=process,
        kind="process",
        title=f"{run.program} run {discreet(run.texts[0])}",
        span=each.span,
        deployment=deployment,
    )
    image = image or foreign_image(run.texts[0])
    yield from image.facts
    yield from image.handed_to(process)
    yield from environment(process, run, each, deployment, tree, desk)
    entrypoint = run.get("entrypoint")
    yield image.launch(
        process,
        entrypoint=None if entrypoint is None else (entrypoint,) if entrypoint else (),
        command=run.texts[1:] or None,
        workdir=run.get("workdir"),
        layers=mounts,
        span=each.span,
    )


def environment(
    process: PlaceId, run: ContainerCommand, each: Typed, deployment: str, tree: Tree, desk: Desk
) -> Iterator[Reading]:
    """What the options write, one fact for each."""
    shell = PlaceId(f"{deployment}:shell")
    via = f"{run.program} run -e"
    yield Hop(
        source=shell,
        target=process,
        passage=Nothing(),
        via=f"{run.program} run",
        at=Position(Phase.HOST),
        span=each.span,
    )
    files = [*run.all("env-file")]
    for number, option in enumerate(files, start=2):
        yield from _env_file(option, process, shell, run, each, Position(Phase.HOST, number), tree)
    for number, option in enumerate(run.all("env"), start=len(files) + 2):
        name, equals, _ = option.text.partition("=")
        at = Position(Phase.HOST, number)
        if equals:
            value = behind(option.value, len(name) + 1)
            yield from Assignment(
                target=process, name=name, value=value, source=shell, at=at, taken_at=END, via=via, span=each.span
            ).facts(desk)
        else:
            removes = IfUnset.KEEP if run.program == "podman" else IfUnset.REMOVE
            for moment, if_unset in ((Position(Phase.HOST, 1), removes), (at, IfUnset.KEEP)):
                yield Hop(
                    source=shell,
                    target=process,
                    passage=One(name=VarName(name), source_name=VarName(name), if_unset=if_unset),
                    via=via,
                    at=moment,
                    span=each.span,
                )


def _env_file(
    option: Option, process: PlaceId, shell: PlaceId, run: ContainerCommand, each: Typed, at: Position, tree: Tree
) -> Iterator[Hop]:
    """A line of the file that has a name alone passes the caller's variable on."""
    path = _in_project(option.value, each, tree)
    if path is None:
        path = option.text
    dialect = _DIALECTS.get(run.program, "docker-run")
    via = f"{run.program} run --env-file"
    yield Hop(
        source=PlaceId(path),
        target=process,
        passage=Everything(),
        via=via,
        at=at,
        dialect=Dialect(dialect),
        span=each.span,
    )
    source = tree.source(path)
    for line in dotenv.read(source.data, dialect).lines if source else ():
        if line.inherits and _VARIABLE.fullmatch(line.name):
            name = VarName(line.name)
            yield Hop(
                source=shell, target=process, passage=One(name=name, source_name=name), via=via, at=at, span=each.span
            )


def mounted(run: ContainerCommand, each: Typed, tree: Tree) -> Iterator[Layer]:
    """Bind mounts of the project's files."""
    pairs = [_volume(option.value) for option in run.all("volume")]
    for option in run.all("mount"):
        fields = dict(field.partition("=")[::2] for field in option.text.split(","))
        if fields.get("type", "volume") == "bind":
            source = fields.get("source") or fields.get("src") or ""
            pairs.append((source, fields.get("target") or fields.get("dst") or fields.get("destination") or ""))
    for host, target in pairs:
        for directory in each.directories if target.startswith("/") else ():
            path = _host_path(host, directory)
            if path is not None:
                yield Layer(target=target, source=path or ".", via=f"{run.program} run -v", span=each.span)
                break


def _volume(value: Pieces) -> tuple[str, str]:
    host, _, rest = likely(value).partition(":")
    return host, rest.partition(":")[0]


def _host_path(path: str, directory: str) -> str | None:
    """A path of the host, relative to the project's root; None where it lies outside, or names a volume."""
    here = _HERE.match(path)
    if here is not None:
        return join(directory, path[here.end() :].lstrip("/") or ".")
    if path.startswith("../"):
        return join(directory, path)
    return None


def _in_project(value: Pieces, each: Typed, tree: Tree) -> str | None:
    """The project's file that an option names: one that is there, else one in the likeliest directory."""
    text = plain(value)
    if text is None:
        text = _HERE.sub(".", likely(value))
    if "$" in text or text.startswith("/"):
        return None
    found = [path for directory in each.directories if (path := join(directory, text)) is not None]
    return next((path for path in found if tree.has(path)), found[0] if found else None)
