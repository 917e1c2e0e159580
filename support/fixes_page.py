"""The page of fixes: what is mended in which kind of file, and of each rule where, and how safely.

Every bad case of tests/rules is mended, so that the page says what is done and not what is meant to be.
"""

from __future__ import annotations

from importlib import import_module
from inspect import getdoc
from pathlib import Path
from tempfile import TemporaryDirectory

from keyhop.api import fix
from keyhop.finding import Safety
from keyhop.judge import rules
from keyhop.menders import menders, proposed
from keyhop.tree import Tree
from literate import cases

_HEAD = """\
# Fixes

`keyhop check --fix` carries out what is safe, `--unsafe-fixes` also that of which only you can say whether it is
meant, and `--diff` shows either and writes nothing. Every fix is carried out on paper and the project checked again
before a byte is written: it is kept if the finding is gone, its process is still there, and nothing else has become
worse. After a safe fix the credential surely arrives. No value is ever written: of a line that holds one, bytes are
moved or cut, and what a sibling has is copied only where it is a reference.

"""
_BY_RULE = """\
## By rule

Where the cases of [tests/rules](../tests/rules) are mended, and how safely.

| rule | safe | unsafe |
|---|---|---|
"""


def fixes_page(cases_of_rules: Path) -> str:
    """The text of the page."""
    kinds = "".join(f"| {each.title} | {each.mends} |\n" for each in menders())
    rows = "".join(_row(rule, cases_of_rules / f"{rule.replace('-', '_')}.md") for rule in rules())
    return f"{_HEAD}## By kind of file\n\n| in | is mended |\n|---|---|\n{kinds}\n{_BY_RULE}{rows}"


def _row(rule: str, page: Path) -> str:
    where: dict[Safety, dict[str, None]] = {Safety.SAFE: {}, Safety.UNSAFE: {}}
    for case in cases(page):
        if case.kind != "bad":
            continue
        with TemporaryDirectory() as directory:
            case.write(Path(directory))
            repair, _ = fix(directory, unsafe=True, write=False)
            for each in repair.mended:
                found = proposed(each.fix.remedy, Tree(Path(directory))) if each.fix.remedy else None
                if each.finding.rule == rule and found is not None:
                    where[each.fix.safety][found[0].title] = None
    columns = ["; ".join(sorted(where[safety])) for safety in (Safety.SAFE, Safety.UNSAFE)]
    if not any(columns):
        columns[1] = f"shown only: {_reason(rule)}"
    return f"| [{rule}](rules/{rule}.md) | {columns[0]} | {columns[1]} |\n".replace("|  |", "| |")


def _reason(rule: str) -> str:
    """Why a rule's fix is not carried out: what its page says after ``Shown only.``"""
    text = getdoc(import_module(f"keyhop.rules.{rule.replace('-', '_')}")) or ""
    said = " ".join(text.partition("## Fix safety\n")[2].split()).removeprefix("Shown only. ")
    return f"{said[:1].lower()}{said[1:]}".removesuffix(".")
