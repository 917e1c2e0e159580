"""What a container image holds: its variables, its files of the project, its command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from posixpath import basename

from keyhop.building.copies import Context
from keyhop.building.runs import MadeFile
from keyhop.building.stage import Command, Stage
from keyhop.catalogue import VarName
from keyhop.facts import (
    Blindspot,
    Everything,
    Fact,
    Hop,
    Layer,
    Phase,
    Place,
    PlaceId,
    Position,
    World,
)
from keyhop.launch import Launch
from keyhop.launchers.foreign import LAUNCHER as FOREIGN
from keyhop.paths import absolute
from keyhop.readers.reader import Desk, unreadable
from keyhop.records import dataclass
from keyhop.span import Source, Span, Undecodable
from keyhop.tree import Tree, join

_PUBLIC = """
python pypy node debian ubuntu alpine busybox fedora centos rockylinux almalinux amazonlinux archlinux golang
rust openjdk eclipse-temurin gcc buildpack-deps scratch perl ruby php docker postgres mysql mariadb mongo redis
valkey memcached rabbitmq nginx httpd caddy traefik haproxy elasticsearch kibana neo4j adminer
"""
_PUBLIC_OWNERS = (
    "docker.io/library/",
    "library/",
    "public.ecr.aws/docker/library/",
    "public.ecr.aws/lambda/",
    "ghcr.io/astral-sh/",
    "astral/",
    "mcr.microsoft.com/",
    "gcr.io/distroless/",
    "cgr.dev/chainguard/",
    "registry.access.redhat.com/ubi",
    "nvidia/",
    "nvcr.io/nvidia/",
    "continuumio/",
    "condaforge/",
    "mambaorg/",
    "nikolaik/",
    "tiangolo/",
    "rayproject/",
    "pytorch/",
    "tensorflow/",
    "huggingface/",
    "jupyter/",
    "quay.io/jupyter/",
    "apache/",
    "bitnami/",
    "ollama/",
    "ghcr.io/berriai/",
    "docker.litellm.ai/berriai/",
    "litellm/",
    "selenium/",
    "playwright/",
    "qdrant/",
    "chromadb/",
    "pgvector/",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image, built from the project's Dockerfile or taken from a registry."""

    place: PlaceId
    facts: tuple[Fact, ...]
    """Its place and what is written into it."""
    layers: tuple[Layer, ...] = ()
    """The project's files in it, lowest first."""
    workdir: str = "/"
    entrypoint: Command | None = None
    cmd: Command | None = None
    base: str = ""
    """The image of a registry that it rests on, or is."""
    span: Span | None = None
    made: tuple[MadeFile, ...] = ()
    """Files that the build itself writes."""

    def handed_to(self, process: PlaceId) -> Iterator[Hop | Blindspot]:
        """What a process started from the image gets of it: its variables, and files that the build wrote."""
        yield Hop(
            source=self.place,
            target=process,
            passage=Everything(),
            via="Dockerfile ENV" if self.span else f"image {self.base}",
            at=Position(Phase.IMAGE),
            span=self.span,
        )
        for file in self.made:
            if file.names:
                yield Blindspot(
                    place=process,
                    why=f"the build writes {file.path}",
                    at=Position(Phase.IMAGE, 1),
                    names=frozenset(map(VarName, file.names)),
                    span=file.span,
                )

    def launch(
        self,
        process: PlaceId,
        *,
        entrypoint: tuple[str, ...] | None = None,
        command: tuple[str, ...] | None = None,
        workdir: str | None = None,
        layers: tuple[Layer, ...] = (),
        span: Span | None = None,
    ) -> Launch:
        """What a host starts from the image.

        Args:
            entrypoint: the host's own, None where it leaves the image's; it discards the image's command.
            command: the host's own, None where it leaves the image's.
            workdir: the host's own.
            layers: what the host mounts over the image's files.
            span: where the host says what it starts.
        """
        own_entrypoint = self.entrypoint if entrypoint is None else Command(words=entrypoint)
        own_cmd = self.cmd if entrypoint is None else None
        cmd = own_cmd if command is None else Command(words=command)
        inherited = entrypoint is None and command is None
        started = own_entrypoint.followed_by(cmd) if own_entrypoint and own_entrypoint.words else cmd
        name = basename(re.sub(r"[:@][^/]*$", "", self.base))
        if started is None or not started.words:
            started = Command(words=(name,) if name else ())
        elif self.span is None and (started.words[0].startswith("-") or name in FOREIGN.names):
            started = Command(words=(name, *started.words), span=started.span)
        started = self._written_out(started)
        return Launch(
            place=process,
            words=None if started.text is not None else started.words,
            text=started.text,
            cwd=absolute(self.workdir, workdir) if workdir else self.workdir,
            layers=(*self.layers, *layers),
            span=(started.span or span) if inherited else (span or started.span),
            inherited=inherited,
        )

    def _written_out(self, started: Command) -> Command:
        """The command with its script's text for the script's name, where the build itself wrote the script."""
        scripts = {file.path: file for file in self.made}
        for number, word in enumerate(started.words[:4]):
            path = absolute(self.workdir, word)
            if path not in scripts or started.text is not None:
                continue
            script = scripts[path]
            before = started.words[:number]
            shell = "bash" if "bash" in script.text.partition("\n")[0] or before[-1:] == ("bash",) else "sh"
            before = before[:-1] if before[-1:] in (("sh",), ("bash",)) else before
            return Command(words=(*before, shell, "-c", script.text, *started.words[number:]), span=script.span)
        return started


