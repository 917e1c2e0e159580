"""keyhop's own action and hook: what GitHub and pre-commit take, and no pattern that zizmor warns of."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from keyhop.commands import parser
from keyhop.span import Source
from keyhop.text.yaml import Mapping, Scalar, Sequence, parse

ROOT = Path(__file__).parents[2]


def program(name: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def passes(*words: str) -> str:
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def test_the_action_is_what_the_schema_of_actions_allows():
    assert not passes(program("check-jsonschema"), "--builtin-schema", "vendor.github-actions", "action.yml")


def test_the_action_and_the_workflows_have_no_pattern_that_zizmor_warns_of():
    assert not passes(program("zizmor"), "--offline", "--persona", "pedantic", "action.yml")
    assert not passes(program("zizmor"), "--offline", ".github")


def test_the_hook_starts_a_command_that_there_is():
    (document,) = parse(Source(path="hooks", data=(ROOT / ".pre-commit-hooks.yaml").read_bytes()))
    assert isinstance(document, Sequence)
    (hook,) = document.items
    assert isinstance(hook, Mapping)
    entry = hook.get("entry")
    assert isinstance(entry, Scalar)
    program_name, *words = entry.text.split()
    assert program_name == "keyhop"
    assert parser().parse_args(words).command == "check"
