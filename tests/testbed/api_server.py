"""As much of Kubernetes' API on this machine as ``kubectl get`` asks for, and a ``kubectl`` whose exec is docker's.

The real kubectl reads objects from here. There is no cluster: a pod is a container of a Docker Engine, of its name.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from testbed.loopback import Asked, Says, serving

_RESOURCES = {"v1": ("pods", "Pod"), "apps/v1": ("deployments", "Deployment")}
KUBECTL = """\
#!{python}
import os, sys
words = sys.argv[1:]
if "exec" in words:
    own, program = words[: words.index("--")], words[words.index("--") + 1 :]
    container = own[own.index("exec") + 2]
    os.execv({docker!r}, [{docker!r}, "exec", "-i", container, *program])
os.execv({kubectl!r}, [{kubectl!r}, "--server", {server!r}, *words])
"""


@contextmanager
def cluster(directory: Path, deployment: Mapping[str, Any], pods: list[Mapping[str, Any]]) -> Iterator[list[Asked]]:
    """A ``kubectl`` in `directory`; yields what the real one asks for."""

    def says(asked: Asked) -> Says:
        url = urlsplit(asked.path)
        found = _answer(url.path, deployment, pods, parse_qs(url.query).get("labelSelector", [""])[0])
        if found is None:
            return Says(404, json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404}))
        return Says(200, json.dumps(found))

    with serving(says) as heard:
        script = directory / "kubectl"
        text = KUBECTL.format(
            python=sys.executable,
            docker=shutil.which("docker"),
            kubectl=str(Path(sys.executable).parent / "kubectl"),
            server=heard.url,
        )
        script.write_text(text)
        script.chmod(0o755)
        yield heard.asked


def _answer(path: str, deployment: Mapping[str, Any], pods: list[Mapping[str, Any]], selector: str) -> Any:
    namespace = "/namespaces/default"
    match path:
        case "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        case "/apis":
            versions = [{"groupVersion": "apps/v1", "version": "v1"}]
            group = {"name": "apps", "versions": versions, "preferredVersion": versions[0]}
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [group]}
        case "/api/v1" | "/apis/apps/v1":
            version = path.removeprefix("/api/").removeprefix("/apis/")
            name, kind = _RESOURCES[version]
            verbs = ["get", "list"]
            listed = [{"name": name, "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": verbs}]
            return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": listed}
        case _ if path == f"/apis/apps/v1{namespace}/deployments/{deployment['metadata']['name']}":
            return deployment
        case _ if path == f"/api/v1{namespace}/pods":
            wanted = dict(part.split("=") for part in selector.split(","))
            found = [each for each in pods if wanted.items() <= each["metadata"]["labels"].items()]
            return {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": found}
    return None
