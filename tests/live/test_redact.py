"""keyhop.redact(): no key in what the real CrewAI and this process show, write and log."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyhop
from keyhop.text.own_values import remember
from keyhop.text.redacting import redact_chain, redacted, redacted_json
from keyhop.text.sealed import Sealed
from live.crews import seen
from live.loads import KEY, OTHER

HELD = "held-by-an-object/5f4e3d2c1b0a"


@pytest.fixture
def redaction(monkeypatch: pytest.MonkeyPatch) -> Iterator[keyhop.redaction.Redaction]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with keyhop.redact() as redaction:
        yield redaction


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    told, root = io.StringIO(), logging.getLogger("crew")
    handler = logging.StreamHandler(told)
    root.addHandler(handler)
    yield told
    root.removeHandler(handler)


def test_a_log_record_has_no_key(redaction, log: io.StringIO):
    remember(Sealed(HELD))
    logger = logging.getLogger("crew")
    logger.warning("called with %s and %r", KEY, {"k": HELD})
    logger.warning("{key}")
    try:
        raise ValueError(f"Illegal header value b'Bearer {KEY}\\n'")
    except ValueError as error:
        try:
            raise ConnectionError("no connection") from error
        except ConnectionError:
            logger.exception("failed for %s", KEY)
    told = log.getvalue()
    assert KEY not in told
    assert HELD not in told
    assert "called with ***" in told
    assert "{key}" in told
    assert "Illegal header value" in told


def test_an_exception_chain_has_no_key_and_keeps_its_classes(redaction):
    def fail() -> None:
        try:
            try:
                raise ValueError(f"bad {KEY}", 7)
            except ValueError as error:
                error.body = {"message": KEY, "api_key": OTHER}  # type: ignore[attr-defined]
                raise KeyError(KEY) from None
        except KeyError as error:
            raise error from error

    with pytest.raises(KeyError) as caught:
        fail()
    redact_chain(caught.value)
    first = caught.value.__context__
    assert str(caught.value) == "'***'"
    assert isinstance(first, ValueError)
    assert first.args == ("bad ***", 7)
    assert first.body == {"message": "***", "api_key": None}


def test_a_traceback_that_nobody_catches_has_no_key(tmp_path: Path):
    code = f"""
