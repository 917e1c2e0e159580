"""A Dockerfile's instructions and the places of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyhop.text.dockerfile import parse
from keyhop.text.expansion import plain

TEXT = """\
# syntax=docker/dockerfile:1
# escape=\\

FROM python:3.12-slim AS base
ENV A=1 \\
    # in between
    B="two words" C=x\\ y
ENV OLD the rest of it
arg VERSION=1.2
COPY --chown=me:me --from=base a b /app/
RUN <<EOF
echo hi
EOF
CMD ["python", "main.py"]
ENTRYPOINT python main.py \\
  --flag
"""


def test_every_instruction_is_found_with_its_place() -> None:
    found = parse(TEXT).instructions
    keywords = [each.keyword for each in found]
    assert keywords == ["FROM", "ENV", "ENV", "ARG", "COPY", "RUN", "CMD", "ENTRYPOINT"]
    assert TEXT[found[0].start : found[0].end] == "FROM python:3.12-slim AS base"
    assert TEXT[found[1].start : found[1].end].endswith("C=x\\ y")
    assert found[4].flags == (("chown", "me:me"), ("from", "base"))
    assert found[5].script == "echo hi\n"
    assert found[6].array() == ("python", "main.py")
    assert found[7].array() is None


def test_assignments_have_their_own_places() -> None:
    env, old = parse(TEXT).instructions[1:3]
    found = {name: (plain(env.pieces(raw)), TEXT[start:end]) for name, raw, start, end in env.assignments()}
    assert found == {
        "A": ("1", "A=1"),
        "B": ("two words", 'B="two words"'),
        "C": ("x y", "C=x\\ y"),
    }
    assert [(name, raw) for name, raw, _, _ in old.assignments()] == [("OLD", "the rest of it")]


def test_the_escape_character_is_the_files_own() -> None:
    found = parse("# escape=`\nFROM x\nCOPY a `\n  C:\\b\n").instructions[1]
    assert [word.raw for word in found.words()] == ["a", "C:\\b"]


@pytest.mark.parametrize(
    "text", ["", "\\", "FROM", "RUN <<EOF\nnever closed", "CMD [1, 2]", "ENV =", "?? !!", "\x0cFROM"]
)
def test_odd_texts_have_instructions_too(text: str) -> None:
    for instruction in parse(text).instructions:
        assert all(name == name.strip() for name, *_ in instruction.assignments())
        assert instruction.array() is None


@given(st.text(alphabet="FROMENV =\\\"'#<\n\t[]$a-", max_size=80))
def test_any_text_has_instructions_within_itself(text: str) -> None:
    for instruction in parse(text).instructions:
        assert 0 <= instruction.start <= instruction.end <= len(text)
        for word in instruction.words():
            assert 0 <= word.start < word.end <= len(text)
