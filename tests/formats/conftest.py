"""The one report that every format writes."""

from __future__ import annotations

import pytest
from shared_report import FILES, Checked

from keyhop.api import check
from keyhop.report import Report


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The report, and the project that it is of."""
    root = tmp_path_factory.mktemp("project")
    for path, text in FILES.items():
        (root / path).write_text(text, "utf-8")
    return Checked(check(root), root)


@pytest.fixture(scope="session")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a project in which all is well."""
    root = tmp_path_factory.mktemp("well")
    (root / "main.py").write_text('print("hello")\n', "utf-8")
    (root / "Procfile").write_text("web: python main.py\n", "utf-8")
    return check(root)
