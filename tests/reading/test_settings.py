"""``[tool.keyhop]``, and comments that silence a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyhop.errors import SettingsError
from keyhop.finding import Certainty, Finding, Severity
from keyhop.settings import Ignored, Settings, load_settings
from keyhop.silence import WITHOUT_REASON, silence
from keyhop.span import Span
from keyhop.tree import Tree


def settings(root: Path, text: str) -> Settings:
    (root / "pyproject.toml").write_text(text)
    return load_settings(root)


def test_a_project_without_settings_has_the_defaults(tmp_path: Path):
    assert load_settings(tmp_path) == Settings()
    assert settings(tmp_path, "[project]\nname = 'x'\n") == Settings()


def test_settings_are_read(tmp_path: Path):
    text = (
        "[tool.keyhop]\nexclude = ['old/*']\nignore = [{ rule = 'r', reason = 'why', process = 'p' }]\n"
        "[tool.keyhop.deployments]\nprod = ['a.yml', 'b.yml']\n"
    )
    assert settings(tmp_path, text) == Settings(
        exclude=("old/*",),
        ignore=(Ignored(rule="r", reason="why", process="p"),),
        deployments=(("prod", ("a.yml", "b.yml")),),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[tool.keyhop]\nexlude = []\n", "exlude is not known"),
        ("[tool.keyhop]\nexclude = 'x'\n", "not a list of strings"),
        ("[tool.keyhop]\nignore = [{ rule = 'r' }]\n", "lacks its rule or its reason"),
        ("[tool]\nkeyhop = 3\n", "not a table"),
        ("[tool.keyhop]\n= 3\n", "pyproject.toml"),
    ],
)
def test_settings_that_are_not_understood_are_refused(tmp_path: Path, text: str, says: str):
    with pytest.raises(SettingsError, match=says):
        settings(tmp_path, text)


def test_a_broken_pyproject_that_says_nothing_to_keyhop_is_no_obstacle(tmp_path: Path):
    assert settings(tmp_path, "[project\n") == Settings()


def found(path: str, line: int) -> Finding:
    return Finding(
        rule="key-lost-at-hop",
        severity=Severity.ERROR,
        certainty=Certainty.CERTAIN,
        message="m",
        span=Span(path=path, line=line),
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1  # keyhop: ignore[key-lost-at-hop] set by the platform\n", 1, "set by the platform"),
        ("# keyhop: ignore[other, key-lost-at-hop] set elsewhere\na: 1\n", 2, "set elsewhere"),
        ("a: 1  # keyhop: ignore[other] not this one\n", 1, None),
        ("b: 2  # keyhop: ignore[key-lost-at-hop] of another line\na: 1\n", 2, None),
    ],
)
def test_a_comment_with_a_reason_silences_its_own_line(tmp_path: Path, text: str, line: int, reason: str | None):
    (tmp_path / "f.yml").write_text(text)
    stay, silenced = silence([found("f.yml", line)], Tree(tmp_path), Settings())
    assert [each.reason for each in silenced] == ([reason] if reason else [])
    assert len(stay) + len(silenced) == 1


def test_a_comment_without_a_reason_silences_nothing_and_is_itself_reported(tmp_path: Path):
    (tmp_path / "f.yml").write_text("a: 1  # keyhop: ignore[key-lost-at-hop]\n")
    stay, silenced = silence([found("f.yml", 1)], Tree(tmp_path), Settings())
    assert [finding.rule for finding in stay] == ["key-lost-at-hop", WITHOUT_REASON]
    assert not silenced
