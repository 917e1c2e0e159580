"""What keyhop says a service gets, against what a real systemd 252 gave it as process 1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kubernetes_world import Cluster, gathered

from keyhop.catalogue import VarName
from keyhop.facts import Hop, Place, PlaceId, Supply
from keyhop.following import commands_of
from keyhop.launch import Entry, Launch
from keyhop.promises import Promises
from keyhop.readers.reader import Desk, Reading
from keyhop.readers.systemd import READER
from keyhop.sighting import State
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.view import View
from planting import plant

DATA: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data/hosts/systemd.json").read_text("utf-8"))
UNITS = {unit["id"]: unit for unit in DATA["units"]}
PROCESS = PlaceId("systemd:app.service")


def told(name: str, root: Path) -> Cluster:
    """The unit in a project that lies at ``/`` of its host."""
    unit = UNITS[name]
    files = {path.lstrip("/"): text for path, text in DATA["files"].items()}
    files["app.service"] = unit["unit"]
    files |= {f"app.service.d/{path}": text for path, text in unit.get("dropins", {}).items()}
    tree = plant(root, {path: text.replace("KEY", "OPENAI_API_KEY") for path, text in files.items()})
    desk = Desk(promises=Promises(tree), marker=Marker())
    source = tree.source("app.service")
    assert source is not None
    found: list[Reading] = list(READER.read(source, tree, desk))
    for launch in [each for each in found if isinstance(each, Launch)]:
        view = View(PROCESS, launch.layers, tree, desk.promises)
        found += [fact for fact in commands_of(launch, view, desk) if not isinstance(fact, Entry)]
        found += [fact for hop in found if isinstance(hop, Hop) for fact in view.file_facts(hop.source)]
    manager = next(each.id for each in found if isinstance(each, Place) and each.id.endswith(":manager"))
    for key, value in DATA["manager_env"].items():
        found.append(Supply(place=manager, name=VarName(key), seen=desk.see(Sealed(value), key)))
    return gathered(found, tree, desk, closed=False, image=None)


@pytest.mark.parametrize("name", [name for name, unit in UNITS.items() if "env" in unit])
def test_a_service_gets_what_systemd_gave_it(name: str, tmp_path: Path):
    world = told(name, tmp_path)
    given = {
        k.replace("KEY", "OPENAI_API_KEY"): v.replace("KEY", "OPENAI_API_KEY") for k, v in UNITS[name]["env"].items()
    }
    for variable in ("OPENAI_API_KEY", "A", "B", "C", "D", "F2", "FROMPID1"):
        seen = world.topology.value(PROCESS, VarName(variable)).seen
        expected = given.get(variable)
        if expected is not None and "/run/credentials/" in expected:
            expected = expected.replace("kh-env-pct2", "app")
        if name == "file-missing-dash" and variable not in given:
            assert seen.state in (State.ABSENT, State.UNKNOWN)  # the host itself may have the file
            continue
        if name == "sudo" and variable != "OPENAI_API_KEY":
            continue
        assert world.agrees(seen, expected), (variable, seen, expected)


@pytest.mark.parametrize("name", [name for name, unit in UNITS.items() if unit["start_rc"]])
def test_a_service_that_does_not_start_is_never_passed_over(name: str, tmp_path: Path):
    assert told(name, tmp_path).refusals


def test_the_cases_are_those_of_the_corpus():
    assert len(UNITS) == 34
