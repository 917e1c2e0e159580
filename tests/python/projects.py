"""Pages of small projects: files, how a process is started, and what its code is said to need and to write.

A case is a heading ``## …`` with blocks for the files (``py path=main.py``), a line ``Starts: script /main.py`` and
blocks ``needs`` and ``writes``. What is not said is not compared: a case without ``writes`` asks for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keyhop.crewai_version import CrewAIVersion
from keyhop.facts import Blindspot, Everything, Hop, Need, One, PlaceId, Supply
from keyhop.launch import Entry, Program
from keyhop.promises import Promises
from keyhop.python import PythonFact, python_facts
from keyhop.readers.reader import Choice, Desk
from keyhop.text.seeing import Marker
from keyhop.tree import Tree
from keyhop.view import ON_THE_HOST, View

PROCESS = PlaceId("p")

_BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
_STARTS = {
    "script": Program.SCRIPT,
    "module": Program.MODULE,
    "application": Program.APPLICATION,
    "celery": Program.CELERY_WORKER,
    "crewai": Program.CREWAI,
    "code": Program.CODE,
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One project of a page."""

    title: str
    files: dict[str, str]
    start: str
    needs: str | None
    writes: str | None

    def facts(self, root: Path, version: CrewAIVersion | None = None) -> list[PythonFact]:
        """What is read from the project, once it is made in an empty directory."""
        for path, body in self.files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, "utf-8")
        tree = Tree(root)
        promises = Promises(tree)
        desk = Desk(promises=promises, marker=Marker())
        return list(python_facts([self.entry], View(PROCESS, ON_THE_HOST, tree, promises), desk, version))

    @property
    def entry(self) -> Entry:
        kind, target, *rest = self.start.split()
        options = dict(word.split("=", 1) for word in rest)
        return Entry(
            place=PROCESS,
            program=_STARTS[kind],
            target=target,
            cwd=options.get("cwd", "/"),
            queues=tuple(filter(None, options.get("queues", "").split(","))),
        )


def cases(page: Path) -> Iterator[Case]:
    """The cases of a page, in order."""
    for section in re.split(r"^## ", page.read_text("utf-8"), flags=re.M)[1:]:
        blocks = [(m["info"], m["body"]) for m in _BLOCK.finditer(section)]
        start = re.search(r"^Starts: (.+)$", section, re.M)
        assert start is not None, section.splitlines()[0]
        yield Case(
            title=section.splitlines()[0],
            files={info.partition("path=")[2]: body for info, body in blocks if "path=" in info},
            start=start[1],
            needs=next((body for info, body in blocks if info == "needs"), None),
            writes=next((body for info, body in blocks if info == "writes"), None),
        )


def told_needs(facts: list[PythonFact]) -> str:
    """Needs as a page says them; a choice with what it comes to where its setting is not set."""
    lines = []
    for fact in facts:
        if isinstance(fact, Need):
            lines.append(_need(fact))
        elif isinstance(fact, Choice):
            lines += [f"{_need(need)} unless {'/'.join(fact.settings)}" for need in fact.needs(None)]
            if not fact.needs(None):
                lines.append(f"nothing unless {'/'.join(fact.settings)}")
        elif isinstance(fact, Blindspot) and not fact.writes:
            lines.append(f"? {fact.why}")
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))


def _need(need: Need) -> str:
    names = " or ".join(" + ".join("|".join(n) for n in parts) for parts in need.any_of)
    extras = [w for w in (need.place.removeprefix(PROCESS), "(any value)" if need.any_value else "") if w]
    return " ".join([need.required.value, names, *extras])


def told_writes(facts: list[PythonFact]) -> str:
    """Writes as a page says them, in the order in which they happen."""
    lines = []
    for fact in facts:
        match fact:
            case Hop(passage=Everything()):
                given = f" if {fact.given.text}" if fact.given else ""
                lines.append((fact.at, f"{fact.target} <- {fact.source} by {fact.via}, {fact.overwrite.name}{given}"))
            case Hop(passage=One() as one):
                unset = f", {one.if_unset.name} if unset"
                lines.append((fact.at, f"{fact.target} {one.name} <- {fact.source} {one.source_name}{unset}"))
            case Supply():
                given = f" if {fact.given.text}" if fact.given else ""
                dummy = " dummy" if fact.seen.dummy else ""
                state = fact.seen.state.value
                lines.append((fact.at, f"{fact.place} {fact.name}: {state}{dummy}, {fact.overwrite.name}{given}"))
            case Blindspot(writes=True):
                lines.append((fact.at, f"? {fact.why}"))
    return "".join(f"{line}\n" for _, line in sorted(lines, key=lambda line: line[0]))
