"""Ray: a worker is judged in its first task, an actor in its constructor.

What a worker's setup hook raises is told in a log file alone; what a task raises comes back to ``ray.get``, what an
actor's constructor raises comes back with every call of it. Nothing goes through ``runtime_env``, whose variables Ray
writes into logs and shows in its dashboard.
"""

from __future__ import annotations

import inspect
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from keyhop.answering import answer, own_instance
from keyhop.asking import ask_here
from keyhop.errors import UsageError
from keyhop.guard import Guard
from keyhop.guarded import MARK, guard_class, guarded
from keyhop.live.live import Attached, Calling, Live, Roster
from keyhop.roll import Called, Silent

_TO_START = 10.0
"""Seconds that a node has to start a worker, and a cluster to take a driver."""


def _attach(ray: Any, guard: Guard) -> Attached:
    """Every function and class that is made remote from now on."""
    guard.sendable()
    make_remote = ray.remote

    def remote(*positional: Any, **named: Any) -> Any:
        if positional and not named:
            return make_remote(*(_behind(each, guard) for each in positional))
        decorate = make_remote(*positional, **named)
        return lambda decorated: decorate(_behind(decorated, guard))

    ray.remote = remote

    def undo() -> None:
        if ray.remote is remote:
            ray.remote = make_remote

    return Attached(ray, undo)


def _behind(decorated: Any, guard: Guard) -> Any:
    """Ray's own remote classes, which it makes when it needs them, are none of the user's."""
    if str(getattr(decorated, "__module__", "")).partition(".")[0] == "ray":
        return decorated
    if inspect.isclass(decorated):
        if not hasattr(decorated.__init__, MARK):
            guard_class(decorated, guard)
        return decorated
    return guarded(decorated, guard) if inspect.isfunction(decorated) and not hasattr(decorated, MARK) else decorated


def _call(calling: Calling) -> Iterator[Called]:
    """On each node a task that asks the node's guarded workers, and tells what a worker that is new there sees."""
    with _driver(calling.target) as ray:
        nodes = {each["NodeID"]: each["NodeName"] for each in ray.nodes() if each["Alive"]}
        told, silent = _told(ray, nodes, calling)
    id, title = f"ray:{calling.target}", f"Ray cluster {calling.target}"
    guarded = [each for of_node in told for each in of_node["guarded"]]
    yield Called(
        id=id,
        title=title,
        answers=tuple(each for each in guarded if not each.get("silent")),
        silent=(*silent, *(_quiet(each) for each in guarded if each.get("silent"))),
        remark=""
        if guarded
        else "no guarded worker is alive: keyhop.attach(ray) is not in its code, or nothing has run yet",
    )
    new = tuple(each["new"] for each in told)
    yield Called(id=f"{id}#new", title=f"{title}: a new worker, before it loads", answers=new, counts=not guarded)


def _quiet(told: Mapping[str, Any]) -> Silent:
    return Silent(worker=str(told["worker"]), pid=told["pid"], why="no answer")


def _told(ray: Any, nodes: Mapping[str, str], calling: Calling) -> tuple[list[dict[str, Any]], list[Silent]]:
    strategy: Any = import_module("ray.util.scheduling_strategies").NodeAffinitySchedulingStrategy
    ask = ray.remote(num_cpus=0, max_retries=0)(ask_node)
    sent = {
        ask.options(scheduling_strategy=strategy(node, soft=False)).remote(node, dict(calling.question)): node
        for node in nodes
    }
    ready, late = ray.wait(list(sent), num_returns=len(sent), timeout=calling.seconds + _TO_START)
    told, silent = [], [Silent(worker=_node(nodes[sent[each]]), why="no answer: busy, or cut off") for each in late]
    for each in ready:
        try:
            told.append(ray.get(each, timeout=_TO_START))
        except Exception as error:
            why = f"it cannot run keyhop: {type(getattr(error, 'cause', error)).__name__}"
            silent.append(Silent(worker=_node(nodes[sent[each]]), why=why))
    for each in late:
        with suppress(Exception):
            ray.cancel(each, force=True)
    return told, silent


def _node(name: str) -> str:
    return f"node {name}"


def ask_node(node: str, question: Mapping[str, Any]) -> dict[str, Any]:
    """Runs on a node, as a task: its parent is the node's raylet, as that of all its workers."""
    probes = dict(question.get("probes") or {})
    seconds = float(question.get("seconds", 0)) + 1 if probes else 1.0
    guarded = ask_here(question, seconds=seconds, parent=os.getppid(), but=os.getpid())
    needed = question.get("names") or sorted({name for each in guarded for name in each.get("asked", ())})
    new = answer({**question, "names": needed, "probes": {own_instance(): probes.get(f"ray:{node}", ())}})
    host = os.uname().nodename
    return {
        "guarded": [{**each, "worker": f"{host} {_does(each['pid'])}"} for each in guarded],
        "new": {**new, "instance": f"ray:{node}", "worker": f"{host} new worker"},
    }


def _does(pid: int) -> str:
    """What Ray calls the process: the actor or the task that it runs, or that it is idle."""
    with suppress(OSError):
        title = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode(errors="replace").strip()
        return title if title.startswith("ray::") else "worker"
    return "worker"


@contextmanager
def _driver(address: str) -> Iterator[Any]:
    """Ray, with this process as a driver of that cluster. None is started, and nothing of this directory is sent.

    Raises:
        UsageError: there is no such cluster, or it does not take this driver.
    """
    try:
        ray: Any = import_module("ray")
    except ModuleNotFoundError:
        raise UsageError("Ray is not installed, so that no cluster can be asked") from None
    if ray.is_initialized():
        yield ray
        return
    _reach(address)
    failed = _within(_TO_START, lambda: ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR))
    if failed is not None:
        raise UsageError(
            f"Ray at {address} does not take this driver: {failed}",
            help="Its version and RAY_AUTH_MODE have to be the cluster's own, and its token where it wants one.",
        )
    try:
        yield ray
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Ray itself would try for half a minute."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except OSError:
        raise UsageError(f"nobody listens at {address}") from None


def _within(seconds: float, work: Callable[[], object]) -> str | None:
    """Why the work failed, in a word; None if it did not."""
    failed = ["no answer in time"]

    def tried() -> None:
        try:
            work()
            failed.clear()
        except BaseException as error:
            failed[:] = [type(error).__name__]

    thread = threading.Thread(target=tried, daemon=True)
    thread.start()
    thread.join(seconds)
    return failed[0] if failed else None


ROSTER = Roster(
    id="ray",
    title="Ray",
    metavar="ADDRESS",
    help="workers of the Ray cluster at this address, as ray.init takes it",
    call=_call,
)
LIVE = Live(
    id="ray",
    title="Ray",
    module="ray",
    supports=("ray >=2.30,<3",),
    line='keyhop.attach(ray, "openai")  # before the first @ray.remote',
    stops="ray.get raises the MissingCredential of the task, or of the actor's constructor",
    is_host=lambda thing: isinstance(thing, ModuleType) and thing.__name__ == "ray",
    attach=_attach,
)
