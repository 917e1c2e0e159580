"""A workload of Kubernetes: the containers of its pods are asked from inside, through ``kubectl exec``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from keyhop.errors import UsageError
from keyhop.live.live import Calling, Roster
from keyhop.roll import Called

if TYPE_CHECKING:
    from keyhop.inside import Container

_IN_PROJECTS = ("k8s", "kustomize", "helm")
"""How ids of processes begin that a project's files start on a cluster."""


def _call(calling: Calling) -> Iterator[Called]:
    from keyhop.inside import call_inside  # a worker that is guarded imports this module, and calls no roll

    namespace, kind, name = (["", "", "", *calling.target.split("/")])[-3:]
    if not kind or not name or calling.target.count("/") > 2:
        raise UsageError(
            f"{calling.target} is no workload", help="Name it so: deployment/worker, or crews/job/batch."
        )
    program = shutil.which("kubectl")
    if program is None:
        raise UsageError("kubectl is not installed")
    words = (program, *(("--namespace", namespace) if namespace else ()))
    workload = _got(words, f"{kind}/{name}")
    pods: list[Mapping[str, Any]] = (
        [workload] if workload.get("kind") == "Pod" else _pods(words, workload, calling.target)
    )
    yield from call_inside(list(_containers(words, workload, pods)), calling, named=False)


def _pods(words: tuple[str, ...], workload: Mapping[str, Any], target: str) -> list[Mapping[str, Any]]:
    selector = _selector(workload.get("spec", {}).get("selector"))
    if not selector:
        raise UsageError(
            f"{target} selects no pods", help="Name what starts the pods: a Deployment, StatefulSet, Job."
        )
    found = _got(words, "pods", "--selector", selector).get("items", ())
    return [each for each in found if "deletionTimestamp" not in each["metadata"]]


def _selector(selector: Any) -> str:
    """As ``--selector`` takes it; that of a ReplicationController is its labels alone."""
    if not isinstance(selector, dict):
        return ""
    labels = selector.get("matchLabels", {}) if {"matchLabels", "matchExpressions"} & selector.keys() else selector
    parts = [f"{name}={value}" for name, value in labels.items()]
    for each in selector.get("matchExpressions", ()):
        key, values = each["key"], f"({','.join(each.get('values', ()))})"
        match each["operator"]:
            case "In":
                parts.append(f"{key} in {values}")
            case "NotIn":
                parts.append(f"{key} notin {values}")
            case "Exists":
                parts.append(key)
            case "DoesNotExist":
                parts.append(f"!{key}")
    return ",".join(parts)


def _containers(
    words: tuple[str, ...], workload: Mapping[str, Any], pods: list[Mapping[str, Any]]
) -> Iterator[Container]:
    from keyhop.inside import Container

    kind, about = str(workload["kind"]).lower(), workload["metadata"]
    for pod in pods:
        title = pod["metadata"]["name"]
        states = {each["name"]: each for each in pod.get("status", {}).get("containerStatuses", ())}
        several = len(pod["spec"]["containers"]) > 1
        for each in pod["spec"]["containers"]:
            own = each["name"]
            yield Container(
                role=f"kubernetes:{about.get('namespace', 'default')}/{kind}/{about['name']}#{own}",
                title=f"{kind} {about['name']}" + (f", container {own}" if several else ""),
                name=f"{title}/{own}" if several else title,
                words=(*words, "exec", "--stdin", title, "--container", own, "--"),
                state=_state(states.get(own), pod.get("status", {})),
                process=tuple(f"{head}:*#{about['name']}{end}" for head in _IN_PROJECTS for end in ("", f"/{own}")),
            )


def _state(status: Mapping[str, Any] | None, of_pod: Mapping[str, Any]) -> str:
    if status is None:
        return f"its pod is {of_pod.get('phase', 'not known')}"
    now = status.get("state", {})
    if "running" in now:
        return ""
    ended = now.get("terminated") or status.get("lastState", {}).get("terminated")
    told = [f"it waits: {now['waiting'].get('reason', '')}"] if "waiting" in now else []
    told += [f"it has ended with status {ended.get('exitCode')}"] if ended else []
    return "; ".join(told) or "it does not run"


def _got(words: tuple[str, ...], *what: str) -> dict[str, Any]:
    """What the cluster says of it.

    Raises:
        UsageError: it says nothing; what kubectl printed is kept back, as it may quote values.
    """
    from keyhop.inside import printed

    command = (*words, "get", *what, "--output", "json")
    try:
        found = json.loads(printed(command) or b"")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UsageError(f"kubectl does not tell of {' '.join(what)}", help=f"See: {' '.join(command[:-2])}")
    return found


ROSTER = Roster(
    id="kubernetes",
    title="Kubernetes",
    metavar="[NAMESPACE/]KIND/NAME",
    help="pods of this workload, through kubectl",
    call=_call,
)
