"""What a project's people start by hand: the scripts and servers that its documents name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename
from weakref import WeakKeyDictionary

from keyhop.documented.commands import Typed, is_makefile, typed
from keyhop.facts import PlaceId
from keyhop.following import commands_of, launcher_of
from keyhop.launch import Entry, Launch, Program
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Source, Span, Undecodable
from keyhop.text.expansion import discreet
from keyhop.text.makefile import parse
from keyhop.tree import Tree
from keyhop.view import ON_THE_HOST, View

_GUARD = re.compile(r"^if\s+__name__\s*==\s*['\"]__main__['\"]", re.M)
_CREW = re.compile(r"\bkickoff\b|\bcrewai\b")
_DEPLOYED = ("Dockerfile*", "dockerfile*", "*compose*.yml", "*compose*.yaml", "Procfile", "render.yaml", "fly.toml")
_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|examples?|docs?|notebooks|migrations|venv|\.[^/]+)/|(?:^|/)(?:test_|conftest|setup\.py)"
)
_RAY = re.compile(rb"^\s*ray\.init\(", re.M)
_STARTED = (Program.SCRIPT, Program.MODULE, Program.APPLICATION, Program.TASK_WORKER, Program.CELERY_WORKER)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalProcess:
    """A process that somebody starts in a shell of their own."""

    id: PlaceId
    launch: Launch
    title: str
    deployment: str
    path: str
    """The file that says so."""
    queues: tuple[str, ...] = ()
    """Those that a worker takes tasks from: workers of several queues are one process in several commands."""


_found: WeakKeyDictionary[Tree, tuple[LocalProcess, ...]] = WeakKeyDictionary()


def local_processes(tree: Tree, desk: Desk) -> tuple[LocalProcess, ...]:
    """Every one, once for each set of queues; the first document that names it counts."""
    known = _found.get(tree)
    if known is None:
        first = {(each.id, each.queues): each for each in reversed([*_all(tree, desk)])}
        known = _found[tree] = tuple(first.values())[::-1]
    return known


def _all(tree: Tree, desk: Desk) -> Iterator[LocalProcess]:
    seen: set[str] = set()
    for each in typed(tree):
        path = each.source.path
        if _ASIDE.search(path) and not path.startswith("docs/"):
            continue
        if path.endswith((".sh", ".bash")):
            if path not in seen and not is_deployed(path, tree):
                words, span = ("bash", f"/{path}"), Span(path=path)
                yield from _first_there(words, (path.rpartition("/")[0], ""), span, tree, desk)
        elif is_makefile(path):
            if path not in seen:
                yield from _goals(each.source, tree, desk)
        elif _starts_something(each):
            yield from _first_there(each.texts, each.directories, each.span, tree, desk, _with_settings(each))
        seen.add(path)
    if not any(True for _ in tree.matching(*_DEPLOYED)):
        yield from _by_themselves(tree)


def _goals(source: Source, tree: Tree, desk: Desk) -> Iterator[LocalProcess]:
    """What each goal of a Makefile starts."""
    for goal, rule in parse(source.text).rules.items():
        if rule.lines:
            words = ("make", "-f", f"/{source.path}", goal)
            span = source.span(rule.lines[0].start, rule.lines[-1].end)
            yield from _first_there(words, (source.path.rpartition("/")[0],), span, tree, desk)


def _starts_something(each: Typed) -> bool:
    name = each.texts[0]
    launcher = launcher_of(name)
    if launcher is None:
        return "/" in name or name.endswith((".py", ".sh"))
    return launcher.id not in ("foreign", "crewai", "npm", "privileges")


def _with_settings(each: Typed) -> str | None:
    """The command with the variables before it, as it is written."""
    if not each.node.settings:
        return None
    return each.source.text[each.span.start : each.span.end].replace("\r", " ")


def _first_there(
    words: tuple[str, ...],
    directories: tuple[str, ...],
    span: Span,
    tree: Tree,
    desk: Desk,
    text: str | None = None,
) -> Iterator[LocalProcess]:
    """The process of a command, in the first directory in which what it starts is there."""
    place = PlaceId("local")
    view = View(place, ON_THE_HOST, tree, desk.promises)
    for directory in directories:
        launch = Launch(
            place=place,
            words=None if text else words,
            text=text,
            cwd=f"/{directory}",
            layers=ON_THE_HOST,
            span=span,
        )
        entries = [found for found in commands_of(launch, view, desk) if isinstance(found, Entry)]
        started = [(e, file) for e in entries if e.program in _STARTED and (file := _file(e, view)) is not None]
        if not started or any(e.program is Program.UNKNOWN for e in entries):
            continue
        entry, file = started[-1]
        if _ASIDE.search(file):
            return
        id = _id(entry, file, tree)
        yield LocalProcess(
            id=id,
            launch=_at(launch, id),
            title=_title(words),
            deployment=f"local in {directory or '.'}",
            path=span.path,
            queues=entry.queues,
        )
        return


def _title(words: tuple[str, ...]) -> str:
    """The command as somebody types it."""
    shown = (words[0], *words[3:]) if words[:2] == ("make", "-f") else words
    return discreet(" ".join(shown[:4]))


def _at(launch: Launch, id: PlaceId) -> Launch:
    return Launch(
        place=id, words=launch.words, text=launch.text, cwd=launch.cwd, layers=launch.layers, span=launch.span
    )


def aside(path: str) -> bool:
    """Whether a file is a test, an example or a tool's own, and not part of what the project runs."""
    return _ASIDE.search(path) is not None


