"""keyhop.attach(app): a Celery worker without its key ends before it has children; with it, crews run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from engines.brokers import broker, dump, needs_broker
from engines.programs import running
from live.hosts import ANSWER, plant, program, provider, shell, with_key
from live.leaks import CANARY, is_clean, leaking
from live.rabbit import rabbitmq
from live.refusing import refusing

pytest.importorskip("celery", reason="Celery is not installed")

TASKS = """
    import os, time
    from celery import Celery
    import keyhop
    from crew import run

    app = Celery("tasks", broker=os.environ["BROKER"], backend=os.environ["BACKEND"])
    app.conf.update(result_serializer=os.environ.get("RESULTS", "json"), result_accept_content=["json", "pickle"])
    keyhop.attach(app, "openai")

    @app.task(name="crew")
    def crew(topic):
        return run(topic)

    @app.task(name="seen")
    def seen():
        time.sleep(0.3)
        return [os.environ.get("OPENAI_API_KEY", "")[-4:], os.getpid()]

    @app.task(name="ask")
    def ask():
        from openai import OpenAI
        OpenAI(max_retries=0).models.list()
"""
READY = re.compile(r"celery@\S+ ready")
POOLS = {"prefork": ("--pool=prefork", "-c2"), "threads": ("--pool=threads", "-c2"), "solo": ("--pool=solo",)}


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    where = tmp_path_factory.mktemp("redis")
    with broker(where) as address:
        yield {"BROKER": address, "BACKEND": address.removesuffix("0") + "1", "WHERE": str(where)}


@pytest.fixture(scope="module")
def rabbit(redis: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    where = tmp_path_factory.mktemp("rabbitmq")
    with rabbitmq(where) as address:
        yield {**redis, "BROKER": address, "WHERE": str(where)}


@pytest.fixture(params=["redis", "rabbit"])
def queue(request: pytest.FixtureRequest) -> dict[str, str]:
    found: dict[str, str] = request.getfixturevalue(request.param)
    return found


def worker(pool: str, *more: str) -> list[str]:
    flags = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO")
    return [program("celery"), "-A", "tasks", "worker", *POOLS[pool], *flags, *more]


def called(root: Path, environment: Mapping[str, str], asked: str, before: str = "") -> Any:
    """What a producer, which is a process of its own, gets of what it asks; or the error that it gets."""
    code = f"""\
import json, tasks
{before}
def told(error):
    return {{"error": type(error).__name__, "said": str(error),
        "told": [getattr(error, name, None) for name in ("status_code", "code", "request_id")]}}
try:
    got = {asked}
except Exception as error:
    got = told(error)
print(json.dumps(got))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=dict(environment), capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@needs_broker
@pytest.mark.parametrize("pool", POOLS)
def test_a_worker_without_its_key_ends_at_once_and_one_with_it_runs_crews(
    pool: str, queue: dict[str, str], tmp_path: Path
):
    root = plant(tmp_path / "project", tasks=TASKS)
    with provider() as url:
        bare = shell(tmp_path, url, **queue)
        done = subprocess.run(worker(pool), cwd=root, env=bare, capture_output=True, text=True, timeout=60)
        assert done.returncode == 78
        assert re.search(r"keyhop: worker celery@\S+ lacks a credential", done.stderr)
        assert "OPENAI_API_KEY" in done.stderr
        assert "Traceback" not in done.stderr
        assert not READY.search(done.stdout + done.stderr)

        with running(worker(pool), root, with_key(bare), READY) as log:
            assert called(root, bare, "tasks.crew.delay('keys').get(timeout=60)") in ANSWER
        assert is_clean(log.read_bytes())
    assert leaking(tmp_path) == []
    assert leaking(Path(queue["WHERE"])) == []
    assert is_clean(dump(queue["BACKEND"]))


@needs_broker
def test_the_reason_is_in_the_log_file_too(redis: dict[str, str], tmp_path: Path):
    root = plant(tmp_path / "project", tasks=TASKS)
    with provider() as url:
        command = worker("prefork", "--logfile=worker.log")
        done = subprocess.run(command, cwd=root, env=shell(tmp_path, url, **redis), capture_output=True, timeout=60)
    assert done.returncode == 78
    assert "lacks a credential" in (root / "worker.log").read_text()


@needs_broker
@pytest.mark.parametrize(
    ("pool", "results"), [("prefork", "json"), ("prefork", "pickle"), ("threads", "pickle"), ("solo", "pickle")]
)
def test_a_providers_error_comes_back_readable_and_without_keys(
    pool: str, results: str, redis: dict[str, str], tmp_path: Path
):
    """JSON has no place for attributes: there Celery keeps the class and the message."""
    root = plant(tmp_path / "project", tasks=TASKS)
    with refusing() as refused:
        bare = shell(tmp_path, refused, **redis, RESULTS=results)
        with running(worker(pool), root, with_key(bare), READY) as log:
            error = called(root, bare, "tasks.ask.delay().get(timeout=60)")
    assert error["error"] == "AuthenticationError"
    assert "Error code: 401" in error["said"]
    assert "invalid_api_key" in error["said"]
    assert error["told"] == ([401, "invalid_api_key", "req_0123456789"] if results == "pickle" else [None] * 3)
    assert is_clean(error["said"].encode() + log.read_bytes())
    assert leaking(tmp_path) == []
    assert is_clean(dump(redis["BACKEND"]))


@needs_broker
def test_a_new_generation_reaches_every_child_with_the_next_task(queue: dict[str, str], tmp_path: Path):
    """The key is in a file that all see; the message brings the number alone."""
    tasks = TASKS.replace('"openai")', '"openai", stores=[{"kind": "files", "path": "secrets"}])')
    root = plant(tmp_path / "project", tasks=tasks)
    key = root / "secrets" / "openai_api_key"
    key.parent.mkdir()
    key.write_text(f"{CANARY[:-4]}old1")
    load = 'import keyhop; keyhop.load(stores=[{"kind": "files", "path": "secrets"}], reload=True)'
    asked = "[sent.get(timeout=60) for sent in [tasks.seen.delay() for _ in range(6)]]"
    with provider() as url, running(worker("prefork"), root, shell(tmp_path, url, **queue), READY):
        bare = shell(tmp_path, url, **queue)
        before = called(root, bare, asked, load)
        key.write_text(f"{CANARY[:-4]}new2")
        between = called(root, bare, asked, load)
        after = called(root, {**bare, "KEYHOP_GENERATION": "1"}, asked, load.replace("True", "True, generation=2"))
    assert {key for key, _ in before + between} == {"old1"}
    assert {key for key, _ in after} == {"new2"}
    assert len({pid for _, pid in after}) == 2
