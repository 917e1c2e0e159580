"""What a container has in its environment: ``envFrom`` in order, over the addresses of Services, then ``env``.

The order and every rule are those of a kubelet (1.20).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from keyhop.catalogue import VarName
from keyhop.facts import (
    Blindspot,
    Everything,
    Fact,
    Hop,
    IfUnset,
    One,
    Phase,
    PlaceId,
    Position,
    Supply,
    Text,
)
from keyhop.kubernetes.cluster import Cluster
from keyhop.kubernetes.store import Store
from keyhop.kubernetes.workloads import Container
from keyhop.records import dataclass
from keyhop.sighting import PRESENT
from keyhop.span import Span
from keyhop.text.kubernetes_values import expanded, is_made, is_sole, references, string
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence
from keyhop.text.yaml_nodes import inside, items, mapping, text_of

_REFS = (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap"))
_FROM = (("secretRef", "Secret"), ("configMapRef", "ConfigMap"))
_LINKS, _ENV = 1, 1000


@dataclass(slots=True)
class Environment:
    """The variables of one container, gathered in the order in which the kubelet takes them."""

    container: Container
    process: PlaceId
    namespace: str
    cluster: Cluster
    refusals: list[tuple[str, Span | None]] = field(default_factory=list)
    """Why the API does not take the object, or the kubelet does not start the container."""
    _known: dict[str, Sealed | None] = field(default_factory=dict)
    """What is defined by now; None for a value that is not in view, or that may be missing."""
    _open: bool = False
    """An ``envFrom`` may have set any other name."""

    def writes(self) -> Iterator[Fact]:
        yield from self._links()
        for number, item in enumerate(items(self.container.node.get("envFrom"))):
            yield from self._from(item, Position(Phase.HOST, _LINKS + 1 + number))
        env = self.container.node.get("env")
        if env is not None and not isinstance(env, Sequence) and not _is_null(env):
            self._refuse("`env` is no list", env.span)
        for number, item in enumerate(items(env)):
            yield from self._variable(item, Position(Phase.HOST, _ENV + number))
        for each in self.cluster.set_by_hand(self.container.workload.name):
            for name in each.names:
                at = Position(Phase.HOST, 2 * _ENV)
                yield Supply(
                    place=self.process,
                    name=VarName(name),
                    seen=PRESENT,
                    at=at,
                    promised=True,
                    via="kubectl set env",
                    span=each.span,
                )

    def _links(self) -> Iterator[Supply]:
        """The addresses of the Services of the namespace, which hide variables of the image."""
        if text_of(self.container.pod.get("enableServiceLinks")).lower() == "false":
            return
        for service in self.cluster.services(self.namespace):
            for name in _link_names(service.name, items(inside(service.node, "spec", "ports"))):
                self._known[name] = None
                yield Supply(
                    place=self.process,
                    name=VarName(name),
                    seen=PRESENT,
                    at=Position(Phase.HOST, _LINKS),
                    via=f"address of Service {service.name}",
                    span=service.span,
                )

    def _from(self, item: Node, at: Position) -> Iterator[Hop]:
        prefix = text_of(inside(item, "prefix"))
        for field_name, kind in _FROM:
            ref = mapping(inside(item, field_name))
            if ref is None:
                continue
            store = self._store(kind, ref)
            optional = _is_true(ref.get("optional"))
            via = f"envFrom: {store.title}"
            if self.cluster.is_missing(store):
                self.cluster.ask(store, "", "")
            if store.refused and not optional:
                self._refuse(store.refused, store.span)
            yield Hop(
                source=store.place,
                target=self.process,
                passage=Everything(prefix=prefix),
                via=via,
                at=at,
                span=item.span,
            )
            for key, value in store.known(self.cluster.tree).items():
                self._known[prefix + key] = value
            self._open = self._open or store.is_open(self.cluster.tree)

    def _variable(self, item: Node, at: Position) -> Iterator[Fact]:
        name, source, node = text_of(inside(item, "name")), inside(item, "valueFrom"), inside(item, "value")
        span = item.span
        if not name:
            self._refuse("an entry of `env` has no name", span)
        elif mapping(source) is not None:
            if node is not None and not _is_null(node):
                self._refuse(f"{name} has both `value` and `valueFrom`", span)
            yield from self._referred(name, source, at, span)
        elif node is None or isinstance(node, Scalar):
            text = string(node) if isinstance(node, Scalar) else Sealed("")
            if text is None:
                self._refuse(f"the value of {name} is no string", node.span if node else span)
                return
            yield self._literal(name, text, at, span)
        else:
            self._refuse(f"the value of {name} is no string", node.span)

    def _literal(self, name: str, text: Sealed, at: Position, span: Span) -> Supply | Hop:
        """A text, or one that mentions variables which were defined before it."""
        asked = references(text)
        value = expanded(text, {key: found for key, found in self._known.items() if found is not None})
        unsure = [each for each in asked if (each in self._known and self._known[each] is None) or self._maybe(each)]
        defined = [each for each in asked if each in self._known]
        via = "env:"
        if not defined and not unsure:
            self._known[name] = value
            seen = PRESENT if is_made(value) else self.cluster.desk.see(value, name)
            return Supply(place=self.process, name=VarName(name), seen=seen, at=at, via=via, span=span)
        refs = tuple(_reference(each, name) for each in dict.fromkeys((*defined, *unsure)))
        resolved = None if unsure else self.cluster.desk.see(value, name)
        self._known[name] = None if unsure else value
        passage = refs[0] if is_sole(text) else Text(name=VarName(name), refs=refs, resolved=resolved)
        return Hop(source=self.process, target=self.process, passage=passage, via=via, at=at, taken_at=at, span=span)

    def _maybe(self, name: str) -> bool:
        return name not in self._known and self._open

    def _referred(self, name: str, source: Node | None, at: Position, span: Span) -> Iterator[Fact]:
        for field_name, kind in _REFS:
            ref = mapping(inside(source, field_name))
            if ref is None:
                continue
            store, key = self._store(kind, ref), text_of(ref.get("key"))
            optional = _is_true(ref.get("optional"))
            self.cluster.ask(store, key, name)
            if store.refused and not optional:
                self._refuse(store.refused, store.span)
            known = store.known(self.cluster.tree)
            if key in known or store.is_open(self.cluster.tree):
                self._known[name] = known.get(key)
            yield Hop(
                source=store.place,
                target=self.process,
                passage=One(
                    name=VarName(name),
                    source_name=VarName(key),
                    if_unset=IfUnset.KEEP if optional else IfUnset.REFUSE,
                ),
                via=f"env: {field_name} {store.name}",
                at=at,
                span=span,
            )
            return
        self._known[name] = None
        if inside(source, "fieldRef") is not None or inside(source, "resourceFieldRef") is not None:
            yield Supply(place=self.process, name=VarName(name), seen=PRESENT, at=at, via="env: fieldRef", span=span)
            return
        names = frozenset({VarName(name)})
        yield Blindspot(place=self.process, why="its `valueFrom` is not known", at=at, names=names, span=span)

    def _store(self, kind: str, ref: Mapping) -> Store:
        workload = self.container.workload
        return self.cluster.find(kind, text_of(ref.get("name")), self.namespace, workload.path)

    def _refuse(self, why: str, span: Span | None) -> None:
        self.refusals.append((why, span))


def _reference(name: str, target: str) -> One:
    return One(name=VarName(target), source_name=VarName(name), if_unset=IfUnset.LITERAL)


def _link_names(service: str, ports: tuple[Node, ...]) -> Iterator[str]:
    prefix = re.sub(r"[^A-Z0-9]", "_", service.upper())
    yield f"{prefix}_SERVICE_HOST"
    yield f"{prefix}_SERVICE_PORT"
    yield f"{prefix}_PORT"
    for port in ports:
        number, name = text_of(inside(port, "port")), text_of(inside(port, "name"))
        protocol = (text_of(inside(port, "protocol")) or "TCP").upper()
        if name:
            yield f"{prefix}_SERVICE_PORT_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"
        whole = f"{prefix}_PORT_{number}_{protocol}"
        yield from (whole, f"{whole}_PROTO", f"{whole}_PORT", f"{whole}_ADDR")


def _is_true(node: Node | None) -> bool:
    return text_of(node).lower() == "true"


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")
