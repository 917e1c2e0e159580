"""The objects of one deployment, and what they find in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from posixpath import commonpath, dirname

from keyhop.facts import Everything, Fact, Hop, Phase, Place, PlaceId, Position
from keyhop.kubernetes.commands import Set as SetEnv
from keyhop.kubernetes.commands import created, settings
from keyhop.kubernetes.resource import Resource
from keyhop.kubernetes.store import Store, store_of
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.text.expansion import discreet
from keyhop.tree import Tree


@dataclass(frozen=True, slots=True)
class Found:
    """A store and how sure it is that the cluster has it."""

    store: Store
    namespace: str
    path: str
    by_hand: bool = False


class Cluster:
    """What one deployment puts into a cluster."""

    def __init__(
        self, deployment: str, resources: Iterable[Resource], tree: Tree, desk: Desk, *, label: str = ""
    ) -> None:
        self.deployment = deployment
        self.label = label
        """What tells its processes from those of another deployment of the same files."""
        self.resources = tuple(resources)
        self.tree = tree
        self.desk = desk
        self.stores = PlaceId(f"{deployment}:stores")
        self._missing: dict[tuple[str, str, str], tuple[Store, dict[str, None]]] = {}
        self._asked: dict[PlaceId, dict[str, str]] = {}

    @cached_property
    def _found(self) -> tuple[Found, ...]:
        return tuple(self._all())

    def _all(self) -> Iterator[Found]:
        for resource in self.resources:
            store = store_of(resource, self._place(resource.kind, resource.namespace, resource.name))
            if store is not None:
                yield Found(store, resource.namespace, resource.path)
        for each in created(self.tree):
            store = Store(
                place=self._place(f"{each.kind} by hand", each.namespace, each.name),
                kind=each.kind,
                name=each.name,
                keys=each.keys,
                env_files=each.env_files,
                span=each.span,
            )
            yield Found(store, each.namespace, each.span.path, by_hand=True)

    def _place(self, kind: str, namespace: str, name: str) -> PlaceId:
        whole = f"{namespace}/{name}" if namespace else name
        return PlaceId(f"{self.deployment}:{kind} {discreet(whole)}")

    def find(self, kind: str, name: str, namespace: str, path: str) -> Store:
        """The store that a pod of `namespace` in the file `path` asks for by name.

        One that no file has may be in the cluster all the same. Of several, the one that lies nearest counts.
        """
        fitting = [
            found
            for found in self._found
            if (found.store.kind, found.store.name) == (kind, name)
            and (found.namespace == namespace or not found.namespace or not namespace)
        ]
        if fitting:
            return min(fitting, key=lambda found: _rank(found, namespace, path)).store
        elsewhere = [f for f in self._found if (f.store.kind, f.store.name) == (kind, name)]
        key = (kind, name, namespace)
        if key not in self._missing:
            place = self._place(kind, namespace, f"{name} (not in view)")
            why = f"{kind} {name} is not in the repository"
            if elsewhere:
                why = f"{kind} {name} is in the namespace {elsewhere[0].namespace}, and the pod is in {namespace}"
            self._missing[key] = Store(place=place, kind=kind, name=name, outside=why), {}
        return self._missing[key][0]

    def is_missing(self, store: Store) -> bool:
        """Whether no file and no document makes it."""
        return any(store is each for each, _ in self._missing.values())

    def ask(self, store: Store, key: str, name: str) -> None:
        """Remembers that a key becomes a variable."""
        self._asked.setdefault(store.place, {}).setdefault(key, name)

    def services(self, namespace: str) -> Iterator[Resource]:
        """The Services whose addresses the kubelet puts into pods of a namespace."""
        for resource in self.resources:
            if resource.kind == "Service" and resource.api == "v1" and resource.namespace == namespace:
                yield resource

    def set_by_hand(self, workload: str) -> Iterator[SetEnv]:
        return (each for each in settings(self.tree) if each.workload == workload)

    def facts(self) -> Iterator[Fact]:
        """Every store, once it is known what is asked of it."""
        yield Place(id=self.stores, kind="scope", title=f"what {self.deployment} keeps", deployment=self.deployment)
        for store in self._stores():
            yield from store.facts(self.deployment, self._asked.get(store.place, {}), self.desk)
            if store.kind == "Secret" and not self.is_missing(store):
                yield Hop(
                    source=store.place,
                    target=self.stores,
                    passage=Everything(),
                    via=store.title,
                    at=Position(Phase.HOST),
                    span=store.span,
                )

    def _stores(self) -> Iterator[Store]:
        seen: set[PlaceId] = set()
        for found in self._found:
            wanted = not found.by_hand or found.store.place in self._asked
            if wanted and found.store.place not in seen:
                seen.add(found.store.place)
                yield found.store
        for store, _ in self._missing.values():
            keys = self._asked.get(store.place, {})
            names = ", ".join(sorted(key for key in keys if key))
            why = f"{store.outside}: it must have {names}" if names else store.outside
            yield replace(store, outside=why)


def _rank(found: Found, namespace: str, path: str) -> tuple[bool, bool, int]:
    """Written before made by hand, of the very namespace, then the one that lies nearest to the pod's file."""
    mine, its = dirname(path), dirname(found.path)
    shared = (
        len(commonpath([mine, its]).split("/")) if mine and its and commonpath([f"/{mine}", f"/{its}"]) != "/" else 0
    )
    return found.by_hand, found.namespace != namespace, -2 * shared + len(its.split("/"))