def image_of(
    tree: Tree,
    desk: Desk,
    *,
    context: str | None,
    dockerfile: str | Source,
    target: str | None = None,
    args: PlaceId | None = None,
    place: PlaceId | None = None,
    deployment: str = "",
) -> Image:
    """The image that a Dockerfile makes.

    Args:
        context: the build context, relative to the project's root, ``""`` for the root; None: it lies outside.
        dockerfile: its path relative to the project's root, or its text where a host has it inline.
        target: the stage to stop at, by name or number.
        args: a place that holds the build arguments which the host gives.
        place: the image's id, where the Dockerfile's path does not tell it from others.
    """
    path = dockerfile if isinstance(dockerfile, str) else dockerfile.path
    source = tree.source(path) if isinstance(dockerfile, str) else dockerfile
    id = place or PlaceId(f"image:{path}" + (f"#{target}" if target else ""))
    here = Place(id=id, kind="image", title=f"image of {path}", span=Span(path=path), deployment=deployment)
    try:
        text = source.text if source else None
    except Undecodable as error:
        return _unseen(here, str(error))
    if text is None or source is None:
        return _unseen(here, tree.unread[path].why if path in tree.unread else "it is not there")
    seen = None
    if context is not None:
        ignore = _ignore(tree, path, context)
        seen = Context(tree=tree, promises=desk.promises, root=context, ignore=ignore)
    stage = Stage.of(source, tree, desk, context=seen, target=target)
    if stage is None:
        return _unseen(here, f"it has no stage {target}" if target else "it has no FROM")
    if not is_public(stage.base):
        here = replace(here, world=World.OPEN, why=f"the image {stage.base} is not in view")
    return Image(
        place=id,
        facts=(here, *stage.variables(id, args)),
        layers=stage.layers,
        workdir=stage.workdir,
        entrypoint=stage.entrypoint,
        cmd=stage.cmd,
        base=stage.base,
        span=Span(path=path),
        made=tuple(stage.made.values()),
    )


def foreign_image(reference: str, *, deployment: str = "") -> Image:
    """An image of a registry, of which only the name is in view."""
    public = is_public(reference)
    here = Place(
        id=PlaceId(f"image:{reference}"),
        kind="image",
        title=f"image {reference}",
        world=World.CLOSED if public else World.OPEN,
        why="" if public else f"the image {reference} is not in view",
        deployment=deployment,
    )
    return Image(place=here.id, facts=(here,), base=reference)


def dockerfile_in(tree: Tree, context: str, name: str | None = None) -> str | None:
    """The path of a context's Dockerfile, if it is there: ``Dockerfile``, or ``dockerfile`` as BuildKit allows."""
    found = (join(context, each) for each in ((name,) if name else ("Dockerfile", "dockerfile")))
    return next((path for path in found if path and tree.has(path)), None)


def is_public(reference: str) -> bool:
    """Whether an image is one of the well-known ones, which set no credential."""
    if not reference or "$" in reference:
        return False
    name = re.sub(r"[:@][^/]*$", "", reference)
    return name in _PUBLIC.split() or name.startswith(_PUBLIC_OWNERS)


def _unseen(here: Place, why: str) -> Image:
    here = replace(here, world=World.OPEN, why=f"{here.span.path if here.span else ''} cannot be read: {why}")
    return Image(place=here.id, facts=(here, unreadable(here.span.path if here.span else "", why)))


def _ignore(tree: Tree, dockerfile: str, context: str) -> Source | None:
    """The file of ignore rules: ``<Dockerfile>.dockerignore`` before the context's own (BuildKit)."""
    own = tree.source(f"{dockerfile}.dockerignore")
    return own or tree.source(f"{context}/.dockerignore" if context else ".dockerignore")
