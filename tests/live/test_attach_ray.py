"""keyhop.attach(ray): tasks and actors without their key say so to the driver; with a store, crews run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from engines.programs import free_port, running
from live.hosts import ANSWER, plant, program, provider, shell, with_key
from live.leaks import CANARY, is_clean, leaking
from live.refusing import refusing

pytest.importorskip("ray", reason="Ray is not installed")

ENDED = ANSWER.removeprefix("Final Answer: ")
MAIN = """
    import json, os, sys
    import ray
    import keyhop

    stores = json.loads(os.environ["STORES"])
    keyhop.attach(ray, "openai", stores=stores)

    @ray.remote
    def work(topic):
        from crew import run
        return run(topic)

    @ray.remote(num_cpus=0)
    class Worker:
        def work(self, topic):
            from crew import run
            return run(topic)

        def ask(self):
            import openai
            openai.OpenAI(max_retries=0, base_url=os.environ.get("REFUSING")).models.list()

    def tried(call):
        try:
            return call()
        except Exception as error:
            cause = getattr(error, "cause", error)
            more = [getattr(cause, name, None) for name in ("status_code", "request_id")]
            return [type(cause).__name__, str(error), *more]

    if __name__ == "__main__":
        ray.init(**json.loads(os.environ["INIT"]))
        print(json.dumps([
            tried(lambda: ray.get(work.remote("a"))),
            tried(lambda: ray.get(Worker.remote().work.remote("b"))),
            tried(lambda: ray.get(Worker.remote().ask.remote())),
        ]))
"""


class Cluster(NamedTuple):
    address: str
    dashboard: str
    temp: Path


@pytest.fixture(scope="module")
def temp() -> Iterator[Path]:
    """A directory with a short name: Ray keeps sockets in it."""
    path = Path(tempfile.mkdtemp(prefix="kh"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def cluster(temp: Path) -> Iterator[Cluster]:
    """A cluster that somebody started in a shell without any key, with its dashboard."""
    port, dashboard, where = free_port(), free_port(), temp / "home"
    where.mkdir()
    flags = (
        "--include-dashboard=true",
        f"--dashboard-port={dashboard}",
        f"--dashboard-agent-listen-port={free_port()}",  # by default the same one for every cluster of a machine
        "--disable-usage-stats",
        "--num-cpus=2",
    )
    command = [program("ray"), "start", "--head", "--block", f"--port={port}", *flags, f"--temp-dir={temp}"]
    with running(command, where, shell(where, "", RAY_AUTH_MODE="disabled"), re.compile("Ray runtime started")):
        yield Cluster(f"127.0.0.1:{port}", f"http://127.0.0.1:{dashboard}", temp)


def ran(root: Path, url: str, init: dict[str, object], stores: list[object], **more: str) -> list[object]:
    environment = shell(root.parent, url, INIT=json.dumps(init), STORES=json.dumps(stores), **more)
    command = [sys.executable, "main.py"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=200)
    assert is_clean((done.stdout + done.stderr).encode())
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[object] = json.loads(done.stdout.splitlines()[-1])
    return found


def assert_refused(told: list[object]) -> None:
    for kind, said, *_ in told:  # type: ignore[misc]
        assert kind in ("MissingCredential", "ActorDiedError")
        assert "lacks a credential" in said
        assert "OPENAI_API_KEY does not reach" in said


def store(where: Path) -> list[object]:
    """Not below the working directory: Ray packs all of that and keeps it."""
    (where / "secrets").mkdir()
    (where / "secrets" / "openai_api_key").write_text(CANARY)
    return [{"kind": "files", "path": str(where / "secrets")}]


def test_in_a_cluster_of_its_own(tmp_path: Path, temp: Path) -> None:
    """Without a key the driver reads why; with one in its shell, which its own cluster inherits, crews run.

    A provider's error comes back whole.
    """
    root = plant(tmp_path / "project", main=MAIN)
    own = {"address": "local", "include_dashboard": False, "num_cpus": 2, "_temp_dir": str(temp)}
    with provider() as url, refusing() as elsewhere:
        assert_refused(ran(root, url, own, ["environment"]))
        answers = ran(root, url, own, ["environment"], OPENAI_API_KEY=CANARY, REFUSING=elsewhere)
    assert answers[:2] == [ENDED, ENDED]
    kind, said, *more = answers[2]  # type: ignore[misc]
    assert (kind, more) == ("AuthenticationError", [401, "req_0123456789"])
    assert "Incorrect API key provided" in said


def test_in_a_cluster_that_was_there_before(tmp_path: Path, cluster: Cluster) -> None:
    """The driver's key never reaches it; a store that its nodes can read does, and Ray keeps nothing of it."""
    root = plant(tmp_path / "project", main=MAIN)
    there: dict[str, object] = {"address": cluster.address, "runtime_env": {"working_dir": str(root)}}
    with provider() as url:
        there["runtime_env"]["env_vars"] = {"OPENAI_BASE_URL": url}  # type: ignore[index]
        assert_refused(ran(root, url, there, ["environment"], OPENAI_API_KEY=CANARY, RAY_AUTH_MODE="disabled"))
        answers = ran(root, url, there, store(tmp_path), RAY_AUTH_MODE="disabled")
    assert answers[:2] == [ENDED, ENDED]
    assert leaking(tmp_path) == ["secrets/openai_api_key"]
    assert leaking(cluster.temp) == []
    for path in ("api/jobs/", "api/v0/tasks?detail=true", "api/v0/actors?detail=true", "api/v0/runtime_envs"):
        assert is_clean(read(f"{cluster.dashboard}/{path}"))
    assert is_clean(kept(cluster, tmp_path))