import keyhop, os, threading
os.environ["OPENAI_API_KEY"] = "{KEY}"
keyhop.redact()
thread = threading.Thread(target=lambda: 1 / len([]) if False else (_ for _ in ()).throw(ValueError("{KEY}")))
thread.start(); thread.join()
raise RuntimeError("{KEY}")
"""
    (tmp_path / "main.py").write_text(code)
    done = subprocess.run([sys.executable, "main.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count("Traceback") == 2
    assert "RuntimeError: ***" in done.stderr
    assert KEY not in done.stderr


def test_all_is_as_before_when_it_is_taken_back():
    def state() -> tuple[object, ...]:
        return logging.getLogRecordFactory(), sys.excepthook, threading.excepthook, tuple(sys.meta_path)

    before = state()
    first = keyhop.redact()
    assert keyhop.redact() is first
    assert state() != before
    first.undo()
    assert state() == before


json_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(json_data)
def test_data_without_a_secret_stays_as_it_is(data: Any):
    from json import dumps, loads

    assert redacted(data) == data
    assert loads(redacted_json(dumps(data))) == data


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("api_key", True),
        ("OPENAI_API_KEY", True),
        ("aws_secret_access_key", True),
        ("Authorization", True),
        ("x-api-key", True),
        ("session_token", True),
        ("max_tokens", False),
        ("cache_key", False),
        ("token_usage", False),
        ("crew_key", False),
    ],
)
def test_what_is_secret_by_its_name(name: str, secret: bool):
    assert (redacted({name: "value"})[name] is None) is secret


CREW = f"""
    import io, logging, contextlib, traceback
    from threading import Thread
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    import keyhop
    from keyhop.demo.provider import LoopbackProvider

    asked = "redact" in os.environ.get("HOW", "")
    redaction = keyhop.redact() if asked else None
    seen["imported"] = "crewai" in sys.modules
    from crewai import Agent, Crew, LLM, Memory, Task
    from crewai.events.types.task_events import TaskStartedEvent
    from crewai.events import LLMCallFailedEvent, crewai_event_bus
    from crewai.mcp import MCPServerHTTP
    from crewai.state.runtime import RuntimeState

    provider = LoopbackProvider("{KEY}", lambda text: "Final Answer: done")
    provider.__enter__()
    os.environ["OPENAI_BASE_URL"] = provider.url
    seen["leaks"] = {{}}

    def told(name, text):
        found = [word for word in ("{KEY}", "{OTHER}") if word in str(text)]
        if found:
            seen["leaks"][name] = len(found)

    log = io.StringIO()
    logging.basicConfig(stream=log, level=logging.DEBUG)
    known, held = LLM("gpt-4o"), LLM("anthropic/claude-sonnet-4-5", api_key="{OTHER}")
    one = Agent(role="One", goal="g", backstory="b", llm=known)
    two = Agent(role="Two", goal="g", backstory="b", llm=held,
                mcps=[MCPServerHTTP(url="http://127.0.0.1:9", headers={{"Authorization": "Bearer {OTHER}"}})])
    tasks = [Task(description="d", expected_output="e", agent=each) for each in (one, two)]
    crew = Crew(agents=[one, two], tasks=tasks, chat_llm=known)
    for name, thing in dict(llm=known, held=held, one=one, two=two, task=tasks[1], crew=crew).items():
        told(f"repr {{name}}", repr(thing))
        told(f"str {{name}}", str(thing))
        told(f"dump {{name}}", thing.model_dump())
        told(f"json {{name}}", thing.model_dump_json())
    event = TaskStartedEvent(context="c", task=tasks[1])
    told("event", json.dumps(event.to_json(), default=str) + event.model_dump_json() + repr(event))
    state = RuntimeState(root=[crew])
    told("checkpoint", state.model_dump_json() + str(state.model_dump(mode="json")))
    logging.info("models %r and %s", held, [str(known)])
    told("log", log.getvalue())

    failed = []
    @crewai_event_bus.on(LLMCallFailedEvent)
    def keep(source, event):
        failed.append(event.model_dump_json() + repr(event))

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        wrong = LLM("gpt-4o", api_key="{OTHER}\\n", max_retries=0)
        newline = Agent(role="N", goal="g", backstory="b", max_retry_limit=0, llm=wrong)
        task = Task(description="d", expected_output="e", agent=newline)
        try:
            Crew(agents=[newline], tasks=[task], verbose=True).kickoff()
        except Exception as error:
            told("error", "".join(traceback.format_exception(error)))
            seen["error"] = "".join(traceback.format_exception(error))
        good = Crew(agents=[one], tasks=[tasks[0]]).kickoff()
    crewai_event_bus.flush()
    seen["done"] = good.raw
    told("failed events", failed)
    seen["failed"] = len(failed)
    told("output", out.getvalue())
    told("logs of runs", log.getvalue())
    copy = crew.copy()
    seen["keys kept"] = [each.llm.api_key == llm.api_key for each, llm in zip(copy.agents, (known, held))]
    seen["chat kept"] = copy.chat_llm.api_key == known.api_key
    if redaction is not None:
        redaction.undo()
        seen["undone"] = "{OTHER}" in repr(held)
    seen.pop("error", None) if not asked else None
    provider.__exit__(None, None, None)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    if find_spec("crewai") is None or find_spec("anthropic") is None:
        pytest.skip("crewai with anthropic is not installed")
    return {how: seen(CREW, tmp_path_factory.mktemp(how), HOW=how, OPENAI_API_KEY=KEY) for how in ("plain", "redact")}


class TestCrewAI:
    """The same script with and without it."""

    def test_without_it_keys_are_all_over(self, said):
        assert {"repr llm", "dump crew", "json two", "event", "checkpoint", "log", "error"} <= said["plain"][
            "leaks"
        ].keys()

    def test_with_it_they_are_nowhere(self, said):
        assert said["redact"]["leaks"] == {}
        assert "***" in said["redact"]["error"]
        assert said["redact"]["failed"] > 0

    def test_crewai_is_not_imported_for_it(self, said):
        assert said["redact"]["imported"] is False

    def test_models_keep_their_keys_and_copies_too(self, said):
        assert said["redact"]["done"] == said["plain"]["done"] == "done"
        assert said["redact"]["keys kept"] == [True, True]
        assert said["redact"]["chat kept"]

    def test_it_can_be_taken_back(self, said):
        assert said["redact"]["undone"] is True
