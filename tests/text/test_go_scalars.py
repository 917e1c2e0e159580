"""What Go prints of unquoted scalars; the values are those of docker-compose 5.6.1."""

from __future__ import annotations

import pytest
from test_yaml import one

from keyhop.text.go_scalars import Kind, resolve
from keyhop.text.yaml import Sequence

PRINTED = {
    "123": "123",
    "0123": "83",
    "0o17": "15",
    "0x1F": "31",
    "-0b101": "-5",
    "08": "8",
    "1e3": "1000",
    "1.50": "1.5",
    ".5": "0.5",
    "+1": "1",
    "-0.0": "-0",
    "1_000": "1000",
    "12345678901234567890": "12345678901234567890",
    "123456789012345678901234567890": "1.2345678901234568e+29",
    "1e21": "1e+21",
    "1e-5": "1e-05",
    "0.0001": "0.0001",
    "1e400": "1e400",
    "true": "true",
    "FALSE": "false",
    "2001-01-01": "2001-01-01 00:00:00 +0000 UTC",
    "2001-1-2T3:4:5.60+01:00": "2001-01-02 03:04:05.6 +0100 +0100",
    "2001-13-01": "2001-13-01",
    "yes": "yes",
    "on": "on",
    "NO": "NO",
    "1.2.3": "1.2.3",
    "0x": "0x",
    "sk-1": "sk-1",
    "1e": "1e",
    "=": "=",
}


def pictures(text: str) -> tuple[Kind, str]:
    node = one(f"- {text}\n")
    assert isinstance(node, Sequence)
    kind, sealed = resolve(node.items[0])  # type: ignore[arg-type]
    return kind, sealed.reveal()


@pytest.mark.parametrize(("written", "printed"), PRINTED.items())
def test_a_plain_scalar_prints_as_in_go(written: str, printed: str):
    assert pictures(written)[1] == printed


@pytest.mark.parametrize("written", ["", "~", "null", "NULL"])
def test_null_has_no_text(written: str):
    assert pictures(written)[0] is Kind.NULL


@pytest.mark.parametrize("written", ["'0123'", '"0123"', "!!str 0123"])
def test_quotes_and_a_tag_keep_the_text(written: str):
    assert pictures(written) == (Kind.TEXT, "0123")
