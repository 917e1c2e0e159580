"""keyhop workers --kubernetes: the real kubectl reads workloads from a server of the tests; its exec is docker's.

No cluster runs here. What is shown is how a workload leads to pods, and what is asked and read in their containers.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import keyhop
from live.hosts import plant, shell
from live.leaks import CANARY
from live.rolled import OTHER, rolled
from live.test_workers_compose import BARE, GUARDED, told
from testbed.api_server import cluster
from testbed.docker_engine import IMAGE, NoEngine, docker_engine

LABELS = {"app": "crew", "tier": "worker"}
DEPLOYMENT = {
    "kind": "Deployment",
    "apiVersion": "apps/v1",
    "metadata": {"name": "worker", "namespace": "default"},
    "spec": {"selector": {"matchLabels": LABELS}},
}
WAITING = {"waiting": {"reason": "CrashLoopBackOff"}}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    try:
        with docker_engine(tmp_path_factory.mktemp("engine")) as client:
            yield client
    except NoEngine as reason:
        pytest.skip(str(reason))


def pod(name: str, state: dict[str, Any], labels: dict[str, str] = LABELS, **status: Any) -> dict[str, Any]:
    status = {"phase": "Running", "containerStatuses": [{"name": "app", "state": state, **status}]}
    about = {"name": name, "namespace": "default", "labels": labels}
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": about,
        "spec": {"containers": [{"name": "app"}]},
        "status": status,
    }


def started(root: Path, engine: dict[str, str], name: str, command: list[str], **environment: str) -> None:
    here = {sys.prefix, sys.base_prefix, str(Path(keyhop.__file__).parents[1]), "/usr", "/lib", "/lib64"}
    mounts = [word for path in sorted(here) if Path(path).exists() for word in ("-v", f"{path}:{path}:ro")]
    own = [word for pair in environment.items() for word in ("-e", "=".join(pair))]
    words = ["docker", "run", "-d", "--rm", "--name", name, "--network", "host", "--tmpfs", "/tmp", "-w", "/app"]
    subprocess.run(
        [*words, "-v", f"{root}:/app:ro", *mounts, *own, IMAGE, *command],
        env=engine, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if b"has begun" in subprocess.run(["docker", "logs", name], env=engine, capture_output=True).stdout:
            return
        time.sleep(0.2)
    raise AssertionError(f"{name} does not begin")


def test_the_pods_of_a_deployment(engine: dict[str, str], tmp_path: Path):
    root = plant(tmp_path / "project", main=GUARDED)
    own = {name: value for name, value in shell(Path("/tmp"), "http://127.0.0.1:9/v1").items() if name != "PATH"}
    running: dict[str, Any] = {"running": {}}
    pods = [
        pod("worker-1", running),
        pod("worker-2", running),
        pod("worker-3", running),
        pod("worker-4", WAITING, lastState={"terminated": {"exitCode": 78}}),
        pod("web-1", running, {"app": "crew", "tier": "web"}),
    ]
    names = ["worker-1", "worker-2", "worker-3"]
    sleep = "import time; print('has begun', flush=True); time.sleep(600)"
    try:
        started(root, engine, names[0], [sys.executable, "main.py"], **own, OPENAI_API_KEY=CANARY)
        started(root, engine, names[1], [sys.executable, "main.py"], **own, OPENAI_API_KEY=OTHER)
        started(root, engine, names[2], [BARE, "-c", sleep], **own, OPENAI_API_KEY=CANARY)
        client = {**engine, "PATH": f"{tmp_path}:{engine['PATH']}"}
        with cluster(tmp_path, DEPLOYMENT, pods) as asked:
            found = rolled(root, client, "--kubernetes", "deployment/worker", timeout=120)
    finally:
        subprocess.run(["docker", "kill", *names], env=engine, capture_output=True, timeout=60)
    assert found.role["id"] == "kubernetes:default/deployment/worker#app"
    workers = {each["worker"]: each for each in found.role["workers"]}
    assert {name: told(each)[:2] for name, each in workers.items()} == {
        "worker-1": ("present", "A"),
        "worker-2": ("present", "B"),
        "worker-3": ("present", "A"),
    }
    assert [each["started_with"] for each in workers.values()] == [False, False, True]
    assert found.silent == {"worker-4": "it waits: CrashLoopBackOff; it has ended with status 78"}
    assert (found.status, "2 different keys" in found.text) == (1, True)
    assert any("labelSelector=app%3Dcrew%2Ctier%3Dworker" in each.path for each in asked)


@pytest.mark.parametrize("word", ["worker", "a/b/c/d", "deployment/nobody"])
def test_what_is_no_workload_is_said(word: str, tmp_path: Path):
    with cluster(tmp_path, DEPLOYMENT, []):
        command = [sys.executable, "-m", "keyhop", "workers", "--kubernetes", word]
        environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "is no workload" in done.stderr or "kubectl does not tell" in done.stderr
