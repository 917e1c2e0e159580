"""Real error texts and bodies, where the labels lie beside the checkout."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
sys.path.insert(0, str(ROOT / "support"))

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the labelled texts are not here")

from score_errors import Answer, answers, best, folded  # noqa: E402


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / name).read_text("utf-8").splitlines()]


def share(of: list[Answer], name: str) -> float:
    return sum(bool(getattr(each, name)) for each in of) / len(of)


@pytest.mark.parametrize("way", [answers, folded], ids=["all", "without what a text's own fold gave"])
def test_real_texts_are_explained(way: Any) -> None:
    found = way(rows("errors_dev.jsonl"))
    certain = [each for each in found if each.certain]
    assert share(found, "lenient") >= 0.92
    assert share(found, "family") >= 0.96
    assert share(found, "certain") >= 0.25
    assert share(certain, "lenient") >= 0.98
    assert not [each.row["id"] for each in found if each.accuses]
    assert share([each for each in found if each.row["also_acceptable"]], "alternative") >= 0.8


@pytest.mark.parametrize("with_status", [True, False], ids=["with its status", "alone"])
def test_every_body_of_a_provider_is_known(with_status: bool) -> None:
    wrong = []
    for row in rows("provider_errors.jsonl"):
        body = row["body"] if isinstance(row["body"], str) else json.dumps(row["body"])
        found = best(f"HTTP {row['status']}\n{body}" if with_status else body)
        if found is None or found.cause not in {row["cause"], *row["also_acceptable"]}:
            wrong.append((row["id"], found and str(found.cause)))
    assert wrong == []


def test_every_form_of_a_clients_error_is_known() -> None:
    """The same answer of a provider is the same cause by whichever client it comes, where the client shows it."""
    runs = json.loads((CORPUS / "providers.json").read_text("utf-8"))["sdk_exceptions"]
    causes: dict[str, set[str]] = {}
    for run in runs:
        text = f"{run['type']}: {run['str']}" if run["type"] else run["ret"]
        found = best(text)
        assert found is not None, text
        if run["client"] != "openai-3.54" or run["code"]:  # openai 3 hides a body that is not JSON
            causes.setdefault(run["scenario"], set()).add(str(found.cause))
    assert {scenario: each for scenario, each in causes.items() if len(each) > 1} == {}
