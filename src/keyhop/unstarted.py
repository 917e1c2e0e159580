"""Task workers that the code defines and no command of the project starts: somebody starts them in a shell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

from keyhop.documented.commands import typed
from keyhop.documented.processes import LocalProcess, aside, local_processes
from keyhop.facts import PlaceId
from keyhop.launch import Launch
from keyhop.launcher import module_of
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Source, Span, Undecodable
from keyhop.tree import Tree
from keyhop.view import ON_THE_HOST, View

_TEXTS = (
    *("Dockerfile*", "dockerfile*", "*.yml", "*.yaml", "Procfile*", "*.toml", "*.json", "*.ini", "*.cfg", "*.conf"),
    *("*.service", "*.sh", "*.bash", "*.ps1", "*.bat", "*.tf", "*.j2"),
)
"""Files that may start something, beside documents."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A library whose workers run what other processes enqueue."""

    id: str
    defines: re.Pattern[str]
    """What a module holds that such a worker is pointed at; its first group names the application."""
    started: re.Pattern[bytes]
    """What a file holds that starts such a worker."""
    command: Callable[[str, str], tuple[str, ...]]
    """The command for a module and the name of its application."""
    names_its_module: bool = True
    """Whether its command says what it runs, so that one in a document is a process already."""


_QUEUES = (
    Queue(
        "celery",
        re.compile(r"^(\w+)\s*(?::[^=\n]+)?=\s*(?:celery\.)?Celery\(", re.M),
        re.compile(rb"\bcelery\b[^\0]{0,300}?\bworker\b|\bworker_main\b"),
        lambda module, app: ("celery", "-A", f"{module}:{app}", "worker"),
    ),
    Queue(
        "dramatiq",
        re.compile(r"^()(?:@dramatiq\.actor|@actor\b)", re.M),
        re.compile(rb"\bdramatiq\s+[\w.-]|\bdramatiq['\"],"),
        lambda module, _: ("dramatiq", module),
    ),
    Queue(
        "arq",
        re.compile(r"^class (WorkerSettings)\b", re.M),
        re.compile(rb"\barq\s+[\w.-]|\barq['\"],"),
        lambda module, app: ("arq", f"{module}.{app}"),
    ),
    Queue(
        "rq",
        re.compile(r"^[ \t]*()(?:from rq\b|import rq\b|import django_rq|from django_rq\b).*", re.M),
        re.compile(rb"\brq\s+worker\b|\brqworker\b|\brq['\"],\s*['\"]worker"),
        lambda module, _: ("rq", "worker"),
        names_its_module=False,
    ),
)
_found: WeakKeyDictionary[Tree, tuple[LocalProcess, ...]] = WeakKeyDictionary()


def unstarted(tree: Tree, desk: Desk) -> tuple[LocalProcess, ...]:
    """Every one, in the order of the project's files."""
    known = _found.get(tree)
    if known is None:
        known = _found[tree] = tuple({each.id: each for each in _all(tree, desk)}.values())
    return known


def _all(tree: Tree, desk: Desk) -> Iterator[LocalProcess]:
    for path in tree.holding((queue.id.encode() for queue in _QUEUES), "*.py"):
        source = tree.source(path) if not aside(path) else None
        for queue in _QUEUES if source is not None else ():
            assert source is not None
            found = _defined(queue, source)
            if found is not None and not _is_started(queue, tree):
                yield _process(queue, found, source, tree, desk)


def _defined(queue: Queue, source: Source) -> re.Match[str] | None:
    if queue.id.encode() not in source.data or (queue.id == "rq" and b"enqueue" not in source.data):
        return None
    try:
        return queue.defines.search(source.text)
    except Undecodable:
        return None


def _is_started(queue: Queue, tree: Tree) -> bool:
    """Whether a file of the project, or a document's command, starts such a worker."""
    for each in typed(tree) if queue.names_its_module else ():
        if queue.id in each.texts[:3] and (queue.id != "celery" or "worker" in each.texts):
            return True
    for path in tree.holding((queue.id.encode(), b"worker_main"), *_TEXTS):
        source = tree.source(path)
        if source is not None and queue.started.search(source.data):
            return True
    return queue.id == "celery" and any(True for _ in tree.holding((b"worker_main",), "*.py"))


def _process(queue: Queue, found: re.Match[str], source: Source, tree: Tree, desk: Desk) -> LocalProcess:
    path = source.path
    module, root = module_of(View(PlaceId(""), ON_THE_HOST, tree, desk.promises), f"/{path}")
    name = found[1] or "worker"
    id = PlaceId(f"{queue.id}:{path}#{name}")
    words = queue.command(module, name)
    span = source.span(found.start(), found.end()) if found[1] else Span(path=path)
    launch = Launch(place=id, words=words, cwd=root, layers=ON_THE_HOST, span=span)
    return LocalProcess(
        id=id, launch=launch, title=" ".join(words[:4]), deployment=_deployment(path, root, tree, desk), path=path
    )


def _deployment(path: str, root: str, tree: Tree, desk: Desk) -> str:
    """What it is started together with: the nearest local processes, else nothing."""
    shared = {each.deployment: each.launch.cwd.strip("/") for each in local_processes(tree, desk)}
    above = [(len(where), name) for name, where in shared.items() if not where or path.startswith(f"{where}/")]
    return max(above)[1] if above else f"local in {root.strip('/') or '.'}"
