"""Writes the pages of docs/ that follow from the families: docs/rules, and one page each for the others.

    python support/generate_docs.py [--check]

A rule's page is the docstring of its module with the first bad and the first good case of tests/rules. With
``--check`` nothing is written: the exit status is 1 if a page is not what it would be.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / each) for each in ("src", "tests", "support")]

from family_pages import pages  # noqa: E402
from fixes_page import fixes_page  # noqa: E402

from keyhop.cause_words import causes_page  # noqa: E402
from keyhop.finding import Rule  # noqa: E402
from keyhop.judge import rules  # noqa: E402
from literate import Case, cases  # noqa: E402

DOCS = ROOT / "docs"
RULES = DOCS / "rules"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the pages are current")
    check = parser.parse_args().check
    current = dict(all_pages())
    stale = [path for path, text in current.items() if not path.is_file() or path.read_text("utf-8") != text]
    left = [path for path in RULES.glob("*.md") if path not in current]
    for path in (*stale, *left):
        print(f"{'stale' if check else 'wrote' if path in current else 'removed'}: {path.relative_to(ROOT)}")
    if check:
        return int(bool(stale or left))
    RULES.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(current[path], "utf-8")
    for path in left:
        path.unlink()
    return 0


def all_pages() -> Iterator[tuple[Path, str]]:
    """Every page by its path: one per rule and the list of them, and those of the other families."""
    for rule in rules().values():
        yield RULES / f"{rule.id}.md", page(rule)
    yield RULES / "README.md", index()
    yield DOCS / "causes.md", causes_page()
    yield DOCS / "fixes.md", fixes_page(ROOT / "tests" / "rules")
    for name, text in pages():
        yield DOCS / name, text


def page(rule: Rule) -> str:
    """The page of one rule."""
    name = rule.id.replace("-", "_")
    text = getdoc(import_module(f"keyhop.rules.{name}")) or ""
    head, _, sections = text.replace("``", "`").partition("\n\n")
    tested = list(cases(ROOT / "tests" / "rules" / f"{name}.md"))
    bad, good = (next(case for case in tested if case.kind == kind) for kind in ("bad", "good"))
    return (
        f"# {rule.id}\n\n{head}\n\nSince keyhop {rule.since}.\n\n{sections}\n\n"
        f"## What is reported\n\n{shown(above(bad))}**{sentence(bad)}**\n\n{shown(below(bad))}"
        f"## What is right\n\n**{sentence(good)}**\n\n{shown(below(good))}"
        f"[All tested cases](../../tests/rules/{name}.md)\n"
    )


def sentence(case: Case) -> str:
    return f"{case.title[0].upper()}{case.title[1:]}."


def above(case: Case) -> str:
    """The files that all cases of a page share, and what is said of them."""
    return case.head.partition("\n")[2]


def below(case: Case) -> str:
    """A case without its heading."""
    return case.text.partition("\n")[2]


def shown(text: str) -> str:
    """Files under their names, and the report as plain text."""
    lines = []
    fence = ""
    for line in text.strip().splitlines():
        ticks = line[: len(line) - len(line.lstrip("`"))]
        if not fence and len(ticks) >= 3:
            fence = ticks
            language, _, path = line[len(ticks) :].partition(" path=")
            lines += [f"`{path}`:\n"] if path else ["keyhop says:\n"] if language == "report" else []
            line = ticks + ("text" if language == "report" else language)
        elif fence and line == fence:
            fence = ""
        lines.append(line)
    return "\n".join(lines) + "\n\n" if lines else ""


def index() -> str:
    """The list of all rules."""
    rows = "".join(f"| [{rule.id}]({rule.id}.md) | {rule.summary} |\n" for rule in rules().values())
    return f"# Rules\n\n| rule | what is wrong |\n|---|---|\n{rows}"


if __name__ == "__main__":
    sys.exit(main())
