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

LIST = """
import json, sys
from importlib.metadata import distributions
size = lambda d: sum(f.size or 0 for f in d.files or () if f.suffix != ".pyc")
print(json.dumps({d.name: size(d) for d in distributions(path=[sys.argv[1]])}))
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(command, cwd=cwd, env=bare, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory into which the freshly built wheel was installed, with what it depends on and nothing else."""
    place = tmp_path_factory.mktemp("wheel")
    build = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, cwd=ROOT)
    assert build.returncode == 0, build.stderr
    (wheel,) = place.glob("keyhop-*.whl")
    target = place / "site"
    told = run(sys.executable, "-m", "pip", "install", "--quiet", "--target", target, wheel, cwd=place)
    assert told.returncode == 0, told.stderr
    return target


def keyhop(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the installed keyhop, with nothing in reach but the standard library and what came with it."""
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from keyhop.commands import main; sys.exit(main())"
    return run(sys.executable, "-S", "-I", "-c", code, *arguments, cwd=installed)


def test_it_starts(installed: Path):
    assert keyhop(installed, "--version").stdout.startswith("keyhop ")


def test_its_demo_has_all_its_files(installed: Path, tmp_path: Path):
    told = keyhop(installed, "demo", "--keep", str(tmp_path / "desk"), "--format", "json")
    assert told.returncode == 0, told.stderr
    steps = json.loads(told.stdout)["steps"]
    assert [step["title"] for step in steps if "check" in step]
    source = ROOT / "src/keyhop/demo/project"
    for path in source.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert (tmp_path / "desk/broken" / path.relative_to(source)).is_file()


def test_it_brings_few_and_small_packages(installed: Path):
    sizes: dict[str, int] = json.loads(run(sys.executable, "-c", LIST, str(installed), cwd=installed).stdout)
    own = sizes.pop("keyhop")
    assert own
    assert sizes
    assert len(sizes) <= MOST_PACKAGES, sizes
    assert sum(sizes.values()) < MOST_BYTES, sizes
