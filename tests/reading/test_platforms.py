"""Files of platforms, each in a small repository with the report that it gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyhop.api import check
from keyhop.assemble import readers
from keyhop.errors import NothingToCheck
from keyhop.launch import Launch
from keyhop.promises import Promises
from keyhop.readers.reader import Desk
from keyhop.text.seeing import Marker
from keyhop.tree import Tree
from literate import Case, cases, told

PAGE = Path(__file__).with_name("platforms.md")
KINDS = ("render", "aca", "sam", "cloudformation", "ecs")
CASES = tuple(cases(PAGE))


def report_of(root: Path) -> str:
    """What is said of the processes that platforms start."""
    try:
        lines = told(check(root)).splitlines(keepends=True)
    except NothingToCheck:
        return ""
    return "".join(line for line in lines if any(f" {kind}:" in line for kind in KINDS))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.title}")
def test_a_process_is_reported_as_its_page_says(case: Case, tmp_path: Path, update: bool):
    case.write(tmp_path)
    report = report_of(tmp_path)
    if update:
        PAGE.write_text(PAGE.read_text("utf-8").replace(case.text, case.expecting(report)), "utf-8")
    else:
        assert report == case.expected


def test_a_page_tells_of_every_verdict():
    told_of = {(case.kind, case.expected.partition(" ")[0].partition("[")[0]) for case in CASES}
    assert {("good", "arrives"), ("bad", "error"), ("unknown", "unknown")} <= told_of


@pytest.mark.parametrize(
    ("reader", "path", "text"),
    [
        (
            "render",
            "render.yaml",
            "services: [{type: web}, 3, {name: a, envVars: {key: x}}, {name: b, runtime: docker}]",
        ),
        ("aws-sam", "template.yaml", "Resources: {A: {Type: AWS::Serverless::Function}, B: 1}"),
        (
            "cloudformation",
            "stack.yaml",
            "Resources: {A: {Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [x]}}}",
        ),
        ("ecs", "task.json", '{"containerDefinitions": {"name": "x"}}'),
        (
            "azure-container-apps",
            "main.bicep",
            "resource a 'Microsoft.App/containerApps@1' = { properties: { template: [ } ",
        ),
        (
            "github-actions",
            ".github/workflows/a.yml",
            "on: push\njobs: {a: [], b: {steps: {run: x}}, c: {steps: [1, {run: [x]}]}}",
        ),
    ],
)
def test_a_file_of_another_shape_starts_nothing(reader: str, path: str, text: str, tmp_path: Path):
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text, "utf-8")
    tree = Tree(tmp_path)
    each = next(found for found in readers() if found.id == reader)
    assert tree.matching(*each.claims) == (path,)
    source = tree.source(path)
    assert source is not None
    found = list(each.read(source, tree, Desk(promises=Promises(tree), marker=Marker())))
    assert not [launch for launch in found if isinstance(launch, Launch) and launch.text]
