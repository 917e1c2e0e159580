"""Compose's templates; every row was also given to docker-compose 5.6.1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyhop.text.interpolation import Invalid, Literal, Reference, Refused, Template, evaluate, parse
from keyhop.text.sealed import Sealed

ENV = {"S": "set", "E": ""}


def lookup(name: str) -> Sealed | None:
    return Sealed(ENV[name]) if name in ENV else None


def value(text: str) -> str:
    return evaluate(parse(text), lookup).reveal()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a-$S-b", "a-set-b"),
        ("${S}${E}${U}", "set"),
        ("${U:-d1} ${U-d2}", "d1 d2"),
        ("${S:-d} ${S-d}", "set set"),
        ("${E:-d}|${E-d}", "d|"),
        ("${S:+alt}|${U:+alt}|${E:+alt}|${E+alt}|${U+alt}", "alt|||alt|"),
        ("${U:-${V:-deep}}", "deep"),
        ("${U:-pre-${S}-post} and ${S}", "pre-set-post and set"),
        ("${U:-a{b}c}d", "a{b}cd"),
        ("${U:-}", ""),
        ("${MY-KEY}", "KEY"),
        ("a$$S $${S}", "a$S ${S}"),
        ("sk-a$1c 5$ $-", "sk-a$1c 5$ $-"),
        ("${S:?unused} ${E?unused}", "set "),
        ("${S:-${broken}", "set"),
        ("$Sé $S.x", "seté set.x"),
    ],
)
def test_a_text_is_resolved_as_compose_does(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text", ["${", "${}", "${1}", "${A.B}", "sk-${abc", "${U:-${}}", "${U:-a\nb}", "${A!}", "${ A}"]
)
def test_a_brace_that_begins_no_reference_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="invalid interpolation format"):
        value(text)


@pytest.mark.parametrize("text", ["${U:?say so}", "${U?}", "${E:?say so}", "${V:-${U?}}"])
def test_a_required_variable_is_named_and_nothing_else(text: str) -> None:
    with pytest.raises(Refused, match=r"^required variable [UE] is missing a value$"):
        value(text)


def test_references_come_in_order_with_those_of_their_operands() -> None:
    template = parse("$A ${B:-${C-x}$D}")
    assert [(r.name, r.operator) for r in template.references()] == [("A", ""), ("B", ":-"), ("C", "-"), ("D", "")]


def test_places_are_those_of_the_whole_text_at_every_depth() -> None:
    text = "key: ${U:-${V:-deep}} $S"
    assert [text[r.start : r.end] for r in parse(text).references()] == ["${U:-${V:-deep}}", "${V:-deep}", "$S"]


def test_a_sole_reference_is_told_from_one_among_text() -> None:
    assert parse("${KEY:-}").sole == Reference("KEY", ":-", Template(), 0, 8)
    assert parse(" ${KEY}").sole is None
    assert parse("").sole is None


def test_an_invalid_part_counts_only_outside_of_operands() -> None:
    assert parse("a ${").invalid == Invalid(2, 4)
    assert parse("${S:-${}}").invalid is None


@given(st.lists(st.sampled_from(["$", "{", "}", "${", ":-", ":?", "+", "A", "${A", "${A:-", "\n", "x"]), max_size=40))
def test_the_parts_of_any_text_cover_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    ends = [0]
    for part in parse(text).parts:
        assert part.start == ends[-1] < part.end
        ends.append(part.end)
    assert ends[-1] == len(text)


def test_depth_has_no_price() -> None:
    assert parse("${A:-" * 5000 + "}" * 5000).parts


def test_text_is_sealed() -> None:
    (part,) = parse("sk-canary").parts
    assert isinstance(part, Literal)
    assert "canary" not in repr(part)
