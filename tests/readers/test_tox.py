"""What a tox environment has of its user's shell, against the real tox where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from kubernetes_world import Cluster, gathered

from keyhop.catalogue import VarName
from keyhop.facts import Place, PlaceId, Supply, World
from keyhop.promises import Promises
from keyhop.readers.reader import Desk
from keyhop.readers.tox import READER
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from planting import plant

TOX = shutil.which("tox", path=os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", ""))))
SHELL = {"OPENAI_API_KEY": "sk-shell", "SERPER_API_KEY": "serper", "OTHER": "o"}
COMMAND = "python -c 'import json, os; print(json.dumps(dict(os.environ)))'"
INI = f"""
[tox]
env_list = py, live, mock-{{a,b}}
skipsdist = true
[shared]
keys =
    serper_API_KEY
[testenv]
skip_install = true
set_env =
    QUOTED = "q"
    CUT = v # comment
    HASH = v\\#w
    mock: OPENAI_API_KEY = sk-mock
    !mock: PLAIN = {{env:NOPE:default}}
    b: ONLY_B = 1
commands = {COMMAND}
[testenv:live]
pass_env =
    OPENAI_*
    {{[shared]keys}}
set_env =
    file|.env
    MIXED = a-{{env:OTHER}}-{{env:NOPE:}}
"""
TOML = """
env_list = ["py", "live"]
[env_run_base]
skip_install = true
set_env = { A = "a", B = { replace = "env", name = "OTHER", default = "d" } }
commands = [["python", "-c", "import json, os; print(json.dumps(dict(os.environ)))"]]
[env.live]
pass_env = ["OPENAI_API_KEY"]
"""
ENV = 'FROM_FILE = "sk-file"\n# comment\nOPENAI_API_KEY=sk-file # c\n'
PROJECTS = {
    "tox.ini": {"tox.ini": INI, ".env": ENV},
    "tox.toml": {"tox.toml": TOML},
    "pyproject.toml": {
        "pyproject.toml": TOML.replace("env_list", "[tool.tox]\nenv_list", 1)
        .replace("[env_run_base]", "[tool.tox.env_run_base]")
        .replace("[env.live]", "[tool.tox.env.live]")
    },
    "an ini in pyproject.toml": {"pyproject.toml": f"[tool.tox]\nlegacy_tox_ini = '''{INI}'''\n", ".env": ENV},
}
ENVIRONMENTS = {"tox.ini": ("py", "live", "mock-a", "mock-b"), "tox.toml": ("py", "live")}
NAMES = (*SHELL, "QUOTED", "CUT", "HASH", "PLAIN", "ONLY_B", "MIXED", "FROM_FILE", "A", "B")
CASES = [
    (project, name) for project in PROJECTS for name in ENVIRONMENTS["tox.ini" if "ini" in project else "tox.toml"]
]


def told(root: Path, files: Mapping[str, str]) -> Cluster:
    tree = plant(root, files)
    desk = Desk(promises=Promises(tree), marker=Marker())
    sources = [tree.source(path) for path in tree.matching(*READER.claims)]
    found = [reading for source in sources if source for reading in READER.read(source, tree, desk)]
    shells = {each.source for each in found if getattr(each, "source", "").endswith(":shell")}
    for shell in shells:
        found.append(Place(id=shell, kind="shell", world=World.CLOSED))
        found += [Supply(place=shell, name=VarName(k), seen=desk.see(Sealed(v), k)) for k, v in SHELL.items()]
    world = gathered(found, tree, desk, closed=False, image=None)
    return replace(world, facts=())


def process(project: str, name: str) -> PlaceId:
    return PlaceId(f"tox:{next(iter(PROJECTS[project]))}#{name}")


@pytest.mark.skipif(TOX is None, reason="tox is not installed")
@pytest.mark.parametrize(("project", "name"), CASES)
def test_an_environment_has_what_tox_gives_it(project: str, name: str, tmp_path: Path):
    world = told(tmp_path, PROJECTS[project])
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **SHELL}
    command = [str(TOX), "run", "-q", "-e", name, "--workdir", str(tmp_path / "work")]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    gave = json.loads(next(line for line in run.stdout.splitlines() if line.startswith("{")))
    for variable in NAMES:
        seen = world.topology.value(process(project, name), VarName(variable)).seen
        expected = gave.get(variable)
        texted = expected is not None and seen.mark is None and expected.startswith("a-")
        assert texted or world.agrees(seen, expected), (variable, seen, expected)


@pytest.mark.parametrize(
    ("project", "name", "expected"),
    [
        ("tox.ini", "py", {"OPENAI_API_KEY": None, "QUOTED": '"q"', "CUT": "v", "HASH": "v#w", "PLAIN": "default"}),
        ("tox.ini", "live", {"OPENAI_API_KEY": "sk-file # c", "SERPER_API_KEY": "serper", "OTHER": None}),
        ("tox.ini", "mock-b", {"OPENAI_API_KEY": "sk-mock", "ONLY_B": "1", "PLAIN": None}),
        ("tox.toml", "live", {"OPENAI_API_KEY": "sk-shell", "A": "a", "B": "o", "OTHER": None}),
        ("pyproject.toml", "py", {"OPENAI_API_KEY": None, "A": "a"}),
    ],
)
def test_an_environment_has_what_its_configuration_names(
    project: str, name: str, expected: dict[str, str | None], tmp_path: Path
):
    world = told(tmp_path, PROJECTS[project])
    for variable, text in expected.items():
        seen = world.topology.value(process(project, name), VarName(variable)).seen
        assert world.agrees(seen, text), (variable, seen)
