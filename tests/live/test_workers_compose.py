"""keyhop workers --compose: containers of a real engine are asked from inside, or read from outside."""

from __future__ import annotations

import json
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
from live.rolled import OTHER, accepting, rolled, shows_nothing
from testbed.compose_program import docker_compose
from testbed.docker_engine import IMAGE, NoEngine, docker_engine

pytestmark = pytest.mark.skipif(docker_compose() is None, reason="docker-compose is not installed")

GUARDED = """
    import time
    import keyhop

    @keyhop.attach("openai")
    def work():
        print("has begun", flush=True)
        time.sleep(600)

    work()
"""
NEEDING = """
    import time

    def work():
        from crewai import LLM
        LLM("openai/gpt-4o-mini").call("hello")

    time.sleep(600)
    work()
"""
BARE = sys._base_executable  # type: ignore[attr-defined]
"""A Python that has no keyhop."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    try:
        with docker_engine(tmp_path_factory.mktemp("engine")) as client:
            yield client
    except NoEngine as reason:
        pytest.skip(str(reason))


def composed(root: Path, services: dict[str, dict[str, Any]]) -> None:
    """Services that have this machine's Pythons. They share /app, where, having no /tmp, they put their sockets."""
    here = {sys.prefix, sys.base_prefix, str(Path(keyhop.__file__).parents[1]), "/usr", "/lib", "/lib64"}
    volumes = [*(f"{path}:{path}:ro" for path in sorted(here) if Path(path).exists()), ".:/app"]
    usual = {
        "image": IMAGE,
        "network_mode": "host",
        "working_dir": "/app",
        "volumes": volumes,
        "stop_grace_period": "1s",
    }
    text = json.dumps({"services": {name: {**usual, **more} for name, more in services.items()}})
    (root / "compose.yaml").write_text(text)


def test_every_container_of_a_project(engine: dict[str, str], tmp_path: Path):
    root = plant(tmp_path / "project", main=GUARDED)
    compose = [str(docker_compose()), "--project-name", "called"]
    with accepting(CANARY) as gate:
        own = {name: value for name, value in shell(Path("/app"), f"{gate.url}/v1").items() if name != "PATH"}
        python, sleep = [sys.executable, "main.py"], "import time; print('has begun', flush=True); time.sleep(600)"
        key, other = ({**own, "OPENAI_API_KEY": each} for each in (CANARY, OTHER))
        composed(root, {
            "worker": {"command": python, "environment": key, "scale": 2},
            "plain": {"command": [BARE, "-c", sleep], "environment": other},
            "late": {"command": [BARE, "-c", sleep], "environment": own},
            "paused": {"command": python, "environment": key},
            "lacking": {"command": python, "environment": own},
            "broker": {"command": ["sleep", "600"], "environment": own},
        })  # fmt: skip
        client = {**engine, "COMPOSE_PROJECT_NAME": "called", "PATH": f"{Path(compose[0]).parent}:{engine['PATH']}"}
        try:
            subprocess.run([*compose, "up", "-d"], cwd=root, env=engine, check=True, capture_output=True, timeout=100)
            wait(compose, root, engine)
            subprocess.run([*compose, "pause", "paused"], cwd=root, env=engine, check=True, capture_output=True)
            found = rolled(root, client, "--compose", ".", "--live", "--allow-host", "127.0.0.1", timeout=200)
            asked = rolled(root, client, "--compose", "compose.yaml#late", "--require", "openai", timeout=100)
            broker = rolled(root, client, "--compose", "compose.yaml#broker", "--require", "openai", timeout=100)
        finally:
            subprocess.run([*compose, "kill"], cwd=root, env=engine, capture_output=True, timeout=60)
            subprocess.run([*compose, "down"], cwd=root, env=engine, capture_output=True, timeout=60)

    roles = {each["id"].removeprefix("compose:compose.yaml#"): each for each in found.report["roles"]}
    assert set(roles) == {"worker", "plain", "late", "paused", "lacking"}
    workers = roles["worker"]["workers"]
    assert [each["worker"] for each in workers] == ["called-worker-1", "called-worker-2"]
    assert [told(each) for each in workers] == [("present", "A", "accepted")] * 2
    assert not any(each["started_with"] for each in workers)
    (plain,) = roles["plain"]["workers"]
    assert (told(plain), plain["started_with"]) == (("present", "A", None), True)
    assert "what they were started with" in roles["plain"]["remark"]
    assert roles["late"]["workers"][0]["credentials"] == {}
    assert silent(roles["paused"]) == ["it is paused"]
    assert silent(roles["lacking"]) == ["it has ended with status 1"]
    assert found.status == 0

    (late,) = asked.role["workers"]
    assert (told(late)[0], asked.status) == ("unknown", 0), "it may load a key later"
    assert told(broker.role["workers"][0])[0] == "unknown"
    for path in root.rglob("*"):
        assert not path.is_file() or path.name == "compose.yaml" or shows_nothing(path.read_bytes())


