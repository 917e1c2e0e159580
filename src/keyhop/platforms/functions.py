"""A function of AWS Lambda: the module of its handler, in its own directory or in an image."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Layer, PlaceId
from keyhop.images import image_of
from keyhop.launch import Launch
from keyhop.platforms.declared import Process
from keyhop.platforms.images import project_image
from keyhop.readers.reader import Desk, Reading
from keyhop.records import dataclass
from keyhop.text.yaml import Mapping, Node
from keyhop.text.yaml_nodes import inside, mapping, text_of, texts_of
from keyhop.tree import Tree, join

_TASK = "/var/task"


@dataclass(frozen=True, kw_only=True)
class Function:
    """One function, with what its template says of all."""

    process: Process
    resource: Mapping
    properties: Mapping
    shared: Mapping | None
    directory: str
    """The template's."""

    def readings(self, tree: Tree, desk: Desk) -> Iterator[Reading]:
        """What it starts; nothing where its code is not Python of the project."""
        if text_of(self._get("PackageType")) == "Image" or self._get("ImageUri") is not None:
            yield from self._image(tree, desk)
            return
        handler = text_of(self._get("Handler"))
        code = self._get("CodeUri") or self._get("Code")
        inline = text_of(inside(code, "ZipFile"))
        if not text_of(self._get("Runtime")).startswith("python") or "." not in handler:
            return
        if inline:
            yield Launch(place=self.process.id, words=("python", "-c", inline), cwd=_TASK, span=self.process.span)
            return
        source = join(self.directory, (text_of(code) or ".").rstrip("/"))
        if source is None or not (tree.has_directory(source) or not source):
            return
        yield Launch(
            place=self.process.id,
            words=("python", "-c", _called(handler)),
            cwd=_TASK,
            layers=(Layer(target=_TASK, source=source or ".", via="CodeUri", span=self.process.span),),
            span=self.process.span,
        )

    def _get(self, key: str) -> Node | None:
        return self.properties.get(key) or (self.shared.get(key) if self.shared else None)

    def _image(self, tree: Tree, desk: Desk) -> Iterator[Reading]:
        metadata, place = mapping(self.resource.get("Metadata")), PlaceId(f"{self.process.id}:image")
        context = text_of(metadata.get("DockerContext")) if metadata else ""
        if metadata is not None and context:
            folder = join(self.directory, context) or ""
            dockerfile = join(folder, text_of(metadata.get("Dockerfile")) or "Dockerfile") or "Dockerfile"
            image = image_of(tree, desk, context=folder, dockerfile=dockerfile, place=place)
        else:
            image = project_image(text_of(self._get("ImageUri")), (self.process.title,), tree, desk, place)
        command = texts_of(inside(self._get("ImageConfig"), "Command")) or None
        launch = image.launch(self.process.id, command=command, span=self.process.span)
        words = launch.words or ()
        if len(words) == 1 and "." in words[0] and "/" not in words[0]:
            launch = image.launch(
                self.process.id, entrypoint=("python", "-c", _called(words[0])), command=(), span=self.process.span
            )
        yield from image.facts
        yield from image.handed_to(self.process.id)
        yield launch


def _called(handler: str) -> str:
    """What Lambda does with a handler's name: it imports the module and calls the function."""
    module, _, name = handler.replace("/", ".").rpartition(".")
    return f"from {module} import {name}\n{name}({{}}, None)\n"
