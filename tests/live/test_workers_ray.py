"""keyhop workers --ray: the guarded workers of every node, what a new one would see, and nodes that do not answer."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from engines.programs import free_port, running
from live.hosts import plant, program, shell
from live.leaks import CANARY
from live.rolled import OTHER, Rolled, accepting, rolled, shows_nothing

pytest.importorskip("ray", reason="Ray is not installed")

MAIN = """
    import os, sys
    import ray
    import keyhop
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    keyhop.attach(ray, "openai", stores=["environment"])

    @ray.remote(num_cpus=0)
    class Worker:
        def ready(self):
            return os.getpid()

    ray.init(address=os.environ["CLUSTER"], log_to_driver=False)
    nodes = [node["NodeID"] for node in ray.nodes() if node["Alive"]]
    strategies = [NodeAffinitySchedulingStrategy(node, soft=False) for node in nodes]
    workers = [Worker.options(scheduling_strategy=each).remote() for each in strategies]
    ray.get([worker.ready.remote() for worker in workers])
    print("all begun", flush=True)
    sys.stdin.read()
"""
STARTED = re.compile("Ray runtime started")


@pytest.fixture
def temp() -> Iterator[Path]:
    """A directory with a short name: Ray keeps sockets in it, and guarded workers theirs."""
    path = Path(tempfile.mkdtemp(prefix="kh"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def cluster(temp: Path, *nodes: dict[str, str]) -> Iterator[str]:
    """Nodes on this machine, each started from a shell of its own, the first as the head."""
    port = free_port()
    address = f"127.0.0.1:{port}"
    with ExitStack() as stack:
        for number, environment in enumerate(nodes):
            role = [f"--address={address}"] if number else ["--head", f"--port={port}", "--include-dashboard=false"]
            command = [program("ray"), "start", *role, "--block", "--num-cpus=2", "--disable-usage-stats"]
            if not number:
                command.append(f"--temp-dir={temp}")
            stack.enter_context(running(command, temp, environment, STARTED))
        yield address


def called(root: Path, environment: dict[str, str], address: str, *more: str) -> Rolled:
    return rolled(root, environment, "--ray", address, *more, timeout=120)


def keys(role: dict[str, Any]) -> list[str | None]:
    return sorted(each["credentials"]["OPENAI_API_KEY"]["key"] or "none" for each in role["workers"])


def test_every_node_and_every_actor_says_what_it_has_and_a_stopped_node_is_silent(tmp_path: Path, temp: Path):
    root = plant(tmp_path / "project", main=MAIN)
    with accepting(CANARY, OTHER) as gate, ExitStack() as stack:
        bare = {**shell(temp, f"{gate.url}/v1", RAY_AUTH_MODE="disabled"), "TMPDIR": str(temp)}
        one, two = ({**bare, "OPENAI_API_KEY": key} for key in (CANARY, OTHER))
        address = stack.enter_context(cluster(temp, one, two))

        idle = called(root, bare, address, "--require", "openai")
        guarded, new = idle.report["roles"]
        assert guarded["workers"] == []
        assert "no guarded worker is alive" in idle.text
        assert (idle.status, new["counts"], keys(new)) == (1, True, ["A", "B"])

        command = [sys.executable, "main.py"]
        driver = subprocess.Popen(
            command, cwd=root, env={**bare, "CLUSTER": address}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        stack.callback(driver.wait, 60)
        stack.callback(driver.stdin.close)  # type: ignore[union-attr]
        assert driver.stdout is not None
        assert driver.stdout.readline() == b"all begun\n"

        gate.asked.clear()
        found = called(root, bare, address, "--live", "--allow-host", "127.0.0.1")
        guarded, new = found.report["roles"]
        assert (found.status, keys(guarded), keys(new)) == (1, ["A", "B"], ["A", "B"])
        assert [each["worker"].partition(" ")[2] for each in guarded["workers"]] == ["ray::Worker", "ray::Worker"]
        assert {each["credentials"]["OPENAI_API_KEY"]["verdict"] for each in guarded["workers"]} == {"accepted"}
        assert guarded["no_answer"] == []
        assert not new["counts"]
        for key in (CANARY, OTHER):  # once for text and once for JSON
            assert sum(asked.headers.get("authorization") == f"Bearer {key}" for asked in gate.asked) == 2

        (second,) = (pid for pid, words in raylets(address) if "--head" not in words)
        os.kill(second, signal.SIGSTOP)
        try:
            cut = called(root, bare, address, "--timeout", "1")
        finally:
            os.kill(second, signal.SIGCONT)
        guarded = cut.report["roles"][0]
        assert (cut.status, keys(guarded)) == (0, ["A"])
        assert [each["why"] for each in guarded["no_answer"]] == ["no answer: busy, or cut off"]
    for path in temp.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert shows_nothing(path.read_bytes()), path


def raylets(address: str) -> Iterator[tuple[int, str]]:
    """Process ids and command lines of the raylets of that cluster, which know it by another name of this host."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        words = path.read_bytes().replace(b"\0", b" ").decode() if path.exists() else ""
        if words.partition(" ")[0].endswith("/raylet") and address.partition(":")[2] in words:
            yield int(path.parent.name), words


def test_a_cluster_that_is_not_there_is_said_at_once(tmp_path: Path, temp: Path):
    environment = shell(temp, "", RAY_AUTH_MODE="disabled")
    command = [sys.executable, "-m", "keyhop", "workers", "--ray", f"127.0.0.1:{free_port()}"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "nobody listens at" in done.stderr) == (2, True), done.stderr
