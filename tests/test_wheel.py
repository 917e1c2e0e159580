"""The wheel, installed on its own: it works, and it brings little with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_PACKAGES = 3
MOST_BYTES = 2_000_000

INSTALLERS = {"pip", "setuptools", "wheel"}
LIST = """
import json
from importlib.metadata import distributions
size = lambda each: sum(file.size or 0 for file in each.files or () if file.suffix != ".pyc")
print(json.dumps({each.name: size(each) for each in distributions()}))
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(command, cwd=cwd, env=bare, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment that holds the wheel, just built, and what it depends on."""
    place = tmp_path_factory.mktemp("wheel")
    build = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, cwd=ROOT)
    assert build.returncode == 0, build.stderr
    (wheel,) = place.glob("keyhop-*.whl")
    for command in (
        (sys.executable, "-m", "venv", place / "fresh"),
        (place / "fresh/bin/python", "-m", "pip", "install", "--quiet", wheel),
    ):
        told = run(*command, cwd=place)
        assert told.returncode == 0, told.stderr
    return place / "fresh/bin"


def test_it_starts(programs: Path, tmp_path: Path):
    assert run(programs / "keyhop", "--version", cwd=tmp_path).stdout.startswith("keyhop ")


def test_its_demo_has_all_its_files(programs: Path, tmp_path: Path):
    told = run(programs / "keyhop", "demo", "--keep", "desk", "--format", "json", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    steps = json.loads(told.stdout)["steps"]
    assert [step["title"] for step in steps if "skipped" in step]
    source = ROOT / "src/keyhop/demo/project"
    for path in source.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert (tmp_path / "desk/broken" / path.relative_to(source)).is_file()


def test_it_brings_few_and_small_packages(programs: Path, tmp_path: Path):
    sizes: dict[str, int] = json.loads(run(programs / "python", "-c", LIST, cwd=tmp_path).stdout)
    assert sizes.pop("keyhop")
    brought = {name: size for name, size in sizes.items() if name not in INSTALLERS}
    assert brought
    assert len(brought) <= MOST_PACKAGES, brought
    assert sum(brought.values()) < MOST_BYTES, brought
