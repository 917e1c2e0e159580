"""Mends of workflows: zizmor finds nothing in them that it did not find before, and act takes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from mended_projects import KEY, added, mended

from keyhop.api import check
from keyhop.finding import Safety

CHECKOUT = """\
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2
        with:
          persist-credentials: false
"""
WEB = f"""\
name: Daily
on:
  workflow_dispatch:
permissions: {{}}
jobs:
  web:
    name: Web
    runs-on: ubuntu-24.04
    steps:
{CHECKOUT}\
      - run: python crew.py
        env:
          OPENAI_API_KEY: ${{{{ secrets.OPENAI_KEY }}}}
"""
WORKER = f"""\
  worker:
    name: Worker
    runs-on: ubuntu-24.04
    steps:
{CHECKOUT}\
      - name: write
        run: python crew.py
"""
CALLED = f"""\
name: Write
on:
  workflow_call:
    secrets:
      openai_api_key:
        required: false
permissions: {{}}
jobs:
  write:
    name: Write
    runs-on: ubuntu-24.04
    steps:
{CHECKOUT}\
      - run: python crew.py
        env:
          OPENAI_API_KEY: ${{{{ secrets.openai_api_key }}}}
"""
CALL = """\
name: Nightly
on:
  workflow_dispatch:
permissions: {}
jobs:
  nightly:
    name: Nightly
    uses: ./.github/workflows/write.yml  # zizmor: ignore[self-repository]
"""
DAILY = ".github/workflows/daily.yml"


def taken(root: Path) -> None:
    """By act, and by zizmor without a word."""
    binaries = Path(sys.executable).parent
    workflows = root / ".github" / "workflows"
    for command in (["zizmor", "--offline"], ["act", "--validate", "--strict", "-W"]):
        run = subprocess.run(
            [binaries / command[0], *command[1:], workflows], cwd=root, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr


def test_a_step_gets_the_secret_as_a_job_beside_it_has_it(tmp_path: Path):
    repair = mended(tmp_path, {DAILY: WEB + WORKER})
    assert added(repair, DAILY) == "        env:\n          OPENAI_API_KEY: ${{ secrets.OPENAI_KEY }}\n"
    assert check(tmp_path).findings == ()
    taken(tmp_path)


def test_a_step_that_has_an_env_gets_one_line_more_in_its_style(tmp_path: Path):
    files = {DAILY: WEB + WORKER + "        env:\n            MODE: fast  # slow at night\n"}
    repair = mended(tmp_path, files)
    assert added(repair, DAILY) == "            OPENAI_API_KEY: ${{ secrets.OPENAI_KEY }}\n"
    taken(tmp_path)


def test_a_secret_of_an_earlier_step_is_given_with_leave(tmp_path: Path):
    step = "      - run: pip install crewai\n        env:\n          OPENAI_API_KEY: ${{ secrets.MINE }}\n"
    files = {
        DAILY: WEB.partition("  web:")[0] + WORKER.replace("      - name: write\n", f"{step}      - name: write\n")
    }
    assert mended(tmp_path, files).now == {}
    repair = mended(tmp_path, files, unsafe=True)
    assert added(repair, DAILY) == "        env:\n          OPENAI_API_KEY: ${{ secrets.MINE }}\n"
    assert {each.fix.safety for each in repair.mended} == {Safety.UNSAFE}
    taken(tmp_path)


@pytest.mark.parametrize("more", ["", "    secrets:\n      other: ${{ secrets.OTHER }}\n"])
def test_a_call_hands_on_the_one_secret_that_the_called_workflow_asks_for(more: str, tmp_path: Path):
    called = (
        CALLED
        if not more
        else CALLED.replace("    secrets:\n", "    secrets:\n      other:\n        required: true\n")
    )
    files = {".github/workflows/write.yml": called, ".github/workflows/nightly.yml": CALL + more}
    repair = mended(tmp_path, files, unsafe=True)
    head = "" if more else "    secrets:\n"
    expected = f"{head}      openai_api_key: ${{{{ secrets.{KEY} }}}}\n"
    assert added(repair, ".github/workflows/nightly.yml") == expected
    assert check(tmp_path).findings == ()
    taken(tmp_path)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("", f"    secrets:\n      {KEY}:\n        required: true\n"),
        (
            "    inputs:\n      topic:\n        type: string\n",
            f"    secrets:\n      {KEY}:\n        required: true\n",
        ),
        ("    secrets:\n      other:\n        required: false\n", f"      {KEY}:\n        required: true\n"),
    ],
    ids=["nothing", "inputs", "another secret"],
)
def test_a_secret_that_the_called_workflow_only_uses_is_declared_there(declared: str, expected: str, tmp_path: Path):
    called = CALLED.replace("    secrets:\n      openai_api_key:\n        required: false\n", declared)
    called = called.replace("secrets.openai_api_key", f"secrets.{KEY}")
    files = {".github/workflows/write.yml": called, ".github/workflows/nightly.yml": CALL}
    repair = mended(tmp_path, files, unsafe=True)
    assert added(repair, ".github/workflows/write.yml") == expected
    assert added(repair, ".github/workflows/nightly.yml") == f"    secrets:\n      {KEY}: ${{{{ secrets.{KEY} }}}}\n"
    assert check(tmp_path).findings == ()
    taken(tmp_path)


@pytest.mark.parametrize("event", ["pull_request_target", "issue_comment"])
def test_what_strangers_may_start_gets_no_secret(event: str, tmp_path: Path):
    assert mended(tmp_path, {DAILY: (WEB + WORKER).replace("workflow_dispatch", event)}, unsafe=True).now == {}


def test_a_name_is_written_right_and_the_secret_keeps_its_own(tmp_path: Path):
    web = WEB.replace("OPENAI_API_KEY: ${{ secrets.OPENAI_KEY", "OPENAI_KEY: ${{ secrets.OPENAI_KEY")
    repair = mended(tmp_path, {DAILY: web}, unsafe=True)
    assert added(repair, DAILY) == "          OPENAI_API_KEY: ${{ secrets.OPENAI_KEY }}\n"
    taken(tmp_path)
