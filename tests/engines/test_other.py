"""A launcher that keyhop does not know is never dropped, and never guessed."""

from __future__ import annotations

from pathlib import Path

from engines.observed import NAMES, predicted, project, script
from keyhop.value import Verdict


def test_what_a_cluster_of_another_library_starts_is_not_known(tmp_path: Path) -> None:
    step = "cluster = Cluster()\ncluster.submit(work, 1)"
    root = project(tmp_path, script("from somewhere import Cluster\n", step))
    (process,) = (said := predicted(root))
    assert process.startswith("pool:main.py#")
    assert said[process] == dict.fromkeys(NAMES, Verdict.UNKNOWN)
