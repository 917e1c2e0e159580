"""One secret-like value in every store, and in every way to fail: nothing of it is said, kept or raised."""

from __future__ import annotations

import json
import logging
import os
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

import keyhop
from keyhop.errors import KeyhopError
from live.leaks import CANARY, is_clean
from live.loads import nothing_loaded, project

__all__ = ["nothing_loaded", "project"]

WAYS: dict[str, tuple[str, object]] = {
    "a .env file": (f"OPENAI_API_KEY={CANARY}\nSERPER_API_KEY='{CANARY}\n{CANARY}\n", "dotenv"),
    "a file": (f"{CANARY}\n\n", {"kind": "files", "path": "."}),
    "lines of a command": ("", {"kind": "command", "run": ["echo", f"OPENAI_API_KEY={CANARY}"]}),
    "a command that prints no JSON": ("", {"kind": "command", "run": ["echo", CANARY], "format": "json"}),
    "a command that does not end": (
        "",
        {"kind": "command", "run": ["sh", "-c", f"sleep 60 # {CANARY}"], "timeout": 0.3},
    ),
    "a command that is not there": ("", {"kind": "command", "run": ["no-such-program", CANARY]}),
    "a vault that is not there": ("", {"kind": "vault", "path": "crew", "address": "http://127.0.0.1:9"}),
    "a vault at no address": ("", {"kind": "vault", "path": "crew", "address": f"no-url-{CANARY}"}),
    "a store of no kind": ("", {"path": CANARY}),
    "an option that is none": ("", {"kind": "dotenv", "path": [CANARY, 7]}),
}


@pytest.mark.parametrize("way", WAYS)
def test_loading_says_nothing_of_it(
    way: str, project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd
):
    text, store = WAYS[way]
    (project / ".env").write_text(text)
    (project / "openai_api_key").write_text(text)
    monkeypatch.setenv("VAULT_TOKEN", CANARY)
    monkeypatch.setenv("GROQ_API_KEY", CANARY)
    caplog.set_level(logging.DEBUG)
    said: list[object] = []
    try:
        said.append(keyhop.load(stores=[store]))  # type: ignore[list-item]
    except KeyhopError as error:
        said += [error, error.help, *error.args, error.__context__, error.__cause__]
        # The caller's own frame has what the caller wrote.
        below = error.__traceback__.tb_next if error.__traceback__ else None
        shown = traceback.StackSummary.extract(traceback.walk_tb(below), capture_locals=True)
        said += [each for frame in shown for name, each in (frame.locals or {}).items() if name != "stores"]
    said += [caplog.text, *capfd.readouterr()]
    assert said
    for each in said:
        assert is_clean(f"{each!s}{each!r}{getattr(each, '__dict__', '')}".encode())
        assert is_clean(pickle.dumps(each))


HELD: dict[str, str] = {
    "sound": CANARY,
    "quoted": f'"{CANARY}"',
    "with a line end": f"{CANARY}\n",
    "unexpanded": f"${{KEY}}{CANARY}",
    "twice": f"OPENAI_API_KEY={CANARY}",
}


@pytest.mark.parametrize("how", HELD)
def test_judging_says_nothing_of_it(how: str, monkeypatch: pytest.MonkeyPatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "MODEL", "SERPER_API_KEY"):
        monkeypatch.setenv(name, HELD[how])
    ready = keyhop.preflight("openai", "anthropic", "SERPER_API_KEY", "groq", worker="w")
    assert not ready.ok
    for each in (ready, ready.error(), ready.sighting, *ready.wrong, keyhop.sight(), keyhop.sight(key=b"k" * 32)):
        assert is_clean(f"{each!s}{each!r}".encode())
        assert is_clean(pickle.dumps(each))


def test_nothing_is_left_in_the_environment_but_the_names(project: Path):
    (project / ".env").write_text(f"OPENAI_API_KEY={CANARY}\n")
    keyhop.load()
    own = {name: value for name, value in os.environ.items() if name.startswith("KEYHOP_")}
    assert own == {"KEYHOP_GENERATION": "1", "KEYHOP_LOADED": "OPENAI_API_KEY"}


@pytest.mark.parametrize("dump", [str, repr, json.dumps], ids=lambda dump: dump.__name__)
def test_the_words_of_an_error_are_the_same_for_another_value(dump: Callable[[object], str], monkeypatch):
    told = []
    for value in (f'"{CANARY}"', f'"{CANARY[::-1]}"'):
        monkeypatch.setenv("OPENAI_API_KEY", value)
        told.append(dump(str(keyhop.preflight("openai").error())))
    assert told[0] == told[1]
