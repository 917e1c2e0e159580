"""What keyhop says a container gets, against what a real Docker Engine gave it (docker-compose 5.6.1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from compose_world import Reading, read

from keyhop.catalogue import VarName
from keyhop.facts import PlaceId
from keyhop.value import Loss, Verdict

CONTENT = VarName("@content")


def cases() -> dict[str, Any]:
    """The cases by name. Scripts are followed for names that somebody needs, so KEY takes such a name in theirs."""
    text = (Path(__file__).parents[1] / "data/hosts/compose.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    scripted = {name: case for name, case in found.items() if case["case"]["mode"] == "entry"}
    return {**found, **json.loads(json.dumps(scripted).replace("KEY", "OPENAI_API_KEY"))}


CASES = cases()


def told(case: dict[str, Any], root: Path) -> Reading:
    question = case["case"]
    return read(
        root,
        case["files"],
        arguments=question.get("args", ()),
        cwd=question.get("cwd", ""),
        shell=question.get("env", {}),
        run=question.get("run_args", ()),
        command=("cat", "/proc/self/environ") if question["mode"] == "entry" else (),
    )


def gave(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each service got; nothing where the real program refused."""
    found = case["expected"].get("container") or {}
    return {name: service for name, service in found.items() if service.get("ok")}


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if gave(case)])
def test_a_service_gets_what_the_container_got(name: str, tmp_path: Path):
    case = CASES[name]
    reading = told(case, tmp_path)
    for service, container in gave(case).items():
        expected = environment(case, service, container)
        for variable in case["case"]["watch"]:
            seen = reading.value(service, variable).seen
            assert reading.agrees(seen, expected.get(variable)), (service, variable, seen)


def environment(case: dict[str, Any], service: str, container: dict[str, Any]) -> dict[str, str]:
    """The process's own variables: listed, printed by its command, or those of `docker compose config`."""
    if "env" in container:
        return dict(container["env"])
    if "\0" in container["stdout"]:
        pairs = (line.partition("=") for line in container["stdout"].split("\0") if line)
        return {name: value for name, _, value in pairs}
    found = case["expected"]["config"]["services"][service]["environment"]
    return {name: value.replace("$$", "$") for name, value in found.items()}


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if not gave(case)])
def test_what_compose_refuses_is_never_passed_over(name: str, tmp_path: Path):
    reading = told(CASES[name], tmp_path)
    refused = [
        variable
        for service in reading.processes
        for variable in CASES[name]["case"]["watch"]
        if (value := reading.value(service, variable)).verdict is Verdict.LOST and value.loss is Loss.REFUSED
    ]
    assert reading.blindspots or refused
    assert all(spot.span for spot in reading.blindspots)


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case["expected"]["config"]["ok"]])
def test_a_service_starts_the_command_that_compose_says(name: str, tmp_path: Path):
    reading = told(CASES[name], tmp_path)
    for service, config in CASES[name]["expected"]["config"]["services"].items():
        if "command" in config:
            assert list(reading.launches[service].words or ()) == config["command"]


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case["case"].get("extra_files")])
def test_files_are_where_the_container_has_them(name: str, tmp_path: Path):
    case = CASES[name]
    reading = told(case, tmp_path)
    for service, container in gave(case).items():
        view = reading.view(service)
        for path in case["case"]["extra_files"]:
            assert (view.presence(path) == "here") == (path in container.get("files", {})), path


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if n.startswith("secret-") and gave(case)])
def test_a_secret_is_the_file_that_the_container_has(name: str, tmp_path: Path):
    case = CASES[name]
    reading = told(case, tmp_path)
    for service, container in gave(case).items():
        for path, file in container.get("files", {}).items():
            value = reading.topology.value(PlaceId(f"{reading.processes[service]}:{path}"), CONTENT)
            if file["readable"]:
                assert reading.agrees(value.seen, file["content"]), path


def test_the_cases_are_those_of_the_corpus():
    assert len(CASES) == 76
