"""Task workers besides Celery that import the module named on their command line."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Start, Step

_FLAGS = (
    "--watch-use-polling --reload -r --fs-discover -fsd --no-configure-logging -v --verbose --burst --check "
    "-w-poll -k -q --quiet --with-scheduler --use-watcher -f"
)


def _follow(call: Call) -> Iterator[Step]:
    first = 1
    if call.name in ("taskiq", "faststream", "rq", "saq-worker"):
        if call.words[1:2] and call.words[1] not in ("worker", "run", "scheduler", "worker-pool"):
            yield Start(program=Program.FOREIGN, target=" ".join(call.words[:2]))
            return
        first = 2
    options = call.options(flags=_FLAGS, first=first, mixed=True)
    queues = tuple(q for value in options.all("-Q", "--queues") for q in value.split(","))
    modules = [call.words[n] for n in options.operands]
    match call.name:
        case "procrastinate":
            app = options.get("--app", "-a") or call.known.get("PROCRASTINATE_APP", "")
            modules = [_colon(app)] if app and "worker" in modules else []
        case "arq" | "saq" | "huey_consumer" | "huey_consumer.py" | "huey":
            modules = [_colon(m) for m in modules[:1]]
        case "rq" | "rqworker":
            yield Start(program=Program.RQ_WORKER, target="rq", queues=tuple(modules))
            return
    for module in modules:
        yield Start(program=Program.TASK_WORKER, target=module, queues=queues)
    if not modules:
        yield Start(program=Program.UNKNOWN, target=" ".join(call.words[:2]))


def _colon(target: str) -> str:
    """``a.b.Settings`` as ``a.b:Settings``."""
    if ":" in target:
        return target
    module, _, name = target.rpartition(".")
    return f"{module}:{name}" if module else target


LAUNCHER = Launcher(
    id="queues",
    names=(
        "rq",
        "rqworker",
        "dramatiq",
        "dramatiq-gevent",
        "arq",
        "saq",
        "huey",
        "huey_consumer",
        "huey_consumer.py",
        "taskiq",
        "procrastinate",
        "faststream",
    ),
    follow=_follow,
)
