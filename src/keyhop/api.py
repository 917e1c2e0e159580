"""What the commands do, as functions. Nothing in here prints or exits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from time import perf_counter

from keyhop.assemble import assemble
from keyhop.catalogue import VarName
from keyhop.errors import NothingToCheck, UsageError
from keyhop.facts import Need, PlaceId
from keyhop.judge import judge
from keyhop.promises import Promises
from keyhop.readers.reader import Desk
from keyhop.report import Report
from keyhop.settings import load_settings
from keyhop.silence import silence
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.topology import Topology
from keyhop.tree import Tree
from keyhop.value import Trail


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
    started = perf_counter()
    directory = Path(root)
    if not directory.is_dir():
        raise UsageError(f"{os.fspath(root)} is no directory", help="Name the directory of a project.")
    settings = load_settings(directory)
    tree = Tree(directory, ignored=ignored, exclude=settings.exclude)
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
            f"{os.fspath(root)} starts no process that keyhop can follow",
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
        findings=stay,
        silenced=silenced,
        blindspots=assembly.blindspots,
        files_opened=tree.opened,
        seconds=perf_counter() - started,
    )


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
