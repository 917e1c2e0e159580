"""Times ``keyhop check`` beside ``ruff check`` on a large tree, and alone on a small one.

    python bench/run.py [ROUNDS]

Asserts no time: it prints medians and ratios of one run on one machine. It does assert that what keyhop says of the
large trees is what it says of the reachable files alone.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import Runs, counted, in_turn, keyhop
from project import environment, packages, plant, target

HERE = Path(__file__).parent
CACHE = HERE / ".cache"
KINDS: dict[str, Callable[[Path, Path], None]] = {
    "virtual environment in the project": environment,
    "pip install --target vendor": target,
}


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    CACHE.mkdir(exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n")
    installed = packages(CACHE)
    with TemporaryDirectory(prefix="keyhop-bench-") as directory:  # not below a .gitignore, which ruff heeds
        root = Path(directory)
        alone = root / "alone"
        plant(alone, unreached=False)
        expected = counted(alone)["report"]
        for number, (title, put) in enumerate(KINDS.items()):
            tree = root / str(number)
            plant(tree, unreached=True)
            put(tree, installed)
            _large(title, tree, expected, rounds, lambda tree=tree, put=put: put(_second(tree), installed))
            shutil.rmtree(tree)
        _small(root / "small", rounds)
    return 0


def _second(tree: Path) -> Path:
    """Where the same packages go once more, so that the tree has twice the bytes."""
    (tree / "second").mkdir()
    return tree / "second"


def _large(title: str, tree: Path, expected: object, rounds: int, doubled: Callable[[], None]) -> None:
    files = sum(1 for _ in tree.rglob("*.py"))
    found = counted(tree)
    assert found["report"] == expected, f"{title}: keyhop says something else than of the reachable files alone"
    ruff = [_ruff(), "check", "--no-cache", "--isolated", "--select", "F821"]
    everywhere = ["--exclude", "nothing-is-excluded"] if put_away(title) else []
    runs = in_turn({"keyhop": keyhop(tree), "ruff": [*ruff, *everywhere, str(tree)]}, rounds)
    doubled()
    twice = in_turn({"keyhop": keyhop(tree)}, 1)["keyhop"]
    print(f"\n{title}: {files} Python files{', which ruff is told to enter' if everywhere else ''}")
    print(f"  keyhop opens {found['opened']} files and parses {found['parsed']}")
    _row("ruff", runs["ruff"], runs["ruff"])
    _row("keyhop", runs["keyhop"], runs["ruff"])
    print(f"  keyhop's peak with twice the packages: {twice.peak / 1e6:.0f} MB")


def put_away(title: str) -> bool:
    """Whether ruff, too, leaves the packages out unless it is told to enter."""
    return KINDS[title] is environment


def _small(project: Path, rounds: int) -> None:
    shutil.copytree(HERE.parent / "src" / "keyhop" / "demo" / "project", project)
    start = [sys.executable, "-c", "pass"]
    runs = in_turn({"python": start, "keyhop": keyhop(project)}, max(rounds, 15))
    print("\nthe demo's project")
    for name, each in runs.items():
        print(f"  {name:7} {min(each.seconds) * 1000:5.0f} ms at best, {each.middle * 1000:5.0f} ms in the middle")


def _row(name: str, runs: Runs, beside: Runs) -> None:
    print(
        f"  {name:7} {runs.middle:6.2f} s  {runs.middle / beside.middle:5.2f} of ruff"
        f"  {runs.peak / 1e6:5.0f} MB  ({min(runs.seconds):.2f}-{max(runs.seconds):.2f} s)"
    )


def _ruff() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "ruff"
    found = str(beside) if beside.exists() else shutil.which("ruff")
    if found is None:
        raise SystemExit("bench: ruff is not installed; make bench installs it")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
