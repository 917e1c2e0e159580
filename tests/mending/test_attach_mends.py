"""Workers that lack what their parent or producer has from a file, put behind keyhop.attach: the file is enough."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from engines.brokers import broker, needs_broker
from engines.programs import running
from live.hosts import ANSWER, program, provider, shell
from live.leaks import CANARY
from mending.mended_projects import added, mended

RUN = """\
from openai import OpenAI


def run(topic):
    asked = OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": topic}])
    return asked.choices[0].message.content
"""
"""Without CrewAI, whose import may load the file by itself."""
START = "```sh\npython main.py\n```\n"
COMMON = {".env": f"OPENAI_API_KEY={CANARY}\n", ".gitignore": ".env\n", "Dockerfile": "", "crew.py": RUN}
CELERY = {
    **COMMON,
    "README.md": "```sh\npython main.py\ncelery -A tasks worker\n```\n",
    "main.py": """\
from dotenv import load_dotenv

load_dotenv()
from tasks import work

print(work.delay("t").get())
""",
    "tasks.py": """\
import os

from celery import Celery
from crew import run

app = Celery(
    "tasks",
    broker=os.environ["BROKER"],
    backend=os.environ["BROKER"],
)


@app.task
def work(topic):
    return run(topic)
""",
}
POOL = {
    **COMMON,
    "README.md": START,
    "main.py": """\
import multiprocessing

from crew import run
from dotenv import load_dotenv

if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    first = context.Process(target=print)
    first.start()
    load_dotenv()
    with context.Pool(2) as pool:
        print(pool.map(run, ["t"])[0])
""",
}
RAY = {
    **COMMON,
    "README.md": START,
    "main.py": """\
import ray
from crew import run
from dotenv import load_dotenv


@ray.remote
def work():
    return run("t")


if __name__ == "__main__":
    ray.init()
    load_dotenv()
    print(ray.get(work.remote()))
""",
}


@needs_broker
def test_a_worker_of_celery_loads_what_its_producer_loads(tmp_path: Path):
    root = tmp_path / "project"
    repair = mended(root, CELERY, unsafe=True)
    assert added(repair, "tasks.py") == 'import keyhop\nkeyhop.attach(app, "openai")\n'
    assert set(repair.now) == {"tasks.py"}
    with provider() as url, broker(tmp_path) as address:
        bare = shell(tmp_path, url, BROKER=address)
        worker = [program("celery"), "-A", "tasks", "worker", "-c1", "-linfo"]
        with running(worker, root, bare, re.compile(r"celery@\S+ ready")):
            asked = subprocess.run([sys.executable, "main.py"], cwd=root, env=bare, capture_output=True, timeout=100)
    assert asked.stdout.decode().strip() == ANSWER, asked.stderr[-2000:]


def test_a_pool_whose_server_is_older_than_the_key(tmp_path: Path):
    root = tmp_path / "project"
    repair = mended(root, POOL, unsafe=True)
    wrapped = POOL["main.py"].replace("context.Pool(2)", 'keyhop.attach(context.Pool(2), "openai")')
    imported = wrapped.replace("import load_dotenv\n", "import load_dotenv\nimport keyhop\n")
    assert repair.now["main.py"].decode() == imported
    with provider() as url:
        done = subprocess.run(
            [sys.executable, "main.py"], cwd=root, env=shell(tmp_path, url), capture_output=True, timeout=100
        )
    assert done.stdout.decode().strip().endswith(ANSWER), done.stderr[-2000:]


def test_workers_of_ray_that_started_before_the_key(tmp_path: Path):
    """That such workers load by themselves is shown where keyhop is attached to Ray."""
    repair = mended(tmp_path / "project", RAY, unsafe=True)
    assert added(repair, "main.py") == 'import keyhop\n\nkeyhop.attach(ray, "openai")\n'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("app = Celery(", "app = make_app() or Celery("),
        ("from celery import Celery", "import other; from celery import Celery"),
    ],
    ids=["an application that is made elsewhere", "two statements on a line of imports"],
)
def test_what_is_written_otherwise_is_left_alone_or_still_right(old: str, new: str, tmp_path: Path):
    files = {**CELERY, "tasks.py": CELERY["tasks.py"].replace(old, new)}
    repair = mended(tmp_path / "project", files, unsafe=True)
    for data in repair.now.values():
        compile(data, "tasks.py", "exec")
    assert ("tasks.py" in repair.now) is ("make_app" not in new)
