"""The containers that an object starts."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.kubernetes.resource import Resource
from keyhop.records import dataclass
from keyhop.text.yaml import Mapping, Node, Sequence
from keyhop.text.yaml_nodes import inside, items, mapping, text_of

_LISTS = ("initContainers", "containers")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Container:
    """One container of one pod template."""

    workload: Resource
    pod: Mapping
    """The ``spec`` of the pod."""
    node: Mapping
    name: str
    group: str = ""
    """Of an object with several pod templates, which of them: ``workers`` of a RayCluster."""
    alone: bool = True
    """No other container is in the workload."""
    init: bool = False
    """It ends before the containers of the pod begin, and holds them up where it does not start."""

    @property
    def id(self) -> str:
        """Its name in its file: ``api``, or ``api/worker`` where the workload has several."""
        parts = [self.workload.name, self.group]
        return "/".join(part for part in (*parts, "" if self.alone else self.name) if part)

    @property
    def title(self) -> str:
        whole = " ".join(part for part in (self.workload.kind.lower(), self.workload.name, self.group) if part)
        if self.alone:
            return whole
        return f"{'init container' if self.init else 'container'} {self.name} of {whole}"


def containers(workload: Resource) -> Iterator[Container]:
    """Every container of an object, init containers first."""
    for pod, group in _pods(workload):
        found = [(each, key) for key in _LISTS for each in map(mapping, items(pod.get(key))) if each]
        for node, key in found:
            yield Container(
                workload=workload,
                pod=pod,
                node=node,
                name=text_of(node.get("name")),
                group=group,
                alone=len(found) == 1,
                init=key == "initContainers" and text_of(node.get("restartPolicy")) != "Always",
            )


def is_workload(resource: Resource) -> bool:
    return any(True for _ in _pods(resource))


def _pods(resource: Resource) -> Iterator[tuple[Mapping, str]]:
    """The pod specs of an object: a Pod's own, else those under ``template:``, whatever the object's kind."""
    spec = mapping(resource.node.get("spec"))
    if resource.kind == "Pod":
        if spec is not None:
            yield spec, ""
        return
    found = list(_templates(spec, "")) if spec is not None else []
    for pod, group in found:
        yield pod, group if len(found) > 1 else ""


def _templates(node: Node, group: str) -> Iterator[tuple[Mapping, str]]:
    if isinstance(node, Mapping):
        pod = mapping(inside(node, "template", "spec"))
        if pod is not None and isinstance(pod.get("containers"), Sequence):
            yield pod, text_of(node.get("groupName")) or group
            return
        for entry in node.entries:
            yield from _templates(entry.value, entry.key.text.removesuffix("Spec").removesuffix("Group"))
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _templates(item, group)
