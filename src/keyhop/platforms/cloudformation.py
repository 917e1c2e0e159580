"""CloudFormation templates and what they make of values: parameters, references, secrets.

SAM is CloudFormation with resources of its own. As AWS's documentation of 2026 says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.facts import PlaceId
from keyhop.platforms.containers import IDENTITY, container_readings
from keyhop.platforms.declared import Declared, Kept, Literal, Made, Process, Unseen
from keyhop.platforms.functions import Function
from keyhop.readers.reader import Desk, Reading, unreadable
from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Mapping, Node, Scalar, YamlError, parse
from keyhop.text.yaml_nodes import entry_span, inside, items, mapping, scalar, text_of
from keyhop.tree import Tree

PARAMETERS = "the stack's parameters"
_RESOLVED = re.compile(r"\{\{resolve:(secretsmanager|ssm|ssm-secure):")
_STORES = {
    "secretsmanager": "AWS Secrets Manager",
    "ssm": "AWS Systems Manager's parameters",
    "ssm-secure": "AWS Systems Manager's parameters",
}
_ROLE = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    IDENTITY,
)
"""What Lambda sets from the function's role."""


def read(source: Source, tree: Tree, desk: Desk, *, serverless: bool) -> Iterator[Reading]:
    """The processes of a template: its SAM functions, or all its other resources."""
    try:
        documents = parse(source)
    except YamlError as error:
        yield unreadable(source.path, str(error))
        return
    top = mapping(documents[0]) if documents else None
    resources = mapping(top.get("Resources")) if top else None
    if top is None or resources is None:
        return
    template = Template(source=source, tree=tree, desk=desk, top=top)
    for entry in resources.entries:
        resource = mapping(entry.value)
        if resource is not None:
            yield from template.resource(entry.key.text, entry.key.span, resource, serverless)


@dataclass(frozen=True, kw_only=True)
class Template:
    """One template."""

    source: Source
    tree: Tree
    desk: Desk
    top: Mapping

    def resource(self, name: str, span: Span, resource: Mapping, serverless: bool) -> Iterator[Reading]:
        """What one resource starts."""
        kind, properties = text_of(resource.get("Type")), mapping(resource.get("Properties"))
        if properties is None:
            return
        if serverless:
            if kind == "AWS::Serverless::Function":
                yield from self._function(f"sam:{self.source.path}#{name}", name, span, resource, properties)
            return
        id = f"cloudformation:{self.source.path}#{name}"
        match kind:
            case "AWS::Lambda::Function":
                yield from self._function(id, name, span, resource, properties)
            case "AWS::ECS::TaskDefinition":
                for container in map(mapping, items(properties.get("ContainerDefinitions"))):
                    if container is not None:
                        called = text_of(container.get("Name"))
                        place = PlaceId(f"{id}/{called}")
                        yield from container_readings(place, container, self.value, self.source, self.tree, self.desk)
            case "AWS::AppRunner::Service":
                yield from self._app_runner(id, name, span, properties)

    def value(self, name: str, node: Node | None, span: Span | None) -> Declared:
        """What a node comes to as the value of a variable."""
        match node:
            case Scalar(tag=""):
                return self._text(name, node.sealed, node.text, span)
            case Scalar(tag="!Ref"):
                return self._reference(name, node.text, span)
            case Scalar(tag="!Sub"):
                return self._substituted(name, node, span)
            case Mapping() if len(node.entries) == 1:
                entry = node.entries[0]
                inner = scalar(entry.value)
                if entry.key.text == "Ref" and inner is not None:
                    return self._reference(name, inner.text, span)
                if entry.key.text == "Fn::Sub" and inner is not None:
                    return self._substituted(name, inner, span)
                if entry.key.text == "Fn::If":
                    return Unseen(name=name, why="a condition of the stack decides it", span=span)
        if getattr(node, "tag", "") == "!If":
            return Unseen(name=name, why="a condition of the stack decides it", span=span)
        return Made(name=name, span=span)

    def _text(self, name: str, value: Sealed, text: str, span: Span | None) -> Declared:
        found = _RESOLVED.search(text)
        if found:
            return Kept(name=name, store=_STORES[found[1]], span=span)
        return Literal(name=name, value=value, span=span)

    def _reference(self, name: str, target: str, span: Span | None) -> Declared:
        parameter = mapping(inside(self.top, "Parameters", target))
        if parameter is None:
            return Made(name=name, span=span)
        default = scalar(parameter.get("Default"))
        hidden = text_of(parameter.get("NoEcho")).lower() == "true"
        if default is None or hidden or not default.text:
            return Kept(name=name, store=PARAMETERS, under=target, span=span)
        return self._text(name, default.sealed, default.text, span)

    def _substituted(self, name: str, node: Scalar, span: Span | None) -> Declared:
        sole = re.fullmatch(r"\$\{(\w+)\}", node.text)
        if sole:
            return self._reference(name, sole[1], span)
        if _RESOLVED.search(node.text) or "${" not in node.text:
            return self._text(name, node.sealed, node.text, span)
        return Made(name=name, span=span)

    def environment(self, properties: Node | None) -> Iterator[Declared]:
        """``Environment: Variables:``."""
        variables = mapping(inside(properties, "Environment", "Variables"))
        for entry in variables.entries if variables else ():
            yield self.value(entry.key.text, entry.value, entry.key.span)

    def _function(self, id: str, name: str, span: Span, resource: Mapping, properties: Mapping) -> Iterator[Reading]:
        shared = mapping(inside(self.top, "Globals", "Function"))
        declared = (
            *(Made(name=each) for each in _ROLE),
            *self.environment(shared),
            *self.environment(properties),
        )
        process = Process(
            id=PlaceId(id),
            title=f"function {name}",
            deployment=self.source.path,
            via="Environment: Variables:",
            declared=declared,
            span=span,
            list_span=entry_span(properties, "Environment"),
        )
        directory = self.source.path.rpartition("/")[0]
        function = Function(
            process=process, resource=resource, properties=properties, shared=shared, directory=directory
        )
        launched = tuple(function.readings(self.tree, self.desk))
        if launched:
            yield from process.facts(self.desk)
            yield from launched

    def _app_runner(self, id: str, name: str, span: Span, properties: Mapping) -> Iterator[Reading]:
        image = mapping(inside(properties, "SourceConfiguration", "ImageRepository"))
        configuration = mapping(image.get("ImageConfiguration")) if image else None
        if image is None:
            return
        yield from container_readings(
            PlaceId(id),
            image,
            self.value,
            self.source,
            self.tree,
            self.desk,
            title=f"service {name}",
            reference=text_of(image.get("ImageIdentifier")),
            environment=inside(configuration, "RuntimeEnvironmentVariables"),
            secrets=inside(configuration, "RuntimeEnvironmentSecrets"),
            span=span,
        )
