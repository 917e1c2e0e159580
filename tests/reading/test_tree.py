"""Which files of a project are seen, and which are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyhop.span import Source, Undecodable
from keyhop.tree import LARGEST, Tree, join


def plant(root: Path, **files: str) -> Tree:
    """A tree with these files; ``__`` stands for ``/`` and ``_dot_`` for a leading dot."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(root)


def test_environments_packages_and_version_control_are_not_entered(tmp_path: Path):
    for directory in (".git", "node_modules", "lib/site-packages", "env"):
        (tmp_path / directory).mkdir(parents=True)
        (tmp_path / directory / "x.py").write_text("")
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    (tmp_path / "a.py").write_text("")
    assert Tree(tmp_path).paths == ("a.py",)


def test_a_link_out_of_the_project_is_not_a_file_of_it(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.write_text("x")
    root = tmp_path / "project"
    root.mkdir()
    (root / "out").symlink_to(outside)
    (root / "loop").symlink_to(root / "loop")
    (root / "dir").symlink_to(root)
    (root / "a").write_text("x")
    (root / "in").symlink_to(root / "a")
    assert Tree(root).paths == ("a", "in")


def test_a_huge_file_is_named_and_not_read(tmp_path: Path):
    with (tmp_path / "big.yaml").open("wb") as file:
        file.truncate(LARGEST + 1)
    tree = Tree(tmp_path)
    assert tree.source("big.yaml") is None
    assert str(LARGEST) in tree.unread["big.yaml"].why


@pytest.mark.parametrize(
    ("rules", "path", "ignored"),
    [
        (".env\n", ".env", True),
        (".env\n", "sub/.env", True),
        ("/.env\n", "sub/.env", False),
        (".env*\n!.env.example\n", ".env.example", False),
        ("secrets/\n", "secrets/key.txt", True),
        ("", ".env", False),
    ],
)
def test_gitignore_keeps_files_out(tmp_path: Path, rules: str, path: str, ignored: bool):
    (tmp_path / ".gitignore").write_text(rules)
    assert Tree(tmp_path).ignores(path) is ignored


def test_the_view_of_ci_has_no_ignored_files(tmp_path: Path):
    plant(tmp_path, _dot_gitignore=".env\n", _dot_env="A=1\n", a="x")
    assert Tree(tmp_path, ignored=False).paths == (".gitignore", "a")


@pytest.mark.parametrize(
    ("directory", "path", "joined"),
    [("a", "../b", "b"), ("a", "../../b", None), ("", ".", ""), ("a", "./c/../d", "a/d"), ("a", "..", "")],
)
def test_paths_never_leave_the_root(directory: str, path: str, joined: str | None):
    assert join(directory, path) == joined


def test_spans_count_code_points_and_lines_from_one():
    source = Source(path="f", data="ä=1\r\nb=2".encode())
    span = source.span(5, 6)
    assert (span.line, span.column, source.text[span.start : span.end]) == (2, 1, "b")
    assert source.span_of_line(2).end == len(source.text)


@pytest.mark.parametrize("data", [b"\xff\xfea\0", b"a\0b", b"\xc3("])
def test_bytes_that_are_no_text_say_so_without_quoting_them(data: bytes):
    with pytest.raises(Undecodable, match=r"^it is"):
        _ = Source(path="f", data=data).text


def test_what_pip_has_put_into_a_folder_is_not_the_projects(tmp_path: Path):
    vendor = tmp_path / "vendor"
    for name in ("celery/app.py", "six.py", "own/main.py", "celery-5.dist-info/METADATA"):
        (vendor / name).parent.mkdir(parents=True, exist_ok=True)
        (vendor / name).write_text("")
    (vendor / "celery-5.dist-info" / "RECORD").write_text("celery/app.py,sha256=x,0\nsix.py,,\n")
    assert Tree(tmp_path).paths == ("vendor/own/main.py",)


def test_files_are_looked_through_without_being_kept(tmp_path: Path):
    for name, text in {"a.py": "import ray", "b.py": "import os", "c.py": "import celery", "d": "ray"}.items():
        (tmp_path / name).write_text(text)
    tree = Tree(tmp_path)
    assert list(tree.holding([b"ray"], "*.py")) == ["a.py"]
    assert list(tree.holding([b"celery", b"ray"], "*.py")) == ["a.py", "c.py"]
    assert tree.opened == 6  # three files, once for each new word
