"""Every case of every rule's page, end to end. ``pytest --update`` rewrites the reports; read what it wrote."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from keyhop import judge
from keyhop.api import check
from keyhop.catalogue import ProviderId, VarName
from keyhop.facts import Need, Place, PlaceId, Required
from keyhop.report import Report
from keyhop.rules.misspelt_variable_name import is_near
from keyhop.topology import Topology
from keyhop.value import Trail, Verdict
from literate import Case, cases, told

PAGES = sorted((Path(__file__).parent / "rules").glob("*.md"))
CASES = [case for page in PAGES for case in cases(page)]

each_case = pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}-{case.kind}-{case.title}" for case in CASES])
each_page = pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])


@cache
def report_of(case: Case) -> Report:
    with TemporaryDirectory() as directory:
        root = Path(directory)
        case.write(root)
        return check(root)


@each_case
def test_a_case_gets_its_report(case: Case, update: bool):
    found = told(report_of(case))
    if update:
        text = case.page.read_text("utf-8")
        case.page.write_text(text.replace(case.text, case.expecting(found)), "utf-8")
    else:
        assert found == case.expected


@each_case
def test_a_rule_speaks_in_its_bad_cases_only(case: Case):
    speaks = case.rule in {finding.rule for finding in report_of(case).findings}
    assert speaks is (case.kind == "bad")


@each_case
def test_a_silent_case_is_silent_for_its_own_reason(case: Case):
    verdicts = {trail.verdict for trail in report_of(case).trails}
    if case.kind == "good":
        assert Verdict.ARRIVES in verdicts
        assert not [f for f in report_of(case).findings if f.severity > 0]
    if case.kind == "unknown":
        assert Verdict.UNKNOWN in verdicts


@each_case
def test_each_lost_credential_has_one_finding(case: Case):
    report = report_of(case)
    spoken = Counter(id(finding.trail) for finding in report.findings)
    lost = [t for t in report.trails if t.verdict is Verdict.LOST and t.need.required is not Required.OPTIONAL]
    assert [spoken[id(trail)] for trail in lost] == [1] * len(lost)


@each_case
def test_the_order_of_rules_decides_nothing(case: Case, monkeypatch: pytest.MonkeyPatch):
    topology = report_of(case).topology
    found = judge.judge(topology)
    backwards = dict(reversed(judge.rules().items()))
    monkeypatch.setattr(judge, "rules", lambda: backwards)
    assert judge.judge(topology) == found


@each_case
def test_what_is_said_keeps_to_the_style_of_messages(case: Case):
    for finding in report_of(case).findings:
        assert not finding.message.endswith(".")
        assert finding.span.path in case.files
        assert all(fix.title[0].isupper() and fix.title.endswith(".") for fix in finding.fixes)


@each_case
def test_no_value_of_the_project_is_said(case: Case):
    said = told(report_of(case))
    values = [line.partition("=")[2].strip("\"' ") for body in case.files.values() for line in body.splitlines()]
    assert not [value for value in values if value.startswith("sk-") and value in said]


@each_page
def test_a_page_has_cases_of_all_three_kinds(page: Path):
    assert {case.kind for case in cases(page)} == {"bad", "good", "unknown"}


@pytest.mark.parametrize(
    ("name", "wanted", "provider"),
    [
        ("openai_api_key", "OPENAI_API_KEY", "openai"),
        ("OPENAI-API-KEY", "OPENAI_API_KEY", "openai"),
        ("OPENAI_KEY", "OPENAI_API_KEY", "openai"),
        ("OPEN_AI_API_KEY", "OPENAI_API_KEY", "openai"),
        ("OPENAI_API_KYE", "OPENAI_API_KEY", "openai"),
        ("OPNAI_API_KEY", "OPENAI_API_KEY", "openai"),
        ("ANTHROPIC_TOKEN", "ANTHROPIC_API_KEY", "anthropic"),
        ("AZURE_OPENAI_API_KEY", "AZURE_API_KEY", "azure"),
        ("LEDGER_TOKEN", "LEDGER_API_TOKEN", None),
    ],
)
def test_a_name_that_is_plainly_meant_for_another_is_near(name: str, wanted: str, provider: str | None):
    assert is_near(VarName(name), lost(wanted, provider))


@pytest.mark.parametrize(
    ("name", "wanted", "provider"),
    [
        ("OPENAI_API_KEY_2", "OPENAI_API_KEY", "openai"),
        ("OPENAI_API_KEY2", "OPENAI_API_KEY", "openai"),
        ("OPENAI_BASE_URL", "OPENAI_API_KEY", "openai"),
        ("OPENAI_ORG_ID", "OPENAI_API_KEY", "openai"),
        ("XAI_API_KEY", "AI_API_KEY", None),
        ("OPENAI_API_KEY", "AZURE_API_KEY", "azure"),
        ("AZURE_OPENAI_API_KEY", "AZURE_ENDPOINT", "azure"),
        ("GROK_API_KEY", "GROQ_API_KEY", "groq"),
        ("API_KEY", "OPENAI_API_KEY", "openai"),
        ("DB_PASSWORD", "OPENAI_API_KEY", "openai"),
        ("SERPAPI_API_KEY", "SERPER_API_KEY", "serper"),
    ],
)
def test_a_name_with_a_meaning_of_its_own_is_not_near(name: str, wanted: str, provider: str | None):
    assert not is_near(VarName(name), lost(wanted, provider))


def lost(name: str, provider: str | None) -> Trail:
    need = Need(
        place=PlaceId("worker"),
        credential=name,
        any_of=(((VarName(name),),),),
        provider=ProviderId(provider) if provider else None,
    )
    return Topology([Place(id=PlaceId("worker"), kind="process"), need]).trail(need)
