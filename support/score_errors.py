"""Scores `keyhop explain` against hand-made labels of real error texts.

    python support/score_errors.py errors.jsonl [--wrong] [--folds]

Each line has a ``text``, its ``cause``, the causes that are ``also_acceptable``, its ``family`` and its ``group``:
texts of one group come from one source. With ``--folds`` every text is explained without the symptoms that
only reports tell of, and that show in texts of its own fold alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zlib import crc32

from keyhop import weighing
from keyhop.account import Account
from keyhop.causes import Cause, Family
from keyhop.diagnosis import Diagnosis, diagnose
from keyhop.finding import Certainty
from keyhop.symptoms import symptoms
from keyhop.symptoms.symptom import Source, Symptom
from keyhop.text.logs import read_failures

FOLDS = 5


@dataclass(frozen=True)
class Answer:
    """What was said of one text, beside its label."""

    row: dict[str, Any]
    diagnosis: Diagnosis | None

    @property
    def acceptable(self) -> set[Cause]:
        return {Cause(each) for each in (self.row["cause"], *self.row["also_acceptable"])}

    @property
    def cause(self) -> Cause | None:
        return self.diagnosis.cause if self.diagnosis else None

    @property
    def strict(self) -> bool:
        return self.cause is Cause(self.row["cause"])

    @property
    def lenient(self) -> bool:
        return self.cause in self.acceptable

    @property
    def family(self) -> bool:
        return self.cause is not None and self.cause.family in {each.family for each in self.acceptable}

    @property
    def certain(self) -> bool:
        return self.diagnosis is not None and self.diagnosis.certainty is Certainty.CERTAIN

    @property
    def accuses(self) -> bool:
        """Whether a text that has nothing to do with keys is said, with certainty, to be about one."""
        ours = Cause(self.row["cause"]).family is Family.NOT_AUTH
        return ours and self.certain and self.cause is not None and self.cause.family is Family.CREDENTIAL

    @property
    def alternative(self) -> bool:
        others = {Cause(each) for each in self.row["also_acceptable"]}
        said = {self.cause, *(self.diagnosis.alternatives if self.diagnosis else ())}
        return bool(others & said)


def best(text: str) -> Diagnosis | None:
    return next(iter(diagnose(read_failures(text.splitlines(keepends=True)))), None)


def answers(rows: Iterable[dict[str, Any]]) -> list[Answer]:
    return [Answer(row, best(row["text"])) for row in rows]


def folded(rows: list[dict[str, Any]]) -> list[Answer]:
    """Every text explained without what is known from its own fold alone."""
    folds: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        folds.setdefault(crc32(str(row["group"]).encode()) % FOLDS, []).append(row)
    where = _folds_of(rows)
    found = []
    for number, members in folds.items():
        kept = tuple(each for each in symptoms() if each.source is not Source.FIELD or where[each] != {number})
        with patch.object(weighing, "symptoms", lambda kept=kept: kept):
            found += answers(members)
    return found


def _folds_of(rows: list[dict[str, Any]]) -> dict[Symptom, set[int]]:
    """The folds in whose texts each symptom shows."""
    found: dict[Symptom, set[int]] = {each: set() for each in symptoms()}
    for row in rows:
        fold = crc32(str(row["group"]).encode()) % FOLDS
        for failure in read_failures(row["text"].splitlines(keepends=True)):
            for shown in weighing.shown(Account(failure)):
                found[shown.symptom].add(fold)
    return found


def report(title: str, found: list[Answer]) -> str:
    def share(of: list[Answer], right: Callable[[Answer], bool]) -> str:
        return f"{sum(map(right, of)) / len(of):.3f}" if of else "-"

    certain = [each for each in found if each.certain]
    open_ones = [each for each in found if each.row["also_acceptable"]]
    shares = {
        "strict": share(found, lambda each: each.strict),
        "lenient": share(found, lambda each: each.lenient),
        "family": share(found, lambda each: each.family),
        "certain": share(found, lambda each: each.certain),
        "of these right": share(certain, lambda each: each.lenient),
        "alternatives": share(open_ones, lambda each: each.alternative),
        "accused": str(sum(each.accuses for each in found)),
    }
    return f"{title:<18} {len(found):>4}  " + "  ".join(f"{name} {value}" for name, value in shares.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print what is not acceptable")
    parser.add_argument("--folds", action="store_true", help="leave out what is known from the text's own fold")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.labels.read_text("utf-8").splitlines()]
    found = folded(rows) if arguments.folds else answers(rows)
    print(report("all", found))
    for name, value in (("text_kind", "raw"), ("text_kind", "quoted"), ("prose_hint", True), ("prose_hint", False)):
        print(report(f"{name} {value}", [each for each in found if each.row[name] == value]))
    if arguments.wrong:
        for each in found:
            if not each.lenient:
                said = f"{each.cause} {each.diagnosis.certainty.value if each.diagnosis else ''}"
                print(f"{each.row['id']}: {said}, not {each.row['cause']} {each.row['also_acceptable']}")
        print(Counter(str(each.cause) for each in found if not each.lenient))
    return 0


if __name__ == "__main__":
    sys.exit(main())
