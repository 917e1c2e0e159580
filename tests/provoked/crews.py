"""Crews that fail, in the process that is asked to run them. Imported by drivers and workers alike."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from crewai import LLM, Agent, Crew, Task

_OWN = set(os.environ)


def attempt(row: dict[str, Any]) -> str:
    """Runs the crew of one row with that row's environment, and lets its exception out."""
    for name in set(os.environ) - _OWN:
        del os.environ[name]
    os.environ.update(row["environment"])
    return _CREWS[row["crew"]](row)


def _llm(row: dict[str, Any]) -> LLM:
    return LLM(model=row["model"], **row["llm"])


def _parts(row: dict[str, Any], llm: LLM | None = None, **more: Any) -> dict[str, Any]:
    writer = Agent(
        role="analyst", goal="add numbers", backstory="counts", llm=llm or _llm(row), max_retry_limit=0, **more
    )
    return {
        "agents": [writer],
        "tasks": [Task(description="What is 2 + 2?", expected_output="a number", agent=writer)],
    }


def _plain(row: dict[str, Any]) -> str:
    return str(Crew(**_parts(row)).kickoff())


def _late(row: dict[str, Any]) -> str:
    """A client that is made while its module is imported, before anybody has loaded the file with its key."""
    directory = Path(tempfile.mkdtemp())
    (directory / "late_clients.py").write_text("from openai import OpenAI\n\nclient = OpenAI()\n", "utf-8")
    (directory / "late_main.py").write_text(
        "from late_clients import client\nfrom dotenv import load_dotenv\n\nload_dotenv()\n", "utf-8"
    )
    sys.path.insert(0, str(directory))
    return str(import_module("late_main").client)


def _planning(row: dict[str, Any]) -> str:
    return str(Crew(**_parts(row), planning=True).kickoff())


def _guardrail(row: dict[str, Any]) -> str:
    """The crew's own model answers; the one that judges the answer is refused."""
    from crewai.tasks.llm_guardrail import LLMGuardrail

    address = row["environment"]["OPENAI_BASE_URL"].replace("/good/", "/openai-401/")
    parts = _parts(row)
    judge = LLM(model="openai/gpt-4o", base_url=address, max_retries=0)
    parts["tasks"][0] = Task(
        description="What is 2 + 2?",
        expected_output="a number",
        agent=parts["agents"][0],
        guardrail=LLMGuardrail(description="a number", llm=judge),
        guardrail_max_retries=0,
    )
    return str(Crew(**parts).kickoff())


def _memory(row: dict[str, Any]) -> str:
    os.environ["CREWAI_STORAGE_DIR"] = tempfile.mkdtemp()
    return str(Crew(**_parts(row), memory=True, verbose=True).kickoff())


def _knowledge(row: dict[str, Any]) -> str:
    from crewai.knowledge.source.string_knowledge_source import StringKnowledgeSource

    os.environ["CREWAI_STORAGE_DIR"] = tempfile.mkdtemp()
    return str(Crew(**_parts(row, knowledge_sources=[StringKnowledgeSource(content="2 + 2 is 4")])).kickoff())


def _tool(row: dict[str, Any]) -> str:
    from crewai_tools import SerperDevTool

    return str(SerperDevTool().run(search_query="2 + 2"))


def _mcp(row: dict[str, Any]) -> str:
    from crewai.mcp import MCPServerHTTP

    address = row["environment"]["OPENAI_BASE_URL"].replace("/good/v1", "/mcp-401/mcp")
    return str(Crew(**_parts(row, mcps=[MCPServerHTTP(url=address)])).kickoff())


_CREWS = {
    "plain": _plain,
    "late": _late,
    "planning": _planning,
    "guardrail": _guardrail,
    "memory": _memory,
    "knowledge": _knowledge,
    "tool": _tool,
    "mcp": _mcp,
}