def _id(entry: Entry, file: str, tree: Tree) -> PlaceId:
    source = tree.source(file)
    if source is not None and _RAY.search(source.data):
        return PlaceId(f"ray:{file}#driver")
    directory = entry.cwd.strip("/")
    if entry.program is Program.CELERY_WORKER:
        return PlaceId(f"celery:{file}#{entry.target.partition(':')[2] or 'worker'}")
    if entry.program is Program.APPLICATION and directory and not entry.arguments:
        return PlaceId(f"local:{directory}")
    return PlaceId(f"local:{file}")


def _file(entry: Entry, view: View) -> str | None:
    """The project's file that an entry starts."""
    if entry.program is Program.SCRIPT:
        candidates = [entry.target]
    else:
        names = [entry.target.partition(":")[0].replace(".", "/")]
        if entry.program is Program.CELERY_WORKER:
            names.append(names[0].rpartition("/")[0])  # -A package.module.attribute
        endings = ("/__main__.py", ".py") if entry.program is Program.MODULE else (".py", "/__init__.py")
        bases = [base.rstrip("/") for base in (entry.cwd, *entry.path)]
        candidates = [f"{base}/{name}{end}" for name in names if name for base in bases for end in endings]
    for path in candidates:
        seat = view.seat(path)
        if seat is not None and view.has(path):
            return seat.source
    return None


def is_deployed(path: str, tree: Tree) -> bool:
    """Whether a deployment file names the script, so that a host starts it."""
    name = basename(path).encode()
    for file in tree.matching(*_DEPLOYED, "*.yml", "*.yaml"):
        source = tree.source(file)
        if source is not None and name in source.data:
            return True
    return False


def _by_themselves(tree: Tree) -> Iterator[LocalProcess]:
    """Scripts that mention a crew, of a project that nothing deploys and no document starts."""
    for path in tree.holding((b"__main__",), "*.py"):
        source = tree.source(path) if not _ASIDE.search(path) else None
        if source is None or not _is_crew_script(source):
            continue
        id = PlaceId(f"local:{path}")
        launch = Launch(place=id, words=("python", f"/{path}"), layers=ON_THE_HOST, span=Span(path=path))
        yield LocalProcess(
            id=id,
            launch=launch,
            title=f"python {path}",
            deployment=f"local in {path.rpartition('/')[0] or '.'}",
            path=path,
        )


def _is_crew_script(source: Source) -> bool:
    if b"__main__" not in source.data:
        return False
    try:
        return bool(_GUARD.search(source.text) and _CREW.search(source.text))
    except Undecodable:
        return False
