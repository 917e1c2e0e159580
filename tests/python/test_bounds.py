"""Code that could be followed for ever is followed for a while, and no value of a user leaves."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from projects import Case, told_needs

_BRANCH = """
if os.getenv('FLAG_{n}'):
    model = model + os.getenv('PART_{n}', '')
elif n == {n}:
    model = choose(model)
"""
BRANCHES = "".join(_BRANCH.format(n=n) for n in range(40))
ENDLESS = {
    "branches on branches": f"""
import os
from crewai import LLM
n = len(os.listdir())
model = "groq/llama"
def choose(m):
    return m or choose(m + choose(m))
{BRANCHES}
print(LLM(model=model, api_key=os.environ["TEAM_KEY"]).call("x"))
""",
    "functions that call each other": """
import os
from crewai import LLM
def even(n, key):
    return key if n == 0 else odd(n - 1, key or os.environ["TEAM_KEY"])
def odd(n, key):
    return even(n - 1, key) if n else even(n, odd(n - 2, key))
print(LLM(model="groq/llama", api_key=even(9, os.environ["TEAM_KEY"])).call("x"))
""",
    "classes that derive from themselves": """
import os
from crewai import LLM
class A(B := object):
    pass
class A(A):
    key = os.environ["TEAM_KEY"]
    def call(self):
        return LLM(model="groq/llama", api_key=self.key).call("x")
A().call()
""",
    "a table that holds itself": """
import os
from crewai import LLM
options = {"temperature": 0}
for n in range(3):
    options = {**options, "top_p": n / 3}
print(LLM(model=options.get("model", "groq/llama"), api_key=os.environ["TEAM_KEY"], **options).call("x"))
""",
    "a class that derives from what a call makes": """
import os
from collections import namedtuple
from crewai import LLM
class Answer(namedtuple("Answer", "text")):
    def call(self):
        return LLM(model="groq/llama", api_key=os.environ["TEAM_KEY"]).call(self.text.encode().decode())
print(Answer("x").call())
""",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_ends(text: str, tmp_path: Path) -> None:
    case = Case(title="", files={"main.py": text}, start="script /main.py", needs=None, writes=None)
    begun = time.process_time()
    told = told_needs(case.facts(tmp_path))
    assert time.process_time() - begun < 10
    assert "TEAM_KEY" in told


def test_no_value_in_facts(tmp_path: Path) -> None:
    text = """
import os
from crewai import LLM
os.environ["OPENAI_API_KEY"] = "sk-canary-in-the-code"
print(LLM(model="openai/gpt-4o", api_key="sk-canary-in-the-call").call("x"))
"""
    case = Case(title="", files={"main.py": text}, start="script /main.py", needs=None, writes=None)
    assert "canary" not in repr(case.facts(tmp_path))
