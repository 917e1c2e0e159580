"""Pictures of values: what shows in a value alone, and what one reading did to another."""

from __future__ import annotations

import json
import pickle
import random
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyhop.sighting import Change, Seen, State
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker, changed, is_dummy, is_placeholder, see

KEY = "sk-Ab12Cd34"
MARKER = Marker()
PLACEHOLDERS = [
    "your-key-here",
    "<your-key>",
    "your_openai_api_key",
    "sk-your-key",
    "YourApiKey",
    "sk-...",
    "sk-ant-…",
    "xxx",
    "sk-proj-xxxxxxxx",
    "****",
    "XXXXXXXX-XXXX-XXXX",
    "changeme",
    "CHANGE_ME",
    "REPLACE_ME",
    "replace-with-key",
    "TODO",
    "TBD",
    "placeholder",
    "sk-example",
    "insert-key",
    "API_KEY",
    "api-key-here",
    "put_your_key",
    "my-api-key",
    "${KEY}",
    "${OPENAI_API_KEY:-}",
    "$OPENAI_API_KEY",
    "$(KEY)",
    "{{openai_key}}",
    '"your-key"',
    "OPENAI_API_KEY",
    "https://your-resource.openai.azure.com",
    "https://<resource>.openai.azure.com",
    "{your_key}",
    "[key]",
]


def seen(text: str | None, name: str = "OPENAI_API_KEY") -> Seen:
    return see(None if text is None else Sealed(text), MARKER, name=name)


def changes(text: str) -> tuple[Change, ...]:
    return seen(text).changes


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (None, State.ABSENT),
        ("", State.EMPTY),
        (" \t\n", State.BLANK),
        (KEY, State.PRESENT),
        ("# put your key here", State.PRESENT),
        *((text, State.PLACEHOLDER) for text in PLACEHOLDERS),
    ],
)
def test_the_state_of_a_value(text: str | None, state: State) -> None:
    assert seen(text).state is state


def test_keys_of_every_usual_form_are_no_placeholders_and_no_dummies() -> None:
    draw = random.Random(1)
    forms = [
        ("sk-proj-", 156, "-_"),
        ("sk-ant-api03-", 95, "-_"),
        ("AIza", 35, "-_"),
        ("gsk_", 52, ""),
        ("", 32, ""),
        ("", 64, "+/"),
    ]
    for _ in range(2000):
        prefix, length, more = draw.choice(forms)
        key = prefix + "".join(draw.choices(string.ascii_letters + string.digits + more, k=length))
        picture = seen(key)
        assert (picture.state, picture.changes, picture.dummy) == (State.PRESENT, (), False), key


@pytest.mark.parametrize(
    "text",
    [
        "NA",
        "n/a",
        "none",
        "None",
        "null",
        "dummy",
        "unused",
        "fake",
        "not-needed",
        "not_needed",
        "no-key-required",
        "sk-fake",
        "sk-fake-key",
        "sk-dummy-123",
        "EMPTY",
        "test",
        "test-key",
        "sk-test",
        "fake-api-key",
        "ollama",
        "lm-studio",
        '"dummy"',
    ],
)
def test_a_deliberate_dummy_is_told_from_a_placeholder(text: str) -> None:
    assert is_dummy(Sealed(text))
    assert not is_placeholder(Sealed(text))


@pytest.mark.parametrize("text", [KEY, "sk-1234", "testing-company-4f9a0c", "nothing-2b-seen-here9", ""])
def test_other_values_are_no_dummies(text: str) -> None:
    assert not is_dummy(Sealed(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'"{KEY}"', [Change.QUOTES]),
        (f"'{KEY}", [Change.QUOTES]),
        (f"\u201c{KEY}\u201d", [Change.QUOTES, Change.NOT_ASCII]),
        (f"{KEY} # prod", [Change.COMMENT]),
        ("# put your key here", [Change.COMMENT]),
        (f"{KEY}\n", [Change.NEWLINE]),
        (f"{KEY}\r", [Change.CARRIAGE_RETURN]),
        (f"{KEY}\r\n", [Change.CARRIAGE_RETURN, Change.NEWLINE]),
        (f" {KEY}", [Change.SPACE]),
        (f"{KEY}\t", [Change.SPACE]),
        (f"\ufeff{KEY}", [Change.BYTE_ORDER_MARK]),
        (f"{KEY}\u00a0", [Change.NOT_ASCII]),
        ("sk-Аb12", [Change.NOT_ASCII]),
        ("sk-${STAGE}-1", [Change.UNEXPANDED]),
        (f"Bearer {KEY}", [Change.OTHER]),
        (f"export {KEY}", [Change.OTHER]),
        (f"OPENAI_API_KEY={KEY}", [Change.OTHER]),
        ("sk\0ab", [Change.OTHER]),
        ("sk-a$b1c#d\\e'f", []),
        ('{"type": "service_account", "key": "a # b"}', []),
        ("-----BEGIN KEY-----\nabc\n-----END KEY-----\n", []),
    ],
)
def test_what_shows_in_a_value_alone(text: str, expected: list[Change]) -> None:
    assert list(changes(text)) == expected


