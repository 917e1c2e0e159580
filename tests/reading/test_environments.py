"""Where a project's virtual environment lies, as far as the project tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_tree import plant

from keyhop.environments import lies_inside
from keyhop.promises import Promises


@pytest.mark.parametrize(
    ("name", "text", "inside"),
    [
        ("uv.lock", "version = 1\n", True),
        ("pyproject.toml", '[tool.crewai]\ntype = "crew"\n', True),
        ("pyproject.toml", "[tool.poetry]\nname = 'x'\n", None),
        ("poetry.toml", "[virtualenvs]\nin-project = true\n", True),
        ("README.md", "python3 -m venv .venv\n", True),
        ("README.md", "python -m venv ~/envs/crew\n", None),
        ("README.md", "pip install -r requirements.txt\n", None),
        ("README.md", "uv sync\n", True),
    ],
)
def test_the_environment_lies_where_the_project_puts_it(tmp_path: Path, name: str, text: str, inside: bool | None):
    (tmp_path / name).write_text(text)
    tree = plant(tmp_path, sub__a="")
    assert lies_inside(tree, Promises(tree), "sub") is inside


def test_an_env_file_that_the_documents_put_above_is_looked_for_there(tmp_path: Path):
    (tmp_path / ".env.example").write_text("A=\n")
    promises = Promises(plant(tmp_path, deploy__compose="", own__dot=""))
    (tmp_path / "own" / ".env.example").write_text("A=\n")
    assert promises.instead("deploy/.env") == ".env"
    assert Promises(plant(tmp_path)).instead("own/.env") is None
    assert promises.instead(".env") is None
