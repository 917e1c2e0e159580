"""RQ, Dramatiq and arq: what their workers have of a producer, and of their own shell."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.brokers import broker, needs_broker
from engines.observed import NAMES, SHELL, WORK, assert_agrees, environment, observed, predicted, project, script
from engines.programs import running

pytestmark = needs_broker

ENGINES = {
    "rq": (
        ("rq", "worker", "--url", "BROKER"),
        "",
        """
        from redis import Redis
        from rq import Queue
        Queue(connection=Redis.from_url("BROKER")).enqueue(keep)
        """,
        r"Listening on",
        "rq:main.py#worker",
    ),
    "dramatiq": (
        ("dramatiq", "tasks", "-p", "1", "-t", "1"),
        """
        import dramatiq
        from dramatiq.brokers.redis import RedisBroker
        dramatiq.set_broker(RedisBroker(url="BROKER"))
        """,
        "keep.send()",
        r"is ready for action|Worker process is ready|booting",
        "dramatiq:tasks.py#worker",
    ),
    "arq": (
        ("arq", "tasks.WorkerSettings"),
        "from arq.connections import RedisSettings",
        """
        import asyncio
        from arq import create_pool
        from arq.connections import RedisSettings

        async def send():
            pool = await create_pool(RedisSettings.from_dsn("BROKER"))
            await pool.enqueue_job("keep")

        asyncio.run(send())
        """,
        r"Starting worker",
        "arq:tasks.py#WorkerSettings",
    ),
}
KEEP = {
    "rq": "def keep():\n    SAVE\n",
    "dramatiq": "@dramatiq.actor\ndef keep():\n    SAVE\n",
    "arq": "async def keep(context):\n    SAVE\n\nclass WorkerSettings:\n    functions = [keep]\n"
    '    redis_settings = RedisSettings.from_dsn("BROKER")\n',
}
SAVE = "import json, pathlib\n    pathlib.Path('seen.json').write_text(json.dumps(work()))"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with broker(tmp_path_factory.mktemp("broker")) as found:
        yield found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("shell", [SHELL, {}], ids=["a shell with a key", "a shell without"])
def test_a_worker_has_its_own_shell_and_what_its_modules_load(
    tmp_path: Path, address: str, engine: str, shell: dict[str, str]
) -> None:
    pytest.importorskip(engine, reason=f"{engine} is not installed")
    command, before, send, ready, process = ENGINES[engine]
    root = project(tmp_path, script("from tasks import keep\n", send.replace("BROKER", address)), tasks="")
    setup = "\n".join(line.strip() for line in before.strip().splitlines())
    text = f"{setup}\n{WORK}\n{KEEP[engine].replace('SAVE', SAVE)}".replace("BROKER", address)
    (root / "tasks.py").write_text(text, "utf-8")
    program = Path(sys.executable).parent / command[0]
    rest = [word.replace("BROKER", address) for word in command[1:]]
    with running((program, *rest), root, environment(root, shell | {"PYTHONPATH": str(root)}), re.compile(ready)):
        observed(root)
        seen = _saved(root / "seen.json")
    assert [name for name in NAMES if seen[name]] == [*shell, "FILE_KEY"]
    assert_agrees(predicted(root, shell)[process], seen)


def _saved(path: Path) -> dict[str, bool]:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if path.exists() and path.read_text("utf-8").endswith("}"):
            found: dict[str, bool] = json.loads(path.read_text("utf-8"))
            return found
        time.sleep(0.1)
    raise AssertionError("no worker took the task")
