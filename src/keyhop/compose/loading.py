"""The files of a deployment, merged: several files, ``include:``, ``extends:``, ``!reset``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace

from keyhop.compose.definition import Definition
from keyhop.compose.problem import Problem
from keyhop.compose.scope import Scope, open_scope
from keyhop.compose.service import Content, Service
from keyhop.compose.variables import Variable
from keyhop.facts import PlaceId
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.interpolation import Refused
from keyhop.text.yaml import Entry, Mapping, Node, Scalar, Sequence, YamlError, parse
from keyhop.tree import Tree, join

_MOST_EXTENDS = 50


@dataclass(kw_only=True)
class Model:
    """All that the files of a deployment say."""

    services: dict[str, Service] = field(default_factory=dict)
    secrets: dict[str, Content] = field(default_factory=dict)
    configs: dict[str, Content] = field(default_factory=dict)
    scopes: list[Scope] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Loader:
    """Loads one deployment."""

    def __init__(self, tree: Tree, desk: Desk) -> None:
        self._tree = tree
        self._desk = desk
        self._parsed: dict[str, tuple[Node, ...]] = {}

    def load(self, files: tuple[str, ...], directory: str, scope: Scope, included: tuple[str, ...] = ()) -> Model:
        """The files in their order, each on top of those before it.

        Args:
            directory: what relative paths start from.
            included: the files that led here through ``include:``.
        """
        model = Model(scopes=[scope])
        for path in files:
            for document in self._documents(path, model.problems):
                self._take_in(document, path, directory, scope, model, (*included, path))
        return model

    def _documents(self, path: str, problems: list[Problem]) -> tuple[Node, ...]:
        if path not in self._parsed:
            self._parsed[path] = ()
            source = self._tree.source(path)
            if source is None:
                unread = self._tree.unread.get(path)
                problems.append(Problem(why=unread.why if unread else f"{path} is not there", span=Span(path=path)))
            else:
                try:
                    self._parsed[path] = parse(source)
                except YamlError as error:
                    span = source.span_of_line(error.line) if error.line else Span(path=path)
                    problems.append(Problem(why=f"it is not YAML that Compose takes: {error}", span=span))
        return self._parsed[path]

    def _take_in(
        self, document: Node, path: str, directory: str, scope: Scope, model: Model, included: tuple[str, ...]
    ) -> None:
        """One document: its includes first, then what it extends, then its own on top of the model."""
        definition = self._defined(document, path, directory, scope)
        model.problems += definition.problems
        below = Model(services=model.services, secrets=model.secrets, configs=model.configs)
        for part in self._includes(document, definition, included):
            model.scopes += part.scopes
            model.problems += part.problems
            for name, service in part.services.items():
                own = definition.services.get(name)
                definition.services[name] = own.over(service) if own else service
            definition.secrets = {**part.secrets, **definition.secrets}
            definition.configs = {**part.configs, **definition.configs}
        for name, service in definition.services.items():
            extended = self._extended(service, definition, model)
            base = below.services.get(name)
            merged = extended.over(base) if base else replace(extended, cleared=frozenset())
            for variable in _dropped(base, merged) if base else ():
                self._problem(model, "an overwritten variable is not valid", variable.span, "")
            if merged.environment_null and not merged.environment_span:
                self._problem(model, "environment must be a map or a list", merged.environment_null, name)
            if merged.environment.not_finite:
                self._problem(model, "a number is not finite", merged.environment.not_finite, name)
            model.services[name] = merged
        model.secrets = {**below.secrets, **definition.secrets}
        model.configs = {**below.configs, **definition.configs}

    def _defined(self, document: Node, path: str, directory: str, scope: Scope) -> Definition:
        definition = Definition(path=path, directory=directory, scope=scope, tree=self._tree)
        definition.read(document)
        return definition

    def _extended(
        self,
        service: Service,
        definition: Definition,
        model: Model,
        seen: tuple[tuple[str, str], ...] = (),
    ) -> Service:
        """The service on top of the one it extends."""
        extends = service.extends
        if extends is None:
            return service
        here = (definition.path, service.name)
        if here in seen or len(seen) > _MOST_EXTENDS:
            self._problem(model, "extends goes round in a circle", extends.span, service.name)
            return replace(service, extends=None)
        other = definition
        if extends.outside:
            self._problem(model, f"{extends.outside} lies outside the project", extends.span, service.name)
            return replace(service, extends=None)
        if extends.file is not None and extends.file != definition.path:
            other = self._other(extends.file, definition, model)
        base = other.services.get(extends.service)
        if base is None:
            self._problem(
                model, f"the service {extends.service} that it extends is not there", extends.span, service.name
            )
            return replace(service, extends=None)
        if other is not definition:
            model.problems += (replace(p, service="") for p in other.problems if p.service in ("", base.name))
        below = self._extended(base, other, model, (*seen, here))
        merged = service.over(replace(below, cleared=frozenset()))
        for variable in _dropped(below, merged):
            self._problem(model, "an overwritten variable is not valid", variable.span, "")
        return replace(merged, span=service.span, extends=None, cleared=service.cleared)

    def _other(self, path: str, definition: Definition, model: Model) -> Definition:
        """A file that is extended: its paths start from its own directory."""
        directory = path.rpartition("/")[0]
        other = Definition(path=path, directory=directory, scope=definition.scope, tree=self._tree, extended=True)
        for document in self._documents(path, model.problems):
            other.read(document)
        return other

    @staticmethod
    def _problem(model: Model, why: str, span: Span, service: str) -> None:
        model.problems.append(Problem(why=why, span=span, service=service))

    def _includes(self, document: Node, definition: Definition, included: tuple[str, ...]) -> Iterator[Model]:
        entry = document.entry("include") if isinstance(document, Mapping) else None
        if entry is None:
            return
        if not isinstance(entry.value, Sequence):
            definition.refuse("include must be a list", entry.key.span)
            return
        for node in entry.value.items:
            part = self._include(node, entry, definition, included)
            if part is not None:
                yield part

    def _include(self, node: Node, entry: Entry, definition: Definition, included: tuple[str, ...]) -> Model | None:
        """An included file: a project of its own, with its own directory and its own .env."""
        paths = _texts(node.get("path") if isinstance(node, Mapping) else node, definition)
        files = tuple(place for place in map(definition.place, paths) if place is not None)
        if not files or len(files) < len(paths):
            problem = Problem(why="an included file lies outside the project", span=node.span)
            return Model(problems=[problem])
        if files[0] in included:
            return Model(problems=[Problem(why="include goes round in a circle", span=node.span)])
        directory = files[0].rpartition("/")[0]
        env_files: tuple[str, ...] = ()
        if isinstance(node, Mapping):
            given = node.get("project_directory")
            directory = (definition.place(definition.text(given)[0]) or "") if given else directory
            named = _texts(node.get("env_file"), definition)
            env_files = tuple(p for p in map(definition.place, named) if p is not None and p != "/dev/null")
        if not env_files:
            own = join(directory, ".env")
            env_files = (own,) if own and self._is_given(own) else ()
        parent = definition.scope
        scope, problems = open_scope(
            PlaceId(f"{parent.place}:{files[0]}"), parent.shell, env_files, self._tree, self._desk, parent
        )
        part = self.load(files, directory, scope, included)
        part.problems[:0] = problems
        part.services = {name: service.included_in(parent) for name, service in part.services.items()}
        return part

    def _is_given(self, path: str) -> bool:
        return self._tree.has(path) or self._desk.promises.promised(path)


def _dropped(base: Service, merged: Service) -> Iterator[Variable]:
    """The variables that another definition overwrites though Compose stops at them before it gets there."""
    kept = {id(variable) for variable in merged.environment.by_name}
    for variable in base.environment.by_name:
        if variable.value is None or id(variable) in kept:
            continue
        try:
            variable.scope.resolved(variable.value)
        except Refused:
            yield variable


def _texts(node: Node | None, definition: Definition) -> tuple[str, ...]:
    if node is None:
        return ()
    nodes = node.items if isinstance(node, Sequence) else (node,)
    return tuple(definition.text(each)[0] for each in nodes if isinstance(each, Scalar))
