"""What keyhop says a container gets, against what docker 20.10 and podman 4.3 gave it, and against a live Engine."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keyhop.catalogue import VarName
from keyhop.envfiles import env_file_facts
from keyhop.facts import Dialect, Fact, Hop, Place, PlaceId, Supply
from keyhop.launch import Launch
from keyhop.promises import Promises
from keyhop.readers.docker_run import READER
from keyhop.readers.reader import Desk
from keyhop.sighting import Seen, State
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.topology import Topology
from keyhop.tree import Tree
from testbed.docker_engine import IMAGE, NoEngine, docker_engine

CASES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data/hosts/docker_run.json").read_text("utf-8"))
WATCHED = ("KEY", "IMGONLY", "A", "B")
CASES["file-bare"]["expected"]["podman"]["KEY"] = "img"
"""podman 4.3, which made the cases, passed the caller's value on; podman 5.4 does not look at a lone name."""


class Told:
    """What keyhop says of one ``docker run`` in a script of the project that builds its image."""

    def __init__(self, case: dict[str, Any], root: Path, program: str) -> None:
        argv = [program, *("crew" if word == "IMG" else word for word in case["argv"][1:])]
        script = f"{program} build -t crew .\n{shlex.join(argv)}\n"
        variables = "".join(f'ENV {name}="{value}"\n' for name, value in case["image_env"].items())
        dockerfile = f'FROM busybox\n{variables}CMD ["env"]\n'
        for path, text in {**case["files"], "run.sh": script, "Dockerfile": dockerfile}.items():
            (root / path).write_text(text)
        tree = Tree(root)
        self.desk = Desk(
            promises=Promises(tree),
            marker=Marker(),
            shell={name: Sealed(value) for name, value in case["shell"].items()},
        )
        source = tree.source("run.sh")
        assert source is not None
        readings = tuple(READER.read(source, tree, self.desk))
        self.launches = [each for each in readings if isinstance(each, Launch)]
        facts = [each for each in readings if not isinstance(each, Launch)]
        self.process = next(each.id for each in facts if isinstance(each, Place) and each.kind == "process")
        self.topology = Topology([*facts, *self._around(facts, tree, case["shell"])])

    def _around(self, facts: list[Fact], tree: Tree, shell: dict[str, str]) -> Iterator[Fact]:
        dialects: dict[PlaceId, set[Dialect]] = {}
        for hop in facts:
            if isinstance(hop, Hop):
                dialects.setdefault(hop.source, set()).add(hop.dialect)
        for source, asked in dialects.items():
            if source.endswith(":shell"):
                yield Place(id=source, kind="shell")
                for name, value in shell.items():
                    yield Supply(place=source, name=VarName(name), seen=self.desk.see(Sealed(value), name))
            elif ":" not in source:
                yield from env_file_facts(source, frozenset(asked), frozenset(map(VarName, WATCHED)), tree, self.desk)

    def seen(self, name: str) -> Seen:
        return self.topology.value(self.process, VarName(name)).seen

    def agrees(self, name: str, expected: str | None) -> bool:
        seen = self.seen(name)
        if expected is None or expected == "":
            return seen.state is (State.ABSENT if expected is None else State.EMPTY)
        return seen.mark is not None and seen.mark == self.desk.marker.mark(Sealed(expected))


@pytest.mark.parametrize("program", ["docker", "podman"])
@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case["expected"]["docker"] is not None])
def test_a_container_gets_what_keyhop_says(name: str, program: str, tmp_path: Path):
    told = Told(CASES[name], tmp_path, program)
    for variable in WATCHED:
        expected = CASES[name]["expected"][program].get(variable)
        assert told.agrees(variable, expected), (variable, told.seen(variable))


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case["breaks"]])
def test_a_break_is_seen_as_a_value_that_does_not_arrive_whole(name: str, tmp_path: Path):
    """Where docker refuses to run, the command behind the image is not what its author meant."""
    case = CASES[name]
    told = Told(case, tmp_path, "docker")
    if case["expected"]["docker"] is None:
        assert [launch.words for launch in told.launches] in ([("-e", "KEY=v")], [("v", "crew")])
    else:
        broken = case["breaks"] == "no KEY" or not told.seen("KEY").usable
        assert broken


def test_podman_keeps_the_images_value_where_docker_removes_it(tmp_path: Path):
    case = {**CASES["e-pass-empty"], "shell": {}}
    (tmp_path / "d").mkdir()
    (tmp_path / "p").mkdir()
    assert Told(case, tmp_path / "d", "docker").agrees("KEY", None)
    assert Told(case, tmp_path / "p", "podman").agrees("KEY", "img")


LIVE = {
    "an env file yields to -e": (["-e", "KEY=e", "--env-file", "f.env"], {}),
    "a later env file wins": (["--env-file", "f.env", "--env-file", "g.env"], {}),
    "a lone name that the caller lacks removes the image's": (["-e", "KEY"], {}),
    "a lone name in an env file is the caller's": (["--env-file", "bare.env"], {"KEY": "shell"}),
    "a lone name does not hide the env file's": (["-e", "KEY", "--env-file", "f.env"], {}),
    "letters of options stick together": (["-eKEY=x", "--env=B=y"], {}),
    "quotes and comments stay": (["--env-file", "odd.env"], {}),
}
FILES = {
    "f.env": "KEY=file\nB=1\n",
    "g.env": "KEY=second\n",
    "bare.env": "KEY\nB\n",
    "odd.env": "KEY=\"v\" # c\nB='w'  \n",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    try:
        with docker_engine(tmp_path_factory.mktemp("engine")) as client:
            yield client
    except NoEngine as why:
        pytest.skip(str(why))


@pytest.mark.parametrize("title", LIVE)
def test_a_live_engine_agrees(title: str, engine: dict[str, str], tmp_path: Path):
    options, shell = LIVE[title]
    image_env = {"KEY": "img", "IMGONLY": "1"}
    case = {
        "argv": ["docker", "run", "--rm", "--network", "host", *options, "IMG"],
        "image_env": image_env,
        "shell": shell,
        "files": FILES,
    }
    told = Told(case, tmp_path, "docker")
    (tmp_path / "Live").write_text(f"FROM {IMAGE}\n" + "".join(f"ENV {n}={v}\n" for n, v in image_env.items()))
    subprocess.run(
        ["docker", "build", "-q", "-t", "live", "-f", "Live", "."],
        cwd=tmp_path, env=engine, capture_output=True, check=True,
    )  # fmt: skip
    ran = subprocess.run(
        ["docker", "run", "--rm", "--network", "host", *options, "live", "env"],
        cwd=tmp_path, env={**engine, **shell}, capture_output=True, check=True, text=True,
    )  # fmt: skip
    got = dict(line.partition("=")[::2] for line in ran.stdout.splitlines())
    for variable in WATCHED:
        assert told.agrees(variable, got.get(variable)), (variable, got.get(variable), told.seen(variable))
