"""A diff is read by anybody: it shows what changes, and no value."""

from __future__ import annotations

import difflib

import pytest

from keyhop.text.diffs import unified

VALUE = "hunter2-Zx81"


@pytest.mark.parametrize(
    "line",
    [
        f"OPENAI_API_KEY={VALUE}",
        f'export WHATEVER="{VALUE}"',
        f"  - LEDGER={VALUE}",
        f"  LEDGER: '{VALUE}'",
        f"""  LEDGER: "'{VALUE}'\"""",
        f'  LEDGER: "\\"{VALUE}\\""',
        f"  LEDGER: {VALUE} and {VALUE}",
        f"  - {{name: LEDGER, value: {VALUE}}}",
        f'  {{"name": "LEDGER", "value": "{VALUE}"}},',
        f"  value: {VALUE}",
        f"stringData: {{ledger: {VALUE}}}",
        f"data:\n  ledger: {VALUE}\n  more: |\n    {VALUE}\n",
        f"literals:\n- ledger={VALUE}",
        f"  password: {VALUE}",
        f"DSN=postgres://user:{VALUE}@host/db",
    ],
)
def test_no_line_shows_a_value(line: str):
    for old, new in ((line, f"{line}\nx"), (f"x\n{line}", line), (line, line.replace(VALUE, f"{VALUE}9"))):
        shown = "\n".join(unified(old, new))
        assert VALUE not in shown
        assert "***" in shown


def test_what_is_new_and_holds_no_value_is_shown_as_it_is():
    old = "env:\n- name: A\n  value: b\n"
    new = "env:\n- name: A\n  value: b\n- name: KEY\n  valueFrom: {secretKeyRef: {key: openai}}\n"
    written = {"- name: KEY", "valueFrom: {secretKeyRef: {key: openai}}"}
    assert list(unified(old, new, written))[-2:] == ["+- name: KEY", "+  valueFrom: {secretKeyRef: {key: openai}}"]


@pytest.mark.parametrize(
    "line", ["MODEL: gpt-4o", "KEY: ${KEY}", "KEY: ${{ secrets.KEY }}", "RETRIES=3", "image: crew:1"]
)
def test_what_is_no_value_stays_legible(line: str):
    assert f"+{line}" in list(unified("x", f"x\n{line}"))


def test_the_hunks_are_those_of_diff():
    old = "".join(f"line {n}\n" for n in range(40))
    for new in (
        old.replace("line 5\n", ""),
        old.replace("line 5\n", "a\nb\n").replace("line 30", "c"),
        "",
        old + "z\n",
    ):
        theirs = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm=""))[2:]
        assert list(unified(old, new)) == theirs
