"""Everything that the README shows is what happens: its commands are run, and their output is compared."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from keyhop.commands import commands
from keyhop.demo.twins import lay_out
from keyhop.errors import KeyhopError
from keyhop.judge import rules
from keyhop.settings import load_settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Example:
    """A command after ``$``, and what it prints."""

    command: str
    output: str


def blocks(kind: str) -> list[str]:
    return [match["body"] for match in _BLOCK.finditer(README.read_text("utf-8")) if match["kind"] == kind]


def examples() -> Iterator[Example]:
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            yield Example(command, output)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that ``keyhop demo --keep desk`` leaves."""
    root = tmp_path_factory.mktemp("desk")
    for twin in ("broken", "mended"):
        lay_out(root / twin, twin, "sk-demo-0123456789")
    return root


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.command)
def test_an_example_prints_what_is_shown(example: Example, desk: Path, update: bool):
    words = shlex.split(example.command)
    assert words[0] == "keyhop"
    told = subprocess.run([sys.executable, "-m", *words], cwd=desk, capture_output=True, text=True, check=False)
    assert (told.returncode in (0, 1), told.stderr) == (True, "")
    if update:
        text = README.read_text("utf-8")
        shown = f"$ {example.command}\n"
        README.write_text(text.replace(shown + example.output, shown + told.stdout), "utf-8")
        return
    assert told.stdout == example.output


def test_the_readme_shows_a_lost_key_first():
    first, *_ = examples()
    assert "error[" in first.output
    assert README.read_text("utf-8").index("error[") < 2000


def test_every_command_exists():
    typed = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]
    assert typed
    makefile = (ROOT / "Makefile").read_text("utf-8")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for line in typed:
        match shlex.split(line, comments=True):
            case ["keyhop", verb, *_]:
                assert verb in commands()
            case ["make", target]:
                assert re.search(rf"^{target}:", makefile, re.M)
            case ["pip", "install", "keyhop"]:
                continue
            case ["pip", "install", named]:
                assert named.removeprefix("keyhop[").removesuffix("]") in extras
            case other:
                pytest.fail(f"nobody checks {other}")


def test_the_settings_are_understood(tmp_path: Path):
    (settings,) = blocks("toml")
    (tmp_path / "pyproject.toml").write_text(settings)
    found = load_settings(tmp_path)
    assert found.exclude
    assert found.deployments
    assert {each.rule for each in found.ignore} <= set(rules())


def test_the_exit_codes_are_told():
    text = README.read_text("utf-8")
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.M)}
    raised = {each.exit_code for each in (KeyhopError, *KeyhopError.__subclasses__())}
    assert told == {0, 1, 4, 5, 130} | raised


def test_every_link_into_the_project_leads_somewhere():
    for page in (README, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