def read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.status == 200
        found: bytes = answer.read()
        return found


def kept(cluster: Cluster, where: Path) -> bytes:
    """All that the cluster keeps of functions, classes and more in its key-value store."""
    code = f"""
import sys, ray
from ray.experimental.internal_kv import _internal_kv_get, _internal_kv_list
ray.init(address={cluster.address!r}, log_to_driver=False)
for space in (None, "fun", "cls", "job", "session", "tracing", "serve", "dashboard"):
    for name in _internal_kv_list("", namespace=space):
        sys.stdout.buffer.write(name + b"\\n" + (_internal_kv_get(name, namespace=space) or b"") + b"\\n")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=shell(where, "", RAY_AUTH_MODE="disabled"), capture_output=True, timeout=100
    )
    assert b"RemoteFunction" in done.stdout or b"main" in done.stdout, done.stderr[-2000:]
    return done.stdout


def submitted(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A job, once a node's agent is there to take it: until then Ray says "please try again later"."""
    for _ in range(20):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200)
        if "No available agent" not in done.stderr:
            break
        time.sleep(3)
    return done


def test_a_submitted_job(tmp_path: Path, cluster: Cluster) -> None:
    root = plant(tmp_path / "project", main=MAIN)
    with provider() as url:
        for stores, ended in ((["environment"], "lacks a credential"), (store(tmp_path), ENDED)):
            environment = {
                "env_vars": {"STORES": json.dumps(stores), "INIT": "{}", "OPENAI_BASE_URL": url},
                "working_dir": str(root),
            }
            flags = ("--address", cluster.dashboard, "--runtime-env-json", json.dumps(environment))
            command = [program("ray"), "job", "submit", *flags, "--", sys.executable, "main.py"]
            shell_ = with_key(shell(tmp_path, url, RAY_AUTH_MODE="disabled"))
            done = submitted(command, shell_)
            assert ended in done.stdout, (done.stdout + done.stderr)[-3000:]
            assert is_clean((done.stdout + done.stderr).encode())
    assert is_clean(read(f"{cluster.dashboard}/api/jobs/"))
