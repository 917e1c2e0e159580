"""Failures of real crews, provoked on each engine and explained from the text that its user sees.

A few of them by default, one run per engine; ``make provoked`` runs them all, and prints the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from engines.brokers import needs_broker
from keyhop.causes import Cause, Family
from keyhop.explaining import explain
from keyhop.explanations.json_v1 import explain_v1
from provoked.rows import ACCESS, GEMINI_KEY, KEY, OTHER, ROWS, Row
from provoked.runs import every, texts

for _package in ("crewai", "crewai_tools", "anthropic", "azure.ai.inference", "google.genai", "boto3", "litellm"):
    pytest.importorskip(_package)

ENGINES = {
    "local": (),
    "threads": (),
    "pool": (),
    "executor": (),
    "celery-prefork": (needs_broker,),
    "celery-threads": (needs_broker,),
    "celery-caller": (needs_broker,),
    "ray": (),
}
MASKED = ("silent-pool", "silent-executor")
"""The workers' own output goes elsewhere, and the SDK's errors do not come back."""
HIDDEN = {"celery-caller": ("openai-newline", "memory")}
"""What its text does not hold: the caller gets "Connection error." alone, and the result of a crew that went well."""
FEW = ("openai-missing", "openai-401", "openai-quoted", "anthropic-credit", "azure-404", "bedrock-invalid", "tool")
FEW_ENGINES = ("local", "pool", "silent-executor", "celery-prefork", "ray")
SECRETS = (KEY[8:], OTHER[20:60], GEMINI_KEY[4:], ACCESS["AWS_SECRET_ACCESS_KEY"])


def chosen() -> tuple[Row, ...]:
    return ROWS if every() else tuple(row for row in ROWS if row.id in FEW)


def selected(engines: dict[str, tuple[pytest.MarkDecorator, ...]]) -> list[object]:
    wanted = (each for each in engines.items() if every() or each[0] in FEW_ENGINES)
    return [pytest.param(engine, marks=marks) for engine, marks in wanted]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, str]]]:
    """The texts of each engine, run when they are first asked for; the table at the end."""

    class Texts(dict[str, dict[str, str]]):
        def __missing__(self, engine: str) -> dict[str, str]:
            if engine == "ray":
                pytest.importorskip("ray")
            self[engine] = texts(engine, chosen(), tmp_path_factory.mktemp(engine))
            return self[engine]

    yield (told := Texts())
    if every():
        print("\n" + "\n".join(table(told)))


def answer(text: str) -> tuple[Cause | None, str]:
    """The best diagnosis of a text, and its certainty."""
    found = explain(text.splitlines(keepends=True)).explained
    return (found[0].diagnosis.cause, found[0].diagnosis.certainty.value) if found else (None, "")


def table(told: dict[str, dict[str, str]]) -> Iterator[str]:
    yield "| failure | " + " | ".join(told) + " |"
    yield "|---" * (len(told) + 1) + "|"
    for row in chosen():
        cells = [cell(row, *answer(each[row.id])) for each in told.values()]
        yield f"| {row.id} | " + " | ".join(cells) + " |"


def cell(row: Row, cause: Cause | None, certainty: str) -> str:
    sign = "✓" if cause in row.acceptable else "≈" if cause and cause.family in row.families else "✗"
    return f"{sign} {cause or 'nothing'} {certainty}".rstrip()


@pytest.mark.parametrize("engine", selected(ENGINES))
def test_every_failure_is_explained_from_what_its_user_sees(engine: str, said: dict[str, dict[str, str]]) -> None:
    told = said[engine]
    answers = {row.id: answer(told[row.id]) for row in chosen()}
    wrong = {row.id: answers[row.id] for row in chosen() if answers[row.id][0] not in row.acceptable}
    hidden = HIDDEN.get(engine, ())
    assert {id: each for id, each in wrong.items() if id not in hidden} == {}
    assert not [id for id in hidden if answers.get(id, (None, ""))[1] == "certain"]


@pytest.mark.parametrize("engine", selected(ENGINES))
def test_no_key_is_in_an_explanation(engine: str, said: dict[str, dict[str, str]]) -> None:
    for text in said[engine].values():
        shown = json.dumps(explain_v1(explain(text.splitlines(keepends=True))))
        assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize("engine", selected(dict.fromkeys(MASKED, ())))
def test_what_a_broken_pool_hides_is_not_made_up(engine: str, said: dict[str, dict[str, str]]) -> None:
    """Nothing but the pool's own error is seen: whatever is said of its cause, it is not said to be certain."""
    for row in chosen():
        text = said[engine][row.id]
        if "Error code" in text or "__init__()" not in text:
            continue
        found = explain(text.splitlines(keepends=True)).explained
        assert found, row.id
        diagnosis = found[0].diagnosis
        assert diagnosis.cause.family is Family.NOT_AUTH or diagnosis.certainty.value != "certain", row.id
        assert diagnosis.cannot_tell, row.id
