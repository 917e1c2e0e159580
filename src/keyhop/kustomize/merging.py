"""Patches of objects: strategic merge as kustomize 5.8 does it, and JSON 6902."""

from __future__ import annotations

from dataclasses import replace

from keyhop.text.yaml import Entry, Mapping, Node, Scalar, Sequence
from keyhop.text.yaml_nodes import inside, mapping, text_of

_MERGE_KEYS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "ports": ("containerPort", "port"),
    "hostAliases": ("ip",),
}
"""Lists whose items are merged by a key; all others are replaced."""
CORE = frozenset(
    {"Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"}
    | {"PodTemplate", "Service", "ConfigMap", "Secret"}
)
"""Kinds whose lists and references kustomize knows."""


class Unpatchable(ValueError):
    """The patch does not fit; kustomize stops."""


def merged(original: Mapping, patch: Mapping, *, core: bool) -> Mapping | None:
    """The object with a strategic merge patch over it; None where the patch deletes it.

    Args:
        core: its lists have merge keys, as those of Kubernetes' own kinds do.
    """
    match text_of(patch.get("$patch")):
        case "delete":
            return None
        case "replace":
            return replace(patch, entries=tuple(e for e in patch.entries if e.key.text != "$patch"))
    entries = {entry.key.text: entry for entry in original.entries}
    for entry in patch.entries:
        key = entry.key.text
        if key.startswith("$"):
            continue
        old = entries.get(key)
        if _is_null(entry.value):
            entries.pop(key, None)
        elif old is None:
            entries[key] = entry
        else:
            value = _merged_value(key, old.value, entry.value, core)
            if value is None:
                entries.pop(key, None)
            else:
                entries[key] = Entry(key=old.key, value=value)
    return replace(original, entries=tuple(entries.values()))


def _merged_value(key: str, old: Node, new: Node, core: bool) -> Node | None:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return merged(old, new, core=core)
    if isinstance(old, Sequence) and isinstance(new, Sequence) and core:
        by = next(
            (
                k
                for k in _MERGE_KEYS.get(key, ())
                if all(inside(i, k) is not None for i in new.items if not _says_patch(i))
            ),
            None,
        )
        if by is not None:
            return _merged_list(old, new, by)
    return new


def _merged_list(old: Sequence, new: Sequence, by: str) -> Sequence:
    """Items of the same key are merged in place; new ones come before those of the original."""
    if any(text_of(inside(item, "$patch")) == "replace" for item in new.items):
        return replace(new, items=tuple(i for i in new.items if not _says_patch(i)))
    patches = {text_of(inside(item, by)): item for item in new.items}
    found: list[Node] = []
    for item in old.items:
        patch = patches.pop(text_of(inside(item, by)), None)
        both = mapping(item), mapping(patch)
        if patch is None or both[0] is None or both[1] is None:
            found.append(item)
            continue
        result = merged(both[0], both[1], core=True)
        if result is not None:
            found.append(result)
    added = [item for item in patches.values() if text_of(inside(item, "$patch")) != "delete"]
    return replace(old, items=(*added, *found))


def _says_patch(item: Node) -> bool:
    return inside(item, "$patch") is not None


def patched(node: Node, operations: Sequence) -> Node:
    """The object after the operations of a JSON 6902 patch.

    Raises:
        Unpatchable: a path leads nowhere.
    """
    for operation in operations.items:
        op, path = text_of(inside(operation, "op")), text_of(inside(operation, "path"))
        value = inside(operation, "value")
        if op in ("copy", "move"):
            source = _tokens(text_of(inside(operation, "from")))
            value = _at(node, source)
            if op == "move":
                node = _changed(node, source, "remove", None)
            op = "add"
        if op in ("add", "replace", "remove"):
            node = _changed(node, _tokens(path), op, value)
    return node


def _tokens(path: str) -> list[str]:
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


def _at(node: Node, tokens: list[str]) -> Node:
    for token in tokens:
        found = _child(node, token)
        if found is None:
            raise Unpatchable("a patch names a path that is not there")
        node = found
    return node


def _child(node: Node, token: str) -> Node | None:
    if isinstance(node, Mapping):
        return node.get(token)
    if isinstance(node, Sequence) and token.isdigit() and int(token) < len(node.items):
        return node.items[int(token)]
    return None


def _changed(node: Node, tokens: list[str], op: str, value: Node | None) -> Node:
    if not tokens:
        return value or node
    token, *rest = tokens
    if rest:
        child = _child(node, token)
        if child is None:
            raise Unpatchable("a patch names a path that is not there")
        value, op = _changed(child, rest, op, value), "replace"
    if isinstance(node, Mapping):
        return _set(node, token, None if op == "remove" else value)
    if isinstance(node, Sequence):
        items = list(node.items)
        at = len(items) if token == "-" else int(token) if token.isdigit() else -1
        if at < 0 or at > len(items) or (at == len(items) and op != "add"):
            raise Unpatchable("a patch names an item that is not there")
        if op != "add":
            del items[at]
        if op != "remove" and value is not None:
            items.insert(at, value)
        return replace(node, items=tuple(items))
    raise Unpatchable("a patch names a path that is not there")


def _set(node: Mapping, key: str, value: Node | None) -> Mapping:
    entries = {entry.key.text: entry for entry in node.entries}
    old = entries.get(key)
    if value is None:
        entries.pop(key, None)
    elif old is not None:
        entries[key] = Entry(key=old.key, value=value)
    else:
        entries[key] = Entry(key=made_scalar(key, value), value=value)
    return replace(node, entries=tuple(entries.values()))


def made_scalar(text: str, at: Node) -> Scalar:
    """A text that no file has as it is; it stands where `at` stands."""
    from keyhop.text.sealed import Sealed

    return Scalar(span=at.span, sealed=Sealed(text), plain=False)


def with_value(node: Mapping, key: str, value: Node) -> Mapping:
    """The mapping with one key set."""
    return _set(node, key, value)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")
