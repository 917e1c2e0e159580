"""Secrets and ConfigMaps as places, and the objects that stand for a Secret whose values are elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from keyhop.catalogue import VarName
from keyhop.facts import (
    Blindspot,
    Dialect,
    Everything,
    Fact,
    Hop,
    Phase,
    Place,
    PlaceId,
    Position,
    Supply,
    World,
)
from keyhop.kubernetes.resource import HASH, EnvFile, Resource
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.sighting import PRESENT, Change
from keyhop.span import Span
from keyhop.text import dotenv
from keyhop.text.expansion import discreet
from keyhop.text.kubernetes_values import decoded, is_made, looks_encoded, string
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Node, Scalar
from keyhop.text.yaml_nodes import inside, items, mapping, text_of
from keyhop.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a store."""

    name: str
    span: Span | None
    value: Sealed | None = field(default=None, repr=False)
    """None where it is not in view."""
    why: str = ""
    """Why it is not in view; empty for one that the project's documents say somebody sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A Secret or a ConfigMap of one deployment."""

    place: PlaceId
    kind: str
    name: str
    keys: tuple[Key, ...] = ()
    env_files: tuple[EnvFile, ...] = ()
    outside: str = ""
    """Why it may have other keys, too; empty where the project says all of them."""
    refused: str = ""
    """Why the API takes it not."""
    span: Span | None = None

    @property
    def title(self) -> str:
        return f"{self.kind} {discreet(self.name.removesuffix(HASH))}"

    def known(self, tree: Tree) -> dict[str, Sealed | None]:
        """The keys that it has for sure, with their values where these are in view."""
        found: dict[str, Sealed | None] = {}
        for file in self.env_files:
            source = tree.source(file.path)
            if source is not None:
                found.update(dotenv.values(dotenv.read(source.data, file.dialect)))
        found.update((key.name, key.value) for key in self.keys)
        return found

    def is_open(self, tree: Tree) -> bool:
        """Whether it may have keys that are not in view."""
        return bool(self.outside) or any(not tree.has(file.path) for file in self.env_files)

    def facts(self, deployment: str, asked: Mapping[str, str], desk: Desk) -> Iterator[Fact]:
        """The place and what is in it.

        Args:
            asked: the variable that each key becomes, by which a setting is told from a secret.
        """
        yield Place(
            id=self.place,
            kind="store",
            title=self.title,
            span=self.span,
            world=World.OPEN if self.outside else World.CLOSED,
            why=discreet(self.outside),
            deployment=deployment,
        )
        at = Position(Phase.HOST)
        for number, file in enumerate(self.env_files):
            yield Hop(
                source=PlaceId(file.path),
                target=self.place,
                passage=Everything(),
                via=f"{self.title} from {file.path}",
                at=Position(Phase.HOST, number),
                dialect=Dialect(file.dialect),
                span=file.span,
            )
        at = Position(Phase.HOST, len(self.env_files))
        for key in self.keys:
            name = VarName(key.name)
            if key.value is not None and not is_made(key.value):
                seen = desk.see(key.value, asked.get(key.name, key.name))
                if self.kind == "Secret" and looks_encoded(key.value):
                    seen = replace(seen, changes=(*seen.changes, Change.OTHER))
                yield Supply(place=self.place, name=name, seen=seen, at=at, via=self.title, span=key.span)
            elif key.why:
                yield Blindspot(place=self.place, why=key.why, at=at, names=frozenset({name}), span=key.span)
            else:
                supply = Supply(
                    place=self.place, name=name, seen=PRESENT, at=at, via=self.title, promised=True, span=key.span
                )
                yield supply


def store_of(resource: Resource, place: PlaceId) -> Store | None:
    """The Secret or ConfigMap that an object is, or that its controller makes of it."""
    match resource.kind:
        case "Secret" | "ConfigMap":
            return _plain(resource, place)
        case "SealedSecret":
            keys = mapping(inside(resource.node, "spec", "encryptedData"))
            return Store(
                place=place,
                kind="Secret",
                name=text_of(inside(resource.node, "spec", "template", "metadata", "name")) or resource.name,
                keys=tuple(
                    Key(name=entry.key.text, span=entry.key.span, why="it is sealed")
                    for entry in (keys.entries if keys else ())
                ),
                outside="" if keys else "it is sealed",
                span=resource.span,
            )
        case "ExternalSecret" | "ClusterExternalSecret" | "VaultStaticSecret" | "OnePasswordItem" | "InfisicalSecret":
            return _external(resource, place)
        case "SecretProviderClass":
            return _synced(resource, place)
    return None


def _plain(resource: Resource, place: PlaceId) -> Store:
    encoded = mapping(resource.node.get("data"))
    plain = mapping(resource.node.get("stringData")) if resource.kind == "Secret" else None
    keys: dict[str, Key] = {}
    refused = ""
    for entries, is_encoded in ((encoded, resource.kind == "Secret"), (plain, False)):
        for entry in entries.entries if entries else ():
            value = _value(entry.value)
            if value is None:
                refused = f"{resource.kind} {resource.name} has a value that is no string"
            elif is_encoded:
                value = decoded(value)
                if value is None:
                    refused = f"Secret {resource.name} has a value under `data` that is no base64"
            if value is not None:
                keys[entry.key.text] = Key(name=entry.key.text, value=value, span=entry.value.span)
    return Store(
        place=place,
        kind=resource.kind,
        name=resource.name,
        keys=tuple(keys.values()),
        env_files=resource.env_files,
        refused=refused,
        span=resource.span,
    )


def _value(node: Node) -> Sealed | None:
    return string(node) if isinstance(node, Scalar) else None


def _external(resource: Resource, place: PlaceId) -> Store:
    """A Secret that an operator fills from a store outside the cluster."""
    spec = mapping(inside(resource.node, "spec", "externalSecretSpec")) or mapping(resource.node.get("spec"))
    target = inside(spec, "target") or inside(spec, "destination") or inside(spec, "managedSecretReference")
    name = text_of(inside(target, "name")) or text_of(inside(target, "secretName")) or resource.name
    named = [(key, each.span) for each in items(inside(spec, "data")) if (key := text_of(inside(each, "secretKey")))]
    made = mapping(inside(target, "template", "data"))
    named += [(entry.key.text, entry.key.span) for entry in (made.entries if made else ())]
    why = f"{resource.kind} {resource.name} fills it from outside the repository"
    whole = inside(spec, "dataFrom") is not None or not named
    return Store(
        place=place,
        kind="Secret",
        name=name,
        keys=tuple(Key(name=key, span=span, why=why) for key, span in named),
        outside=why if whole else "",
        span=resource.span,
    )


def _synced(resource: Resource, place: PlaceId) -> Store | None:
    """The first Secret that the CSI driver syncs while a pod mounts the class."""
    for each in items(inside(resource.node, "spec", "secretObjects")):
        why = f"SecretProviderClass {resource.name} fills it from outside the repository"
        named = [(text_of(inside(d, "key")), d.span) for d in items(inside(each, "data"))]
        return Store(
            place=place,
            kind="Secret",
            name=text_of(inside(each, "secretName")),
            keys=tuple(Key(name=key, span=span, why=why) for key, span in named),
            span=resource.span,
        )
    return None
