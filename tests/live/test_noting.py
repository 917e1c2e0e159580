"""Live exceptions explained, and the explanation kept as a note, with the real SDK and the real CrewAI."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import keyhop
from engines.observed import environment
from keyhop.causes import Cause, Family
from keyhop.failure import Link
from keyhop.live_failure import failure_of
from provoked.answers import provider
from provoked.rows import KEY

openai = pytest.importorskip("openai", reason="openai is not installed")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with provider() as address:
        yield address


def ask(url: str, key: str = KEY) -> None:
    client = openai.OpenAI(api_key=key, base_url=url, max_retries=0)
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "?"}])


def test_a_failure_holds_status_code_body_and_whom_it_asked(url: str) -> None:
    with pytest.raises(openai.AuthenticationError) as found:
        ask(f"{url}/openai-401/v1")
    failure = failure_of(found.value)
    raised = failure.chain[-1]
    assert (raised.type, raised.status, raised.code) == ("openai.AuthenticationError", 401, "invalid_api_key")
    assert "Incorrect API key" in raised.body
    assert raised.frames[-1].function == "request"
    assert failure.url == f"{url}/openai-401/v1/chat/completions"


def test_causes_contexts_and_circles_are_walked_once() -> None:
    first, hidden, last = ValueError("first"), KeyError("hidden"), RuntimeError("last")
    last.__cause__ = last
    last.__context__ = hidden
    last.__suppress_context__ = True
    hidden.__cause__ = first
    first.__context__ = last
    chain = failure_of(last).chain
    assert [(each.type, each.link) for each in chain] == [
        ("ValueError", Link.CAUSE),
        ("KeyError", Link.CONTEXT),
        ("RuntimeError", None),
    ]


def test_a_chain_of_thousands_ends(url: str) -> None:
    error: Exception = ValueError("0")
    for number in range(5000):
        later = ValueError(str(number))
        later.__context__ = error
        error = later
    assert len(failure_of(error).chain) <= 100


def test_an_exception_that_cannot_be_shown_is_walked_past() -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

        @property
        def status_code(self) -> int:
            raise RuntimeError("no status")

    assert failure_of(Broken("told")).chain[0].message == "told"


def test_no_key_is_in_a_failure(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORP_GATEWAY_TOKEN", "PlainWordsThatLookLikeNothing")
    with pytest.raises(openai.APIConnectionError) as found:
        ask(f"{url}/good/v1", f"{KEY}\n")
    found.value.__notes__ = ["PlainWordsThatLookLikeNothing"]
    said = repr(failure_of(found.value))
    assert "Illegal header value" in said
    assert KEY[8:] not in said
    assert "PlainWordsThatLookLikeNothing" not in said


def test_the_cause_of_a_live_exception_is_found_in_its_chain(url: str) -> None:
    for address, key, expected in (
        (f"{url}/openai-401/v1", KEY, Cause.INVALID_KEY),
        (f"{url}/openai-quota/v1", KEY, Cause.QUOTA_NOT_AUTH),
        (f"{url}/good/v1", f"{KEY}\n", Cause.CONTAMINATED_VALUE),
    ):
        with pytest.raises(openai.OpenAIError) as found:
            ask(address, key)
        diagnosis = keyhop.diagnose(found.value)
        assert diagnosis is not None
        assert (diagnosis.cause, diagnosis.provider) == (expected, "openai")


def test_what_is_no_matter_of_keys_is_not_called_one() -> None:
    diagnosis = keyhop.diagnose(IndexError("list index out of range"))
    assert diagnosis is None or diagnosis.cause.family is Family.NOT_AUTH


def test_a_block_adds_its_note_once_and_changes_nothing_else(url: str) -> None:
    with pytest.raises(openai.AuthenticationError) as found, keyhop.explained(), keyhop.explained():
        ask(f"{url}/openai-401/v1")
    (note,) = found.value.__notes__
    assert note.startswith("keyhop: OpenAI does not accept")
    assert KEY not in note
    assert type(found.value) is openai.AuthenticationError
    assert found.value.status_code == 401


def test_a_function_may_be_explained() -> None:
    @keyhop.explained()
    def work() -> None:
        raise ValueError("OPENAI_API_KEY is required")

    with pytest.raises(ValueError, match="OPENAI_API_KEY is required") as found:
        work()
    assert "missing_" in found.value.__notes__[0]


CREW = """
import json, sys
import keyhop
remove = keyhop.explain_crews()
sys.path.insert(0, sys.argv[2])
from crews import attempt
for again in (True, False):
    try:
        attempt(json.loads(sys.argv[1]))
    except Exception as error:
        print("told:", json.dumps([type(error).__module__, type(error).__name__, getattr(error, "__notes__", [])]))
    remove()
"""


def test_every_crew_of_a_process_is_explained_until_the_hook_is_taken_away(url: str, tmp_path: Path) -> None:
    pytest.importorskip("crewai", minversion="1.15.3")
    told = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{url}/openai-401/v1"}
    row = {"environment": told, "crew": "plain", "model": "openai/gpt-4o", "llm": {"max_retries": 0}}
    crews = Path(__file__).parents[1] / "provoked"
    shell = environment(tmp_path, {"CREWAI_DISABLE_TELEMETRY": "true", "CREWAI_TRACING_ENABLED": "false"})
    command = (sys.executable, "-c", CREW, json.dumps(row), str(crews))
    said = subprocess.run(command, env=shell, capture_output=True, text=True, timeout=120, check=True).stdout
    (module, name, notes), (_, _, without) = (
        json.loads(line.removeprefix("told: ")) for line in said.splitlines() if line.startswith("told: ")
    )
    assert (module, name) == ("openai", "AuthenticationError")
    assert [note.partition(" ")[0] for note in notes] == ["keyhop:"]
    assert without == []