def test_the_hop_is_named_where_one_service_has_a_key_and_its_sibling_has_not(engine: dict[str, str], tmp_path: Path):
    root = plant(tmp_path / "project", main=NEEDING)
    (root / ".env").write_text(f"OPENAI_API_KEY={CANARY}\n")
    command = [BARE, "main.py"]
    composed(root, {
        "web": {"command": command, "environment": {"OPENAI_API_KEY": "${OPENAI_API_KEY}"}},
        "worker": {"command": command, "environment": {"OPENAI_API_KEY": ""}},
    })  # fmt: skip
    compose = [str(docker_compose()), "--project-name", "hops"]
    client = {**engine, "COMPOSE_PROJECT_NAME": "hops", "PATH": f"{Path(compose[0]).parent}:{engine['PATH']}"}
    try:
        subprocess.run([*compose, "up", "-d"], cwd=root, env=engine, check=True, capture_output=True, timeout=100)
        found = rolled(root, client, "--compose", ".", "--project", ".", timeout=100)
    finally:
        subprocess.run([*compose, "kill"], cwd=root, env=engine, capture_output=True, timeout=60)
        subprocess.run([*compose, "down"], cwd=root, env=engine, capture_output=True, timeout=60)
    (hop,) = found.report["explained"]
    assert (hop["process"], hop["name"], hop["predicted"]) == (
        "compose:compose.yaml#worker",
        "OPENAI_API_KEY",
        "lost",
    )
    assert hop["path"] == "compose.yaml"
    assert "OPENAI_API_KEY" in hop["says"]
    assert "empty" in hop["says"]
    (beside,) = hop["beside"]
    assert beside.startswith("service web has it, from .env (.env:1), by ")
    assert hop["says"] in found.text
    assert beside in found.text


def told(worker: dict[str, Any]) -> tuple[Any, ...]:
    cell = worker["credentials"]["OPENAI_API_KEY"]
    return cell["state"], cell["key"], cell["verdict"]


def silent(role: dict[str, Any]) -> list[str]:
    assert role["workers"] == []
    return [each["why"] for each in role["no_answer"]]


def wait(compose: list[str], root: Path, engine: dict[str, str]) -> None:
    """Until five containers have begun, and one has ended."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        done = subprocess.run([*compose, "logs"], cwd=root, env=engine, capture_output=True, text=True, timeout=60)
        if done.stdout.count("has begun") >= 5 and "lacks a credential" in done.stdout + done.stderr:
            return
        time.sleep(0.3)
    raise AssertionError(done.stdout[-3000:] + done.stderr[-2000:])


def test_a_project_that_is_not_there_is_said(engine: dict[str, str], tmp_path: Path):
    command = [sys.executable, "-m", "keyhop", "workers", "--compose", "compose.yaml"]
    done = subprocess.run(command, cwd=tmp_path, env=engine, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "there is no Compose file" in done.stderr) == (2, True)
