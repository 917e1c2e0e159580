"""keyhop.require(): what this process lacks, all at once, by the rules of ``keyhop check``."""

from __future__ import annotations

import pickle
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import keyhop
from keyhop import catalogue
from keyhop.errors import MissingCredential, UsageError
from keyhop.key_heads import looks_like
from keyhop.readiness import Wrong
from keyhop.sighting import State
from live.crews import seen
from live.loads import KEY, OTHER, nothing_loaded, project

__all__ = ["nothing_loaded", "project"]

ANTHROPIC = f"sk-ant-api03-{'a' * 93}AA"
SHAPES = sorted({s.pattern for p in catalogue.providers() for part in p.parts for s in part.shapes if s.certain})


def wrong(*what: object) -> tuple[Wrong, ...]:
    with pytest.raises(MissingCredential) as caught:
        keyhop.require(*what)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.wrong, copy.exit_code) == (str(caught.value), caught.value.wrong, 78)
    assert KEY not in str(copy)
    assert KEY.encode() not in pickle.dumps(caught.value)
    return copy.wrong


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", f'"{KEY}"')
    monkeypatch.setenv("SERPER_API_KEY", "")
    monkeypatch.setenv("GROQ_API_KEY", ANTHROPIC)
    monkeypatch.setenv("TAVILY_API_KEY", f"{KEY}\n")
    monkeypatch.setenv("MISTRAL_API_KEY", "your-key-here")
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    found = wrong("openai", "SERPER_API_KEY", "groq/llama-3", "tavily", "mistral", "gemini", "anthropic")
    assert {each.name: each.rule for each in found} == {
        "OPENAI_API_KEY": "quotes-kept-in-value",
        "SERPER_API_KEY": "empty-value-wins",
        "GROQ_API_KEY": "wrong-provider-key",
        "TAVILY_API_KEY": "line-end-in-value",
        "MISTRAL_API_KEY": "placeholder-value",
        "ANTHROPIC_API_KEY": "key-lost-at-hop",
    }
    assert all(each.message and each.advice for each in found)


def test_the_message_names_provider_process_host_worker_and_where_it_should_come_from(project: Path):
    keyhop.load()
    with pytest.raises(MissingCredential) as caught:
        keyhop.require("openai", worker="celery@web-1")
    message = str(caught.value)
    for part in ("worker celery@web-1", "MainProcess", "host ", "OPENAI_API_KEY", "OpenAI needs it", ".env file"):
        assert part in message


