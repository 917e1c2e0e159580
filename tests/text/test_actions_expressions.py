"""Expressions of GitHub Actions, and what GitHub pastes into scripts, against a real shell."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyhop.text.actions_expressions import (
    Known,
    Lookup,
    Malformed,
    Part,
    evaluate,
    known,
    lookups,
    parse,
    parts,
    word,
)
from keyhop.text.actions_scripts import pasted
from keyhop.text.expansion import plain
from keyhop.text.sealed import Sealed

HELD = {("secrets", "KEY"): "sk-one", ("env", "NAME"): "KEY", ("env", "NONE"): "", ("inputs", "dry-run"): "false"}


def look(path: tuple[str, ...]) -> Known | None:
    text = HELD.get(path)
    return None if text is None else known(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("secrets.KEY", "sk-one"),
        ("secrets['KEY']", "sk-one"),
        ("secrets[env.NAME]", "sk-one"),
        ("secrets[format('{0}', env.NAME)]", "sk-one"),
        ("env.NONE || 'it''s'", "it's"),
        ("env.NAME == 'key' && secrets.KEY || 'other'", "sk-one"),
        ("!(env.NAME != 'KEY')", "true"),
        ("inputs.dry-run", "false"),
        ("contains(env.NAME, 'e') && always()", "true"),
        ("github.sha || 'x'", None),
        ("'x' || github.sha", "x"),
        ("github.sha == 'x'", None),
        ("format('{1}', 'x')", None),
        ("null || false || 0 || 1.5", "1.5"),
    ],
)
def test_an_expression_comes_to_what_is_in_view(text: str, expected: str | None):
    found = evaluate(parse(text), look)
    assert (plain(word(found)) if found is not None else None) == expected


@pytest.mark.parametrize("text", ["", "secrets.", "(a", "a b", "'open", "a ||", "f(a", "a[1", "#", "(" * 200])
def test_what_is_no_expression_is_said_to_be_none(text: str):
    with pytest.raises(Malformed):
        parse(text)


@given(st.text(alphabet="ab.'()[]|&=!<>, ${}0*\n", max_size=40))
def test_any_text_is_taken_apart_without_a_loss(text: str):
    found = parts(Sealed(text))
    assert [part.end for part in found[:-1]] == [part.start for part in found[1:]]
    assert (found[0].start, found[-1].end) == (0, len(text))


def test_looks_are_found_inside_others():
    found = [each.names for each in lookups(parse("secrets[format('{0}', matrix.name)] || (vars.A && !env.B)"))]
    assert found == [None, ("matrix", "name"), ("vars", "A"), ("env", "B")]


def names(part: Part) -> str:
    assert isinstance(part.expression, Lookup)
    return "_".join(part.expression.names or ())


WORDS = ("${{ secrets.KEY }}", "a", "'", '"', " ", "\\", "# ", "\n", "it", "=", "\\'", "${{ secrets.KEY }}'s")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join), st.sampled_from(["END", "'END'", '"END"']))
def test_a_shell_sees_the_pasted_text_wherever_it_stands(text: str, delimiter: str):
    """For a value of letters the script that GitHub makes and the one that is followed put out the same."""
    body = text.replace("\\", "").replace("END", "")
    script = f"printf '[%s]' {text}\ncat <<{delimiter}\n{body}\nEND\n"
    literal = pasted(script, lambda expression: known("value"), names)
    followed = "secrets_KEY=value\n" + pasted(script, lambda expression: None, names)
    outputs = [
        subprocess.run(["bash"], input=each, capture_output=True, text=True, check=False, timeout=60)
        for each in (literal, followed)
    ]
    if outputs[0].returncode == 0:
        assert outputs[1].stdout == outputs[0].stdout
