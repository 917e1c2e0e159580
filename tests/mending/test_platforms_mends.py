"""Mends of platforms' files: entries that name a value, and hold none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mended_projects import KEY, added, mended

from keyhop.api import check
from keyhop.finding import Safety

WEB = """\
services:
  - type: web
    name: web
    runtime: python
    startCommand: python crew.py
    envVars:
      - key: MODE
        value: fast
"""
WORKER = WEB.partition("\n")[2].replace("name: web", "name: worker").replace("type: web", "type: worker")


def test_render_is_asked_for_the_key_with_leave(tmp_path: Path):
    files = {"render.yaml": WEB + "      - key: SERPER_API_KEY\n        sync: false\n"}
    assert mended(tmp_path, files).now == {}
    repair = mended(tmp_path, files, unsafe=True)
    assert added(repair, "render.yaml") == f"      - key: {KEY}\n        sync: false\n"
    assert check(tmp_path).findings == ()


@pytest.mark.parametrize(
    ("entry", "more", "expected"),
    [
        (f"      - key: {KEY}\n        sync: false\n", "", f"      - key: {KEY}\n        sync: false\n"),
        (
            f"      - {{key: {KEY}, fromService: {{type: pserv, name: vault, envVarKey: {KEY}}}}}\n",
            "",
            f"      - {{key: {KEY}, fromService: {{type: pserv, name: vault, envVarKey: {KEY}}}}}\n",
        ),
        (
            "      - fromGroup: keys\n",
            f"envVarGroups:\n  - name: keys\n    envVars:\n      - key: {KEY}\n        sync: false\n",
            "      - fromGroup: keys\n",
        ),
    ],
    ids=["dashboard", "another service", "group"],
)
def test_a_service_of_render_gets_the_key_as_its_sibling(entry: str, more: str, expected: str, tmp_path: Path):
    vault = (
        "  - type: pserv\n    name: vault\n    runtime: image\n    image: {url: vault}\n"
        f"    envVars: [{{key: {KEY}, sync: false}}]\n"
    )
    known = "      - key: SERPER_API_KEY\n        sync: false\n"
    repair = mended(tmp_path, {"render.yaml": f"{WEB}{entry}{WORKER}{known}{vault}{more}"})
    assert {each.fix.safety for each in repair.mended} == {Safety.SAFE}
    assert added(repair, "render.yaml") == expected


def test_a_key_that_stands_in_a_blueprint_is_not_copied(tmp_path: Path):
    files = {"render.yaml": f"{WEB}      - key: {KEY}\n        value: sk-proj-1\n{WORKER}"}
    assert mended(tmp_path, files).now == {}


def test_a_container_of_a_task_refers_to_the_secret_of_its_sibling(tmp_path: Path):
    secret = {"name": KEY, "valueFrom": "arn:aws:secretsmanager:eu-west-1:0123:secret:crew"}
    other = {"name": "MODE", "valueFrom": "arn:aws:ssm:eu-west-1:0123:parameter/mode"}
    image = "0123.dkr.ecr.eu-west-1.amazonaws.com/crew"
    web = {"name": "web", "image": image, "secrets": [secret]}
    worker = {"name": "worker", "image": image, "secrets": [other]}
    plain = {"name": "plain", "image": image}
    task = {"family": "crew", "containerDefinitions": [web, worker, plain]}
    repair = mended(tmp_path, {"task-definition.json": json.dumps(task, indent=2) + "\n"})
    again = json.loads(repair.now["task-definition.json"])
    assert [each["secrets"] for each in again["containerDefinitions"]] == [[secret], [other, secret], [secret]]
    assert {**again, "containerDefinitions": None} == {**task, "containerDefinitions": None}