@pytest.mark.parametrize("name", ["openai", "OPENAI_API_KEY", "openai/gpt-4o"])
def test_a_sound_key_is_enough(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    keyhop.require(name)


def test_one_alternative_of_several_is_enough(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    keyhop.require("gemini")


def test_the_first_name_that_is_set_decides_even_if_it_is_empty(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SNOWFLAKE_ACCOUNT", "acme")
    monkeypatch.setenv("SNOWFLAKE_TOKEN", KEY)
    keyhop.require("snowflake")


def test_a_way_without_a_key_is_neither_there_nor_missing():
    ready = keyhop.preflight("bedrock")
    assert ready.ok
    assert ready.unknown == ("@aws identity",)


def test_a_local_service_needs_no_key():
    keyhop.require("ollama")


def test_another_services_key_beside_it_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (found,) = wrong("anthropic")
    assert found.rule == "wrong-provider-key"
    assert "is given OPENAI_API_KEY" in found.message


@pytest.mark.parametrize("what", [(), ("opnai",), (object(),), ("my key",)])
def test_what_is_no_name_is_refused(what: tuple[object, ...]):
    with pytest.raises(UsageError):
        keyhop.require(*what)


def test_a_sighting_has_states_and_compares_under_one_key(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    states = {name: seen.state for name, seen in keyhop.sight(["OPENAI_API_KEY", "SERPER_API_KEY"]).seen}
    assert states == {"OPENAI_API_KEY": State.PRESENT, "SERPER_API_KEY": State.ABSENT}
    one, two = (dict(keyhop.sight(key=b"k" * 32).seen) for _ in range(2))
    assert one["OPENAI_API_KEY"].mark == two["OPENAI_API_KEY"].mark == two["GROQ_API_KEY"].mark is not None
    assert dict(keyhop.sight().seen)["OPENAI_API_KEY"].mark is None


@pytest.mark.parametrize("pattern", SHAPES)
def test_every_certain_shape_has_its_head(pattern: str):
    @settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None, database=None)
    @given(st.from_regex(pattern, fullmatch=True))
    def same(key: str) -> None:
        assert looks_like(key) == catalogue.looks_like(key)

    same()


def test_the_worker_half_is_the_standard_library_alone(project: Path):
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    code = """
        import sys
        import keyhop
        keyhop.load()
        keyhop.require("openai", "OPENAI_API_KEY")
        try: keyhop.require("openai", "anthropic")
        except keyhop.errors.MissingCredential: pass
        with keyhop.redact(): pass
        import asyncio, concurrent.futures, multiprocessing
        guarded = keyhop.attach("openai")(lambda: 1)
        assert guarded() == 1
        for host in (multiprocessing.get_context("spawn"), concurrent.futures.ThreadPoolExecutor()):
            keyhop.detach(keyhop.attach(host, "openai"))
        import importlib.metadata, pathlib
        roots = {name.partition(".")[0] for name in sys.modules}
        print(*sorted(roots - set(sys.stdlib_module_names) - {"keyhop", "__main__", "__mp_main__", "sitecustomize"}))
    """
    lines = "\n".join(line.removeprefix(" " * 8) for line in code.splitlines())
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{lines}"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.split() == []


CREW = f"""
    from crewai import Agent, Crew, Flow, LLM, Process, Task
    from crewai.flow.flow import start
    from crewai.mcp import MCPServerHTTP
    from crewai.tools import BaseTool, EnvVar
    from crewai_tools import SerperDevTool
    import keyhop
    from keyhop.startup import hook

    class Desk(BaseTool):
        name: str = "desk"
        description: str = "files"
        env_vars: list[EnvVar] = [EnvVar(name="DESK_TOKEN", description="", required=True)]
        def _run(self): return ""

    def told(*what):
        return sorted([each.name, each.rule, each.because] for each in keyhop.preflight(*what).wrong)

    one = Agent(role="Researcher", goal="g", backstory="b", tools=[SerperDevTool(), Desk()])
    two = Agent(role="Writer", goal="g", backstory="b", llm="anthropic/claude-sonnet-4-5",
                mcps=[MCPServerHTTP(url="http://127.0.0.1:9", headers={{"Authorization": "Bearer {OTHER}"}})])
    lone = Agent(role="Lone", goal="g", backstory="b", llm=LLM("gemini/gemini-2.5-pro"))
    task = Task(description="d", expected_output="e", agent=one)
    last = Task(description="d", expected_output="e", agent=lone, guardrail="be brief")
    crew = Crew(agents=[one, two], tasks=[task, last], process=Process.hierarchical, planning=True,
                manager_llm="groq/llama-3.3-70b")
    seen["crew"] = told(crew)

    held = LLM("gpt-4o", api_key='"{KEY}"')
    seen["held"] = told(held)
    seen["empty"] = told(LLM("anthropic/claude-sonnet-4-5", api_key=""))
    seen["explicit"] = told(LLM("gpt-4o", api_key="{KEY}"))
    seen["local"] = told(LLM("openai/gpt-4o", api_key="NA", base_url="http://localhost:8000/v1"))
    os.environ["OPENAI_API_KEY"] = "{KEY}"
    os.environ["MODEL"] = "claude-sonnet-4-5"
    seen["default"] = told(Agent(role="Default", goal="g", backstory="b"))
    del os.environ["OPENAI_API_KEY"], os.environ["MODEL"]

    class Morning(Flow):
        @start()
        def begin(self):
            return Crew(agents=[one], tasks=[task]).kickoff()

    def outcome(run):
        try:
            run()
        except Exception as error:
            return [type(error).__name__, type(error.__cause__).__name__, str(error)]

    take_away = hook()
    seen["kickoff"] = outcome(Crew(agents=[one], tasks=[task]).kickoff)
    seen["flow"] = outcome(Morning().kickoff)
    seen["agent"] = outcome(lambda: one.kickoff("hello"))
    take_away()
    seen["without"] = outcome(lambda: one.kickoff("hello"))
    os.environ.update(OPENAI_API_KEY="{KEY}", ANTHROPIC_API_KEY="{KEY}", GEMINI_API_KEY="{KEY}", DESK_TOKEN="{KEY}",
                      SERPER_API_KEY="{KEY}", GROQ_API_KEY="{KEY}")
    seen["complete"] = told(crew)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if find_spec("crewai_tools") is None:
        pytest.skip("crewai-tools is not installed")
    return seen(CREW, tmp_path_factory.mktemp("crew"))


class TestCrews:
    """Live objects of the real CrewAI."""

    def test_every_place_of_a_crew_is_walked(self, said):
        by_name = {name: because for name, _, because in said["crew"]}
        assert by_name.keys() == {
            "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GROQ_API_KEY", "SERPER_API_KEY", "DESK_TOKEN",
        }  # fmt: skip
        assert "agent 'Researcher'" in by_name["OPENAI_API_KEY"]
        assert "Crew(planning=True)" in by_name["OPENAI_API_KEY"]
        assert by_name["ANTHROPIC_API_KEY"] == "LLM('claude-sonnet-4-5') of agent 'Writer'"
        assert "agent 'Lone'" in by_name["GOOGLE_API_KEY"]
        assert "the manager of the crew" in by_name["GROQ_API_KEY"]
        assert by_name["SERPER_API_KEY"] == "SerperDevTool of agent 'Researcher'"
        assert by_name["DESK_TOKEN"] == "Desk of agent 'Researcher'"

    def test_a_key_in_the_object_is_judged_where_it_is(self, said):
        assert [rule for _, rule, _ in said["held"]] == ["quotes-kept-in-value"]
        assert [rule for _, rule, _ in said["empty"]] == ["empty-value-wins"]
        assert said["explicit"] == said["local"] == []

    def test_another_providers_key_in_a_default_model_is_told(self, said):
        assert [(name, rule) for name, rule, _ in said["default"]] == [("ANTHROPIC_API_KEY", "wrong-provider-key")]

    @pytest.mark.parametrize("start", ["kickoff", "flow", "agent"])
    def test_the_hook_ends_a_run_unwrapped_and_untried_again(self, said, start: str):
        kind, cause, text = said[start]
        assert (kind, cause) == ("HookAborted", "MissingCredential")
        assert "OPENAI_API_KEY" in text
        assert "agent 'Researcher'" in text

    def test_the_hook_can_be_taken_away(self, said):
        assert said["without"][0] != "HookAborted"

    def test_nothing_is_wrong_with_all_keys(self, said):
        assert said["complete"] == []

    def test_no_value_is_printed(self, said):
        assert KEY not in str(said)
        assert OTHER not in str(said)
