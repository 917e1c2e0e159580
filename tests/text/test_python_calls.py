"""One more argument of a call: Python takes the text afterwards as that call with that argument, and nothing else."""

from __future__ import annotations

import ast

import pytest

from keyhop.span import Source, Span
from keyhop.text import python_calls


def source_of(text: str) -> Source:
    return Source(path="crew.py", data=text.encode())


def at(source: Source, call: str) -> Span:
    start = source.text.index(call)
    return source.span(start, start + len(call))


def put(source: Source, stretches: tuple[python_calls.Stretch, ...]) -> str:
    ((start, end, text, moved),) = stretches
    assert moved is None
    return source.text[:start] + text + source.text[end:]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Agent()", "Agent(llm=x)"),
        ('Agent("é", b=1)', 'Agent("é", b=1, llm=x)'),
        ("Agent(b=1, )", "Agent(b=1, llm=x )"),
        ("Agent(**given)", "Agent(**given, llm=x)"),
        ("Agent(\n    b=1,\n)", "Agent(\n    b=1,\n    llm=x,\n)"),
        ("Agent(\n    b=1\n)", "Agent(\n    b=1,\n    llm=x\n)"),
        ("Agent(\n    b=1,  # one, and more\n)", "Agent(\n    b=1,  # one, and more\n    llm=x,\n)"),
        ("Agent(\n    b=[\n        1,\n    ],\n)", "Agent(\n    b=[\n        1,\n    ],\n    llm=x,\n)"),
        ("Agent(a,\n      b=1)", "Agent(a,\n      b=1, llm=x)"),
        ("Agent(\n    b=1  # one\n)", "Agent(\n    b=1, llm=x  # one\n)"),
    ],
)
def test_an_argument_stands_behind_the_last_one(call: str, expected: str):
    source = source_of(f"é = 1\nfirst = {call}\nAgent(2).run()\n")
    changed = put(source, python_calls.passed(source, at(source, call), "llm", "x"))
    assert changed == source.text.replace(call, expected)
    old, new = (ast.parse(text).body[1].value for text in (source.text, changed))  # type: ignore[attr-defined]
    assert new.keywords.pop().arg == "llm"
    assert ast.dump(old) == ast.dump(new)


def test_a_call_that_has_it_is_left_alone():
    source = source_of("Agent(llm=1)\n")
    assert python_calls.passed(source, at(source, "Agent(llm=1)"), "llm", "x") == ()


BESIDE = "from crewai import Agent, Crew, LLM\nfrom models import shared\nllm = LLM('groq/x')\n"


@pytest.mark.parametrize(
    ("text", "argument", "expected"),
    [
        (f"{BESIDE}a = Agent(llm=llm)\nb = Agent(1)\n", "llm", "llm"),
        (f"{BESIDE}a = Agent(llm=shared)\nb = Agent(1)\n", "llm", "shared"),
        (f"{BESIDE}a = Agent(llm='groq/x')\nb = Agent(1)\n", "llm", "'groq/x'"),
        (f"{BESIDE}a = Agent(llm=llm)\nc = Agent(llm=shared)\nb = Agent(1)\n", "llm", ""),
        (f"{BESIDE}b = Agent(1)\nlater = LLM('x')\na = Agent(llm=later)\n", "llm", ""),
        (f"{BESIDE}def make():\n    own = LLM('x')\n    return Agent(llm=own)\nb = Agent(1)\n", "llm", ""),
        (f"{BESIDE}def make():\n    own = LLM('x')\n    return Agent(llm=own), Agent(1)\n", "llm", "own"),
        (f"{BESIDE}def make():\n    return Agent(1), Agent(llm=late)\nlate = LLM('x')\n", "llm", "late"),
        (f"{BESIDE}a = Agent(llm=LLM('x', api_key='sk-1'))\nb = Agent(1)\n", "llm", ""),
        (f"{BESIDE}a = Agent(llm=llm)\nb = Agent(1)\n", "planning_llm", "llm"),
        (
            f"{BESIDE}class A:\n    def a(self):\n        return Agent(llm=self.llm), Agent(1)\n",
            "llm",
            "self.llm",
        ),
        (f"{BESIDE}class A:\n    def a(self):\n        return Agent(llm=self.llm)\nb = Agent(1)\n", "llm", ""),
    ],
)
def test_what_others_pass_is_said_only_where_it_can_be(text: str, argument: str, expected: str):
    source = source_of(text)
    assert python_calls.as_beside(source, at(source, "Agent(1)"), argument) == expected


SETTINGS = "class Settings(BaseSettings):\n    openai_api_key: {}\n\n\nsettings = Settings()\n"


@pytest.mark.parametrize(
    ("kind", "imported", "expected"),
    [
        ("str", "from app.settings import settings\n", "settings.openai_api_key"),
        ("SecretStr", "from .settings import settings\n", "settings.openai_api_key.get_secret_value()"),
        ("str", "from app.settings import Settings\nown = Settings()\n", "own.openai_api_key"),
        ("str", "import app.settings\n", ""),
        ("str", "from app.settings import settings as s\n", ""),
        ("str", "def make():\n    from app.settings import settings\n", ""),
    ],
)
def test_a_field_is_passed_where_one_object_of_the_settings_is_at_hand(kind: str, imported: str, expected: str):
    settings = Source(path="app/settings.py", data=SETTINGS.format(kind).encode())
    source = source_of(f"{imported}LLM('gpt-4o')\n")
    found = python_calls.instance_field(source, at(source, "LLM('gpt-4o')"), settings, 1, "OPENAI_API_KEY")
    assert found == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("@app.task", "@app.task(acks_late=True)"),
        ("@app.task(bind=True)", "@app.task(bind=True, acks_late=True)"),
        ("@shared_task()", "@shared_task(acks_late=True)"),
        ("@other", ""),
    ],
)
def test_a_decorator_gets_an_argument(decorator: str, expected: str):
    source = source_of(f"{decorator}\ndef write():\n    raise Reject(1)\n")
    found = python_calls.passed_to_decorator(source, source.text.index("Reject"), "task", "acks_late", "True")
    assert (put(source, found) if found else "") == (expected and source.text.replace(decorator, expected))


ENTRIES = {"api_key": 'os.environ["A"]', "api_base": 'os.environ["B"]'}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('{"provider": "azure"}', {"provider": "azure", "config": {"api_key": "a", "api_base": "b"}}),
        ('{"config": {}}', {"config": {"api_key": "a", "api_base": "b"}}),
        ('{\n    "config": {\n        "é": 1,\n    },\n}', {"config": {"é": 1, "api_key": "a", "api_base": "b"}}),
        ('{"config": {"api_key": "x"}}', None),
        ("{**more}", None),
        ("made", None),
    ],
)
def test_entries_are_put_into_the_config_of_a_dict(given: str, expected: dict[str, object] | None):
    source = source_of(f'"""A page."""\n\nx = Crew(embedder={given})\n')
    found = python_calls.configured(source, at(source, f"Crew(embedder={given})"), "embedder", ENTRIES)
    text = source.text
    for start, end, new, _ in sorted(found, reverse=True):
        text = text[:start] + new + text[end:]
    if expected is None:
        assert found == ()
        return
    made: dict[str, object] = {"Crew": dict}
    exec(
        text.replace(
            "import os", "from types import SimpleNamespace\nos = SimpleNamespace(environ={'A': 'a', 'B': 'b'})"
        ),
        made,
    )
    assert made["x"] == {"embedder": expected}
