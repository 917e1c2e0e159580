"""Each symptom shows in its own samples, decides what they are, and passes its other samples by."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from keyhop.account import Account
from keyhop.causes import Cause
from keyhop.diagnosis import diagnose
from keyhop.failure import Failure
from keyhop.symptoms import members, symptoms
from keyhop.symptoms.symptom import Level, Symptom
from keyhop.text.logs import read_failures
from keyhop.weighing import shown


def failures(text: str) -> list[Failure]:
    return list(read_failures(text.splitlines(keepends=True)))


def shows(symptom: Symptom, text: str) -> bool:
    return any(each.symptom is symptom for failure in failures(text) for each in shown(Account(failure)))


def cases(kind: str) -> list[object]:
    return [
        pytest.param(symptom, text, id=f"{symptom.cause}: {text[:60]}".replace("\n", " "))
        for symptom in symptoms()
        for text in getattr(symptom, kind)
    ]


@pytest.mark.parametrize(("symptom", "text"), cases("samples"))
def test_a_sample_is_explained_by_its_symptom(symptom: Symptom, text: str) -> None:
    assert shows(symptom, text)
    first = diagnose(failures(text))[0]
    assert first.cause in {symptom.cause, *symptom.also, Cause.TOOL_CREDENTIAL}
    assert first.evidence


@pytest.mark.parametrize(("symptom", "text"), cases("not_samples"))
def test_a_text_of_another_kind_is_passed_by(symptom: Symptom, text: str) -> None:
    assert not shows(symptom, text)


def test_every_module_has_symptoms_and_every_symptom_a_sample() -> None:
    assert len(members()) > 15
    assert [each.says or each.types for each in symptoms() if not each.samples] == []


def test_what_hides_its_cause_says_what_it_hides() -> None:
    masks = [each for each in symptoms() if each.level is Level.MASK and each.says]
    assert masks
    assert [each.says[:60] for each in masks if not each.cannot_tell or not each.next] == []


SAMPLES = [text for symptom in symptoms() for text in symptom.samples]


@settings(max_examples=150, deadline=None)
@given(
    some.lists(some.sampled_from(SAMPLES), min_size=1, max_size=4),
    some.integers(0, 200),
    some.integers(0, 200),
    some.text(),
)
def test_torn_and_mixed_texts_are_read_without_a_crash(texts: list[str], start: int, stop: int, noise: str) -> None:
    text = "\n".join(texts)
    for each in diagnose(failures(text[start:] + noise + text[:stop])):
        assert each.count >= 1
        assert each.cause not in each.alternatives
