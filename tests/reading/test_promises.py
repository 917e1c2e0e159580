"""What a project says of files that are not in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_tree import plant

from keyhop.promises import Promises, is_env_file, is_template


@pytest.mark.parametrize(
    ("name", "template", "env_file"),
    [
        (".env", False, True),
        (".env.production", False, True),
        ("prod.env", False, True),
        (".env.example", True, False),
        ("env.sample", True, False),
        (".env.local.template", True, False),
        ("environment.py", False, False),
        ("env.py", False, False),
    ],
)
def test_env_files_and_templates_are_told_by_their_names(name: str, template: bool, env_file: bool):
    assert (is_template(name), is_env_file(name)) == (template, env_file)


def test_a_template_promises_the_file_beside_it(tmp_path: Path):
    (tmp_path / ".env.example").write_text("OPENAI_API_KEY=\n")
    promises = Promises(plant(tmp_path))
    assert promises.templates(".env") == (".env.example",)
    assert not promises.templates("deploy/.env")
    assert not promises.promised("deploy/.env")


@pytest.mark.parametrize("text", ["cp .env.example backend/.env", "```\ncd backend\ncp ../.env.example .env\n```"])
def test_a_copy_command_promises_a_file_elsewhere(tmp_path: Path, text: str):
    (tmp_path / ".env.example").write_text("A=\n")
    (tmp_path / "README.md").write_text(text)
    assert Promises(plant(tmp_path, backend__a="")).templates("backend/.env") == (".env.example",)


def test_a_template_of_its_own_comes_before_the_common_one(tmp_path: Path):
    for name in (".env.example", ".env.prod.example"):
        (tmp_path / name).write_text("A=\n")
    promises = Promises(plant(tmp_path))
    assert promises.templates(".env.prod") == (".env.prod.example",)
    assert promises.templates(".env") == (".env.example",)


def test_a_document_names_variables_and_files(tmp_path: Path):
    (tmp_path / "README.md").write_text("Create `.env`:\n\n```\nOPENAI_API_KEY=sk-...\n```\n")
    promises = Promises(plant(tmp_path, sub__x=""))
    assert promises.promised(".env")
    assert [(name, span.line) for name, span in promises.mentions(".env")] == [("OPENAI_API_KEY", 4)]


def test_a_git_ignored_env_file_is_possible_and_not_promised(tmp_path: Path):
    (tmp_path / ".gitignore").write_text(".env\nbuild\n")
    promises = Promises(plant(tmp_path))
    assert promises.possible(".env")
    assert not promises.promised(".env")
    assert not promises.possible("build")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Create a `.env` in the `backend/` folder", "backend/.env"),
        ("```\ncd backend\ntouch .env\n```", "backend/.env"),
        ("Put your key into `backend/.env`", "backend/.env"),
        ("Put your key into `.env`", ".env"),
        ("Put the `frontend` key into `.env`", ".env"),
    ],
)
def test_a_document_says_where_the_file_goes(tmp_path: Path, text: str, where: str):
    (tmp_path / "README.md").write_text(text)
    promises = Promises(plant(tmp_path, backend__a=""))
    assert [path for path in (".env", "backend/.env") if promises.promised(path)] == [where]


@pytest.mark.parametrize(
    ("text", "exported", "in_the_file"),
    [
        ("export OPENAI_API_KEY=sk-...", ["OPENAI_API_KEY"], []),
        ("$ export OPENAI_API_KEY=sk-...", ["OPENAI_API_KEY"], []),
        ('AGENT="a b" OPENAI_API_KEY="k" docker compose up', ["AGENT", "OPENAI_API_KEY"], []),
        ("OPENAI_API_KEY=your key", [], ["OPENAI_API_KEY"]),
        ("OPENAI_API_KEY=sk-... # the key", [], ["OPENAI_API_KEY"]),
    ],
)
def test_a_document_tells_the_shell_from_the_file(
    tmp_path: Path, text: str, exported: list[str], in_the_file: list[str]
):
    (tmp_path / "README.md").write_text(f"```\n{text}\n```\n")
    promises = Promises(plant(tmp_path))
    assert [name for name, _ in promises.exported()] == exported
    assert [name for name, _ in promises.mentions(".env")] == in_the_file
