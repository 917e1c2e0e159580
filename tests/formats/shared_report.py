"""One report that every format writes: each severity and verdict, something not seen, something ignored."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from keyhop.report import Report

KEY = f"sk-ant-{secrets.token_hex(24)}"
FILES = {
    ".env": f"GEMINI_API_KEY={KEY}\nGROQ_API_KEY={KEY}\n",
    "crew.py": """
from crewai import Agent, Crew, LLM

writer = Agent(role="écrivain", llm=LLM("anthropic/claude-sonnet-4-5"))
Crew(agents=[writer, Agent(role="r", llm=LLM("gemini/gemini-pro"))], tasks=[]).kickoff()
""",
    "ask.py": """
from crewai import LLM

# keyhop: ignore[key-lost-at-hop] the host of this one sets it
LLM("mistral/mistral-large-latest").call("<b>hello</b>, 100 %")
""",
    "Procfile": "clock: python crew.py\n",
    "compose, one.yaml": """
services:
  writer:
    image: python:3.12
    command: python /app/crew.py
    volumes: [".:/app"]
    environment:
      ANTHROPIC_API_KEY: ""
      GEMINI_API_KEY: ${GEMINI_API_KEY}
  asker:
    image: python:3.12
    command: python /app/ask.py
    volumes: [".:/app"]
  other:
    image: registry.example.org/other
    command: unheard-of --serve
""",
}


@dataclass(frozen=True)
class Checked:
    report: Report
    root: Path
