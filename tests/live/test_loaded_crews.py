"""What keyhop.load() brings is there for every way in which CrewAI runs a crew."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.crews import seen
from live.hosts import ANSWER, provider
from live.leaks import CANARY

pytest.importorskip("crewai", reason="CrewAI is not installed")

WAYS = """
    import asyncio, contextvars, threading
    import keyhop
    keyhop.load(stores=[{"kind": "files", "path": "secrets"}])
    keyhop.require("openai")
    from crewai import Agent, Crew, Flow, LLM, Task
    from crewai.flow.flow import start

    def crew():
        agent = Agent(role="Researcher", goal="g", backstory="b", llm=LLM("openai/gpt-4o-mini"))
        return Crew(agents=[agent], tasks=[Task(description="{topic}", expected_output="e", agent=agent)])

    class Morning(Flow):
        @start()
        def work(self):
            return str(crew().kickoff({"topic": "flow"}))

    def in_thread(run):
        found = []
        thread = threading.Thread(target=lambda: found.append(run()))
        thread.start(), thread.join()
        return found[0]

    one, many = {"topic": "t"}, [{"topic": "a"}, {"topic": "b"}]
    seen["kickoff"] = str(crew().kickoff(one))
    seen["kickoff_async"] = str(asyncio.run(crew().kickoff_async(one)))
    seen["akickoff"] = str(asyncio.run(crew().akickoff(one)))
    seen["kickoff_for_each"] = " ".join(map(str, crew().kickoff_for_each(many)))
    seen["kickoff_for_each_async"] = " ".join(map(str, asyncio.run(crew().kickoff_for_each_async(many))))
    seen["flow"] = str(Morning().kickoff())
    seen["thread"] = in_thread(lambda: str(crew().kickoff(one)))
    seen["empty context"] = contextvars.Context().run(lambda: str(crew().kickoff(one)))
"""


def test_every_way_to_run_a_crew_has_what_was_loaded(tmp_path: Path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "openai_api_key").write_text(CANARY)
    with provider() as url:
        found = seen(WAYS, tmp_path, OPENAI_BASE_URL=url)
    ended = ANSWER.removeprefix("Final Answer: ")
    del found["printed"]
    twice = ("kickoff_for_each", "kickoff_for_each_async")
    assert found == {way: f"{ended} {ended}" if way in twice else ended for way in found}
    assert len(found) == 8
