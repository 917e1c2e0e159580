"""What keyhop says a container gets, against what a real kubelet gave it (kubelet 1.20, kustomize 5.8, Helm 4.3)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kubernetes_world import Cluster, installed, read

from keyhop.catalogue import VarName
from keyhop.facts import PlaceId
from keyhop.readers.kubernetes import READER as KUBERNETES
from keyhop.readers.kustomize import READER as KUSTOMIZE
from keyhop.value import Verdict

CONTENT = VarName("@content")
CASES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data/hosts/k8s.json").read_text("utf-8"))
ENVIMG = {"KEY": "img", "IMGONLY": "1", "IMGONLY_PORT": "img"}
"""What the image of two cases sets."""
READERS = {"plain": KUBERNETES, "kustomize": KUSTOMIZE}


def told(name: str, root: Path) -> Cluster:
    case = CASES[name]
    if case["kind"] == "helm":
        return installed(root, case["files"], case["args"])
    image = ENVIMG if "localhost/kh/envimg:1" in case["files"]["app.yaml"] else {}
    return read(root, case["files"], READERS[case["kind"]], closed=True, image=image)


def started(name: str) -> dict[str, Any]:
    """The containers that came to run, by the name that keyhop gives them."""
    return {key: each for key, each in _containers(name).items() if "env" in each or "exit" in each}


def waiting(name: str) -> dict[str, Any]:
    return {key: each for key, each in _containers(name).items() if "waiting" in each}


def _containers(name: str) -> dict[str, Any]:
    found = CASES[name]["containers"]
    pods = [key.split("/")[1] for key in found]
    alone = {pod for pod in pods if pods.count(pod) == 1}
    return {
        pod if pod in alone else f"{pod}/{container}": each
        for (_, pod, container), each in ((key.split("/"), each) for key, each in found.items())
    }


@pytest.mark.parametrize("name", [n for n in CASES if started(n)])
def test_a_container_gets_what_the_kubelet_gave_it(name: str, tmp_path: Path):
    cluster = told(name, tmp_path)
    assert not cluster.refusals or waiting(name)
    for process, container in started(name).items():
        for variable in CASES[name]["watch"] if "env" in container else ():
            expected = container["env"].get(variable)
            seen = cluster.value(process, variable).seen
            made = expected is not None and not seen.mark and seen.usable
            assert made or cluster.agrees(seen, expected), (process, variable, seen, expected)


@pytest.mark.parametrize(
    "name", [n for n in CASES if not CASES[n]["applied"] or waiting(n) or not CASES[n]["rendered"]]
)
def test_what_kubernetes_refuses_is_never_passed_over(name: str, tmp_path: Path):
    cluster = told(name, tmp_path)
    lost = [
        cluster.topology.value(process, VarName(variable))
        for process in cluster.processes
        for variable in CASES[name]["watch"]
    ]
    assert cluster.refusals or any(value.verdict is Verdict.LOST for value in lost)


@pytest.mark.parametrize("name", [n for n in CASES if any("files" in each for each in started(n).values())])
def test_a_mounted_secret_is_the_file_that_the_container_has(name: str, tmp_path: Path):
    cluster = told(name, tmp_path)
    for process, container in started(name).items():
        for path, file in container["files"].items():
            value = cluster.topology.value(PlaceId(f"{cluster.process(process)}:{path}"), CONTENT)
            assert cluster.agrees(value.seen, file["content"]), path


def test_the_cases_are_those_of_the_corpus():
    assert len(CASES) == 53
