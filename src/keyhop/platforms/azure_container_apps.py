"""Azure Container Apps in Bicep: apps and jobs, their ``env``, ``secretRef`` and ``secrets``, through modules too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from keyhop.facts import PlaceId
from keyhop.platforms.declared import Declared, Kept, Literal, Made, Process, Unseen
from keyhop.platforms.images import project_image
from keyhop.readers.reader import Desk, Reading
from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.text.bicep import Array, Choice, Declaration, Name, Node, Object, Text, parse
from keyhop.tree import Tree, join

PARAMETERS = "the deployment's parameters"
_VAULT = "Azure Key Vault"
_KINDS = ("microsoft.app/containerapps@", "microsoft.app/jobs@")
_DEEPEST = 5
_IDENTITY = "@azure identity"


@dataclass(frozen=True, kw_only=True, eq=False)
class Scope:
    """One Bicep file with what its caller gives it."""

    source: Source
    given: dict[str, tuple[Node, Scope]] = field(default_factory=dict)

    def declarations(self) -> tuple[Declaration, ...]:
        return parse(self.source)

    def find(self, name: str) -> Declaration | None:
        found = (d for d in self.declarations() if d.name == name and d.keyword in ("param", "var"))
        return next(found, None)

    def resolved(self, node: Node | None, depth: int = 0) -> tuple[Node | None, Scope]:
        """A node with names of variables and parameters followed to what they stand for."""
        if isinstance(node, Name) and len(node.words) == 1 and node.arguments is None and depth < 20:
            if node.words[0] in self.given:
                value, scope = self.given[node.words[0]]
                return scope.resolved(value, depth + 1)
            declared = self.find(node.words[0])
            if declared is not None and declared.keyword == "var":
                return self.resolved(declared.value, depth + 1)
        return node, self


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """The apps that a file deploys, itself or through modules; a module that another file uses is read there."""
    if source.path not in _modules(tree):
        yield from _deployed(Scope(source=source), source, "", tree, desk, 0)


def _modules(tree: Tree) -> set[str]:
    """The files that others use as modules."""
    found: set[str] = set()
    for path in tree.matching("*.bicep"):
        source = tree.source(path)
        for declared in parse(source) if source else ():
            used = _used(declared, path)
            if used:
                found.add(used)
    return found


def _used(declared: Declaration, path: str) -> str:
    if declared.keyword != "module" or ":" in declared.kind:
        return ""
    return join(path.rpartition("/")[0], declared.kind) or ""


def _deployed(scope: Scope, top: Source, called: str, tree: Tree, desk: Desk, depth: int) -> Iterator[Reading]:
    for declared in scope.declarations():
        value = declared.value
        if not isinstance(value, Object):
            continue
        if declared.kind.lower().startswith(_KINDS):
            yield from _App(declared, value, scope, top, called, tree, desk).readings()
            continue
        module = tree.source(_used(declared, scope.source.path)) if depth < _DEEPEST else None
        if module is not None:
            params = value.get("params")
            given = {name: (node, scope) for name, node, _ in params.entries} if isinstance(params, Object) else {}
            inner = Scope(source=module, given=given)
            name = declared.name if top is scope.source else called or declared.name
            yield from _deployed(inner, top, name, tree, desk, depth + 1)


class _App:
    """One app or job."""

    def __init__(
        self, declared: Declaration, value: Object, scope: Scope, top: Source, called: str, tree: Tree, desk: Desk
    ) -> None:
        self._declared, self._value, self._scope = declared, value, scope
        self._top, self._called, self._tree, self._desk = top, called, tree, desk

    def readings(self) -> Iterator[Reading]:
        containers = [(n, s) for n, s in self._items(self._value.get("properties", "template", "containers"))]
        app = self._called or self._text(self._value.get("name"), self._scope) or self._declared.name
        for node, scope in containers:
            if isinstance(node, Object):
                name = app
                if len(containers) > 1:
                    name = f"{app}/{self._text(node.get('name'), scope) or containers.index((node, scope)) + 1}"
                yield from self._container(node, scope, name)

    def _container(self, node: Object, scope: Scope, name: str) -> Iterator[Reading]:
        id = PlaceId(f"aca:{self._top.path}#{name}")
        environment = node.get("env")
        process = Process(
            id=id,
            title=f"container app {name}",
            deployment=self._top.path,
            via="env: of the container app",
            declared=(Made(name=_IDENTITY), *self._environment(environment)),
            span=self._declared.span,
            list_span=environment.span if environment else None,
        )
        reference = self._text(node.get("image"), scope)
        hints = (self._text(node.get("name"), scope), name)
        image = project_image(reference, hints, self._tree, self._desk, PlaceId(f"{id}:image"))
        yield from process.facts(self._desk)
        yield from image.facts
        yield from image.handed_to(id)
        entrypoint, command = self._words(node.get("command")), self._words(node.get("args"))
        yield image.launch(id, entrypoint=entrypoint, command=command, span=node.span)

    def _environment(self, node: Node | None) -> Iterator[Declared]:
        for each, scope in self._items(node):
            if isinstance(each, Object):
                yield self._variable(each, scope)
            else:
                yield Unseen(why="a part of env: is computed", span=each.span if each else None)

    def _variable(self, entry: Object, scope: Scope) -> Declared:
        name = self._text(entry.get("name"), scope)
        reference = entry.get("secretRef")
        if reference is None:
            return self._value_of(name, entry.get("value"), scope, entry.span)
        wanted = self._text(reference, scope)
        for secret, inner in self._items(self._value.get("properties", "configuration", "secrets")):
            if isinstance(secret, Object) and wanted and self._text(secret.get("name"), inner) == wanted:
                if secret.get("keyVaultUrl") is not None:
                    return Kept(name=name, store=_VAULT, span=entry.span)
                return self._value_of(name, secret.get("value"), inner, entry.span)
        return Unseen(name=name, why="its secret is computed", span=entry.span)

    def _value_of(self, name: str, node: Node | None, scope: Scope, span: Span) -> Declared:
        found, inner = scope.resolved(node)
        match found:
            case Text(sealed=value) if value is not None:
                return Literal(name=name, value=value, span=span)
            case Name(words=(*_, "getSecret")):
                return Kept(name=name, store=_VAULT, span=span)
            case Name(words=(parameter,), arguments=None):
                declared = inner.find(parameter)
                default = declared.value if declared else None
                if isinstance(default, Text) and default.sealed is not None and default.text and declared:
                    return Literal(name=name, value=default.sealed, span=span)
                return Kept(name=name, store=PARAMETERS, under=parameter, span=span)
            case Choice():
                return Unseen(name=name, why="a condition of the deployment decides it", span=span)
        return Made(name=name, span=span)

    def _items(self, node: Node | None) -> list[tuple[Node | None, Scope]]:
        """The items of a list, with those that functions join to it."""
        return list(self._listed(node, self._scope, 0))

    def _listed(self, node: Node | None, scope: Scope, depth: int) -> Iterator[tuple[Node | None, Scope]]:
        found, inner = scope.resolved(node)
        match found:
            case None:
                return
            case Array(items=items):
                yield from ((item, inner) for item in items)
            case Name(words=("concat" | "union",), arguments=tuple() as lists) if depth < _DEEPEST:
                for each in lists:
                    yield from self._listed(each, inner, depth + 1)
            case _:
                yield found, inner

    def _text(self, node: Node | None, scope: Scope) -> str:
        found, inner = scope.resolved(node)
        if isinstance(found, Name) and len(found.words) == 1:
            declared = inner.find(found.words[0])
            found = declared.value if declared else None
        return found.text if isinstance(found, Text) else ""

    def _words(self, node: Node | None) -> tuple[str, ...] | None:
        words = tuple(self._text(each, scope) for each, scope in self._items(node))
        return words if words and all(words) else None
