"""What the commands do, as functions. Nothing in here prints or exits."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from keyhop.assemble import assemble
from keyhop.catalogue import VarName
from keyhop.errors import NothingToCheck, UsageError
from keyhop.facts import Need, PlaceId
from keyhop.finding import Finding
from keyhop.judge import judge
from keyhop.promises import Promises
from keyhop.readers.reader import Desk
from keyhop.report import Report
from keyhop.settings import Settings, load_settings
from keyhop.silence import silence
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.topology import Topology
from keyhop.tree import Tree
from keyhop.value import Trail

if TYPE_CHECKING:
    from keyhop.repair import Repair


def check(
    root: str | Path = ".",
    *,
    shell: Mapping[str, str] | None = None,
    ignored: bool = True,
    process: str = "",
    deployment: str = "",
) -> Report:
    """Follows every credential of the project at `root` to each process that needs it.

    Args:
        shell: variables of the caller's shell, as a further place; by default none is read.
        ignored: also read files that ``.gitignore`` names; False gives what CI sees.
        process: a glob; only processes whose id, or whose name after ``#``, fits are reported.
        deployment: only processes of this deployment are reported.

    Raises:
        UsageError: `root` is no directory.
        SettingsError: ``[tool.keyhop]`` is not understood.
        NothingToCheck: the project starts no process that keyhop can follow.
    """
    directory = _directory(root)
    settings = load_settings(directory)
    tree = Tree(directory, ignored=ignored, exclude=settings.exclude)
    return _report(tree, settings, shell=shell, process=process, deployment=deployment)


def fix(
    root: str | Path = ".",
    *,
    unsafe: bool = False,
    write: bool = True,
    shell: Mapping[str, str] | None = None,
    ignored: bool = True,
    process: str = "",
    deployment: str = "",
) -> tuple[Repair, Report]:
    """Mends what `check` finds, as far as a fix is safe, and proves each mend by checking again before it is written.

    Args:
        unsafe: also carry out fixes of which it is for their owner to say whether they are meant.
        write: False only says what would be written.

    Returns: what was mended, and the report of the project as it is then.

    Raises:
        Drifted: a file changed meanwhile; nothing is written then.
        OSError: a file cannot be written.
        UsageError, SettingsError, NothingToCheck: as `check` does.
    """
    from keyhop.apply import write as write_files
    from keyhop.repair import repaired

    directory = _directory(root)
    settings = load_settings(directory)

    def judged(instead: Mapping[str, bytes]) -> tuple[Report, Tree]:
        tree = Tree(directory, ignored=ignored, exclude=settings.exclude, instead=instead)
        return _report(tree, settings, shell=shell, process=process, deployment=deployment), tree

    repair, report = repaired(judged, unsafe=unsafe)
    if write and repair.now:
        write_files(directory, repair.before, repair.now)
    return repair, report


def _directory(root: str | Path) -> Path:
    directory = Path(root)
    if not directory.is_dir():
        raise UsageError(f"{os.fspath(root)} is no directory", help="Name the directory of a project.")
    return directory


@contextmanager
def _uncollected() -> Iterator[None]:
    """Syntax trees are many objects that live long: looking through them for garbage takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def _report(
    tree: Tree, settings: Settings, *, shell: Mapping[str, str] | None, process: str, deployment: str
) -> Report:
    started = perf_counter()
    desk = Desk(
        promises=Promises(tree),
        marker=Marker(),
        shell=None if shell is None else {name: Sealed(value) for name, value in shell.items()},
        deployments=settings.deployments,
    )
    assembly = assemble(tree, desk)
    topology = assembly.topology
    if not any(place.kind == "process" for place in topology.places.values()):
        raise NothingToCheck(
            f"{os.fspath(tree.root)} starts no process that keyhop can follow",
            help="It reads Compose files, Dockerfiles, Procfiles, scripts and pyproject.toml.",
        )
    trails = tuple(t for t in topology.trails() if _is_asked_for(t.need.owner, process, deployment, topology))
    kept = {id(trail) for trail in trails}
    findings = tuple(
        f
        for f in judge(topology)
        if (id(f.trail) in kept if f.trail else _is_asked_for(PlaceId(f.process), process, deployment, topology))
    )
    stay, silenced = silence(findings, tree, settings)
    return Report(
        topology=topology,
        trails=trails,
        findings=_with_edits(stay, tree),
        silenced=silenced,
        blindspots=assembly.blindspots,
        files_opened=tree.opened,
        seconds=perf_counter() - started,
    )


def _with_edits(findings: tuple[Finding, ...], tree: Tree) -> tuple[Finding, ...]:
    if not findings:
        return ()
    from keyhop.repair import with_edits  # late: most checks find nothing

    return tuple(with_edits(finding, tree) for finding in findings)


def trace(
    root: str | Path, name: str, *, to: str, shell: Mapping[str, str] | None = None
) -> tuple[tuple[Trail, ...], Topology]:
    """The journey of the variable `name` to each process that `to` names, whether or not it needs it.

    Raises:
        UsageError: no process of the project is called so.
    """
    topology = check(root, shell=shell).topology
    processes = [p.id for p in topology.places.values() if p.kind == "process"]
    found = [id for id in processes if _is_asked_for(id, to, "", topology)]
    if not found:
        near = get_close_matches(to, processes, 3, 0.3)
        raise UsageError(f"there is no process {to}", help=f"There is {', '.join(near or sorted(processes)[:5])}.")
    variable = VarName(name)
    needs = (
        Need(place=id, credential=name, any_of=(((variable,),),), because=f"keyhop trace {name}") for id in found
    )
    return tuple(topology.trail(need) for need in needs), topology


def _is_asked_for(id: PlaceId, process: str, deployment: str, topology: Topology) -> bool:
    if deployment and topology.place(id).deployment != deployment:
        return False
    return not process or fnmatchcase(id, process) or id.rpartition("#")[2] == process