def test_every_value_that_clients_refuse_or_send_wrongly_is_not_usable() -> None:
    """Measured against httpx, requests, aiohttp, urllib and the OpenAI SDK with a local server."""
    effects = json.loads((Path(__file__).parents[1] / "data" / "header_effects.json").read_text(encoding="utf-8"))
    for name, effect in effects.items():
        everywhere_fine = set(effect["outcomes"].values()) == {"200"}
        assert seen(effect["value"]).usable is everywhere_fine, name


@pytest.mark.parametrize(
    ("meant", "got", "expected"),
    [
        (KEY, KEY, []),
        (KEY, f'"{KEY}"', [Change.QUOTES]),
        (KEY, f"'\"{KEY}\"'", [Change.QUOTES]),
        (KEY, f'"{KEY}" # prod', [Change.COMMENT, Change.QUOTES]),
        (KEY, f"{KEY}# prod", [Change.COMMENT]),
        ("", "# put your key here", [Change.COMMENT]),
        (KEY, f"{KEY}\r", [Change.CARRIAGE_RETURN]),
        (KEY, f"{KEY}\nB=2\n", [Change.NEWLINE]),
        (KEY, f"{KEY}   ", [Change.SPACE]),
        ("sk ab", "skab", [Change.SPACE]),
        (KEY, f"\ufeff{KEY}", [Change.BYTE_ORDER_MARK]),
        (KEY, f"{KEY}\u200b", [Change.NOT_ASCII]),
        ("sk-a$b1c", "sk-a", [Change.DOLLAR]),
        ("sk-a$1c", "sk-ac", [Change.DOLLAR]),
        ("$abc", "", [Change.DOLLAR]),
        ("sk-ctx-1", "sk-${CTX}-1", [Change.UNEXPANDED]),
        ("sk-a\\nb", "sk-a\nb", [Change.BACKSLASH]),
        ("sk-a$b", "sk-a\\$b", [Change.BACKSLASH]),
        ("sk ab 12", "sk", [Change.TRUNCATED]),
        (KEY, "another", [Change.OTHER]),
        (KEY, "", []),
    ],
)
def test_what_a_reading_did_to_what_was_meant(meant: str, got: str, expected: list[Change]) -> None:
    assert list(changed(Sealed(meant), Sealed(got))) == expected


def test_a_name_that_a_reading_does_not_set_is_not_changed() -> None:
    assert changed(Sealed(KEY), None) == changed(None, Sealed(KEY)) == changed(None, None) == ()


def test_marks_compare_under_one_key_only() -> None:
    assert seen(KEY).mark == seen(KEY).mark != seen(f"{KEY} ").mark
    assert seen(KEY).mark != see(Sealed(KEY), Marker(), name="OPENAI_API_KEY").mark


def test_the_key_of_the_marks_is_not_given_away() -> None:
    assert repr(MARKER) == "Marker()"
    with pytest.raises(TypeError):
        pickle.dumps(MARKER)


def test_text_is_kept_of_settings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyhop.text.seeing.is_setting", lambda name: name == "MODEL")
    assert seen("gpt-4o", "MODEL").text == "gpt-4o"
    assert seen(KEY).text is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_a_picture_and_no_picture_shows_it(meant: str, got: str) -> None:
    canary = f"{got}canary{meant}"
    assert "canary" not in repr(seen(canary))
    assert (changed(Sealed(meant), Sealed(got)) == ()) is (meant == got or (not got and "$" not in meant))
