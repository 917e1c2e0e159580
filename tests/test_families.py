"""Each member of a family is one file with one constant, an id that is its name, and a test.

A wire format's file also names its version: ``json_v1.py`` is ``json``.
"""

from __future__ import annotations

import re
from importlib import import_module, util
from inspect import getdoc
from pathlib import Path
from pkgutil import iter_modules

import pytest

from keyhop.judge import rules

ROOT = Path(__file__).parents[1]
FAMILIES = {
    "rules": "RULE",
    "formats": "FORMAT",
    "explanations": "FORMAT",
    "commands": "COMMAND",
    "readers": "READER",
    "providers": "PROVIDER",
    "engines": "ENGINE",
    "stores": "STORE",
}
HEADINGS = ["Why it fails", "Fix", "Fix safety"]


def members(family: str) -> list[str]:
    """The modules of a family, without the one that says what a member is."""
    package = import_module(f"keyhop.{family}")
    return [m.name for m in iter_modules(package.__path__) if m.name != family.removesuffix("s")]


EVERY = [(family, name) for family in FAMILIES for name in members(family)]
each_member = pytest.mark.parametrize(("family", "name"), EVERY, ids=[f"{family}/{name}" for family, name in EVERY])
each_rule = pytest.mark.parametrize("name", members("rules"))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_members(family: str):
    assert members(family)


@each_member
def test_a_member_is_called_like_its_file(family: str, name: str):
    member = getattr(import_module(f"keyhop.{family}.{name}"), FAMILIES[family])
    assert member.id == re.sub(r"_v\d+$", "", name).replace("_", "-")


@each_member
def test_a_member_imports_no_sibling(family: str, name: str):
    source = (ROOT / "src" / "keyhop" / family / f"{name}.py").read_text("utf-8")
    imported = re.findall(rf"^(?:from|import) keyhop\.{family}\.(\w+)", source, re.M)
    assert set(imported) <= {family.removesuffix("s")}


@each_member
def test_a_member_has_its_test(family: str, name: str):
    if family == "rules":
        assert (ROOT / "tests" / "rules" / f"{name}.md").is_file()
        return
    member = re.sub(r"_v\d+$", "", name).replace("_", "-")
    tests = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__))
    told = re.compile(rf"keyhop\.{family}(?:\.| import ){name}\b|[\"'/]{re.escape(member)}[\"'/]|\b{family}\(\)")
    assert any(told.search(text) for text in tests)


@each_rule
def test_a_rule_has_a_page_with_its_headings(name: str):
    page = getdoc(import_module(f"keyhop.rules.{name}")) or ""
    assert re.findall(r"^## (.+)$", page, re.M) == HEADINGS
    assert re.fullmatch(r"[A-Z][^\n]+\.", page.partition("\n\n")[0])


@each_rule
def test_a_rule_says_in_few_words_what_is_wrong(name: str):
    rule = rules()[name.replace("_", "-")]
    assert rule.summary[0].islower() or rule.summary.startswith("YAML")
    assert not rule.summary.endswith(".")
    assert re.fullmatch(r"\d+\.\d+", rule.since)


@each_rule
def test_a_rule_refines_rules_that_exist_and_never_itself(name: str):
    rule = rules()[name.replace("_", "-")]
    ahead, seen = list(rule.refines), set()
    while ahead:
        other = ahead.pop()
        assert other in rules()
        assert other != rule.id
        if other not in seen:
            seen.add(other)
            ahead += rules()[other].refines


def test_the_pages_in_docs_are_the_rules_own_words_and_tested_cases():
    spec = util.spec_from_file_location("generate_docs", ROOT / "support" / "generate_docs.py")
    assert spec is not None
    assert spec.loader is not None
    generate_docs = util.module_from_spec(spec)
    spec.loader.exec_module(generate_docs)
    stale = [path.name for path, text in generate_docs.all_pages() if path.read_text("utf-8") != text]
    assert not stale, "run support/generate_docs.py"
