"""keyhop.attach(app) in a container: what Compose does not hand over is told where its user looks, and at once."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import keyhop
from engines.brokers import broker, dump, needs_broker
from engines.programs import wait_for
from live.hosts import ANSWER, plant, program, provider, shell
from live.leaks import CANARY, is_clean, leaking
from testbed.compose_program import docker_compose
from testbed.docker_engine import IMAGE, NoEngine, docker_engine

pytest.importorskip("celery", reason="Celery is not installed")

COMPOSE = """\
services:
  worker:
    image: {image}
    network_mode: host
    working_dir: /app
    command: ["{python}", "-m", "celery", "-A", "tasks", "worker", "-c1", "-linfo"]
    environment: {environment}
    volumes: {volumes}
{more}"""
SECRET = """\
    secrets: [openai_api_key]
secrets:
  openai_api_key: {file: ./openai_api_key}
"""
TASKS = """
    import os
    from celery import Celery
    import keyhop
    from crew import run

    app = Celery("tasks", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
    keyhop.attach(app, "openai")

    @app.task(name="crew")
    def crew(topic):
        return run(topic)
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    try:
        with docker_engine(tmp_path_factory.mktemp("engine")) as client:
            yield client
    except NoEngine as reason:
        pytest.skip(str(reason))


def composed(root: Path, more: str, **environment: str) -> None:
    """A service that has this machine's Python, and of its variables none but `environment`."""
    here = {sys.prefix, sys.base_prefix, str(Path(keyhop.__file__).parents[1]), "/usr", "/lib", "/lib64"}
    volumes = [f"{path}:{path}:ro" for path in sorted(here) if Path(path).exists()]
    text = COMPOSE.format(
        image=IMAGE, python=sys.executable, environment=environment, volumes=[*volumes, f"{root}:/app"], more=more
    )
    (root / "compose.yaml").write_text(text.replace("'", '"'))


@needs_broker
@pytest.mark.skipif(docker_compose() is None, reason="docker-compose is not installed")
def test_a_service_without_its_key_ends_and_one_with_a_secret_runs_crews(engine: dict[str, str], tmp_path: Path):
    root = plant(tmp_path / "project", tasks=TASKS)
    compose = [str(docker_compose()), "--project-name", "guarded"]
    with provider() as url, broker(tmp_path) as address:
        own = {k: v for k, v in shell(Path("/tmp"), url, BROKER=address).items() if k != "PATH"}
        composed(root, "", **own)
        up = [*compose, "up", "--exit-code-from", "worker"]
        done = subprocess.run(up, cwd=root, env=engine, capture_output=True, text=True, timeout=100)
        said = done.stdout + done.stderr
        assert done.returncode == 78, said[-2000:]
        assert re.search(r"worker-1 +\| +OPENAI_API_KEY does not reach worker celery@", said)

        composed(root, SECRET, **own)
        (root / "openai_api_key").write_text(CANARY)
        log = tmp_path / "up.log"
        with log.open("wb") as sink:
            running = subprocess.Popen([*compose, "up"], cwd=root, env=engine, stdout=sink, stderr=sink)
        try:
            wait_for(log, re.compile(r"celery@\S+ ready"), running)
            code = "from tasks import crew; print(crew.delay('keys').get(timeout=60))"
            asked = [program("python"), "-c", code]
            producer = shell(tmp_path, url, BROKER=address)
            told = subprocess.run(asked, cwd=root, env=producer, capture_output=True, text=True, timeout=100)
            assert told.stdout.strip() in ANSWER, told.stderr[-2000:]
            assert told.stdout.strip()
            assert is_clean(dump(address))
        finally:
            subprocess.run(
                [*compose, "down", "--timeout", "2"], cwd=root, env=engine, capture_output=True, timeout=60
            )
            running.wait(timeout=60)
    assert leaking(tmp_path) == ["project/openai_api_key"]
