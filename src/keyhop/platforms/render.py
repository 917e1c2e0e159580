"""Render's blueprints (render.yaml), as its specification of 2026 says.

A name that stands in ``envVars:`` with ``sync: false`` is typed into the dashboard, where more may be typed than the
file says. A file that lists credentials is taken to list all.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.documented.images import built_image
from keyhop.facts import PlaceId
from keyhop.images import Image, foreign_image, image_of
from keyhop.launch import Launch, Step
from keyhop.platforms.declared import Copied, Declared, Kept, Literal, Made, Process, Unseen, names_a_credential
from keyhop.readers.reader import Desk, Reading, unreadable
from keyhop.records import dataclass
from keyhop.span import Source
from keyhop.text.yaml import Mapping, Node, YamlError, parse
from keyhop.text.yaml_nodes import entry_span, items, mapping, scalar, text_of
from keyhop.tree import Tree, join
from keyhop.view import ON_THE_HOST

_DASHBOARD = "Render's dashboard"
_STATIC = ("static", "redis", "keyvalue")


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """Every service of a blueprint."""
    try:
        documents = parse(source)
    except YamlError as error:
        yield unreadable(source.path, str(error))
        return
    top = mapping(documents[0]) if documents else None
    if top is not None:
        yield from Blueprint(source=source, tree=tree, desk=desk, top=top).readings()


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """One file."""

    source: Source
    tree: Tree
    desk: Desk
    top: Mapping

    def readings(self) -> Iterator[Reading]:
        for part in self._parts():
            for service in map(mapping, items(part.get("services"))):
                name = text_of(service.get("name")) if service else ""
                if service and name and not self._is_static(service):
                    yield from self._service(service, name)

    def _parts(self) -> Iterator[Mapping]:
        """The file itself, and the environments of its projects."""
        yield self.top
        for project in map(mapping, items(self.top.get("projects"))):
            yield from filter(None, map(mapping, items(project.get("environments") if project else None)))

    @staticmethod
    def _is_static(service: Mapping) -> bool:
        return text_of(service.get("type")) in _STATIC or text_of(service.get("runtime")) in _STATIC

    def process(self, name: str) -> PlaceId:
        return PlaceId(f"render:{self.source.path}#{name}")

    def _service(self, service: Mapping, name: str) -> Iterator[Reading]:
        declared = tuple(self._declared(service.get("envVars")))
        process = Process(
            id=self.process(name),
            title=f"service {name}",
            deployment=self.source.path,
            via="envVars:",
            declared=declared,
            span=entry_span(service, "name") or service.span,
            list_span=entry_span(service, "envVars"),
            open_because="" if names_a_credential(declared) else f"{_DASHBOARD} may set it",
        )
        yield from process.facts(self.desk)
        yield from self._started(service, process)

    def _declared(self, node: Node | None) -> Iterator[Declared]:
        for each in map(mapping, items(node)):
            if each is None:
                continue
            group = text_of(each.get("fromGroup"))
            if group:
                yield from self._group(group, each)
                continue
            name, span = text_of(each.get("key")), each.span
            value, service = scalar(each.get("value")), mapping(each.get("fromService"))
            if not name:
                continue
            if value is not None:
                yield Literal(name=name, value=value.sealed, span=span)
            elif service is not None and (under := text_of(service.get("envVarKey"))):
                yield Copied(name=name, place=self.process(text_of(service.get("name"))), under=under, span=span)
            elif service is not None or each.get("fromDatabase") or text_of(each.get("generateValue")) == "true":
                yield Made(name=name, span=span)
            else:
                yield Kept(name=name, store=_DASHBOARD, span=span)

    def _group(self, name: str, asked: Mapping) -> Iterator[Declared]:
        found = False
        for part in self._parts():
            for group in map(mapping, items(part.get("envVarGroups"))):
                if group and text_of(group.get("name")) == name:
                    found = True
                    yield from self._declared(group.get("envVars"))
        if not found:
            yield Unseen(why=f"the group {name} is kept in {_DASHBOARD}", span=asked.span)

    def _started(self, service: Mapping, process: Process) -> Iterator[Reading]:
        runtime = text_of(service.get("runtime")) or text_of(service.get("env"))
        root = join("", text_of(service.get("rootDir")).strip("/") or ".") or ""
        image = self._image(service, runtime, root, process.id)
        if image is not None:
            command = text_of(service.get("dockerCommand"))
            yield from image.facts
            yield from image.handed_to(process.id)
            words = ("/bin/sh", "-c", command) if command else None
            yield image.launch(
                process.id, entrypoint=words, span=entry_span(service, "dockerCommand") or process.span
            )
            return
        yield Launch(
            place=process.id,
            text=text_of(service.get("startCommand")),
            cwd=f"/{root}",
            layers=ON_THE_HOST,
            span=entry_span(service, "startCommand") or process.span,
            step=Step(job=process.id),
        )

    def _image(self, service: Mapping, runtime: str, root: str, process: PlaceId) -> Image | None:
        place = PlaceId(f"{process}:image")
        if runtime == "image" or service.get("image"):
            named = mapping(service.get("image"))
            reference = text_of(named.get("url") if named else None)
            return built_image(reference, self.tree, self.desk, place=place) or foreign_image(reference)
        if runtime != "docker":
            return None
        context = join(root, text_of(service.get("dockerContext")) or ".")
        dockerfile = join(root, text_of(service.get("dockerfilePath")) or "Dockerfile")
        if not self.tree.has(dockerfile or ""):
            dockerfile = join("", text_of(service.get("dockerfilePath")) or "Dockerfile")
        return image_of(self.tree, self.desk, context=context, dockerfile=dockerfile or "Dockerfile", place=place)
