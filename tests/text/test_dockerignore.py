"""The patterns of a .dockerignore, with the answers that moby/patternmatcher gives for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyhop.text.dockerignore import excluding_line

LONE = [
    ("**", "file", True),
    ("**/", "dir/file", True),
    ("**/**", "dir/file", True),
    ("dir/**", "dir/dir2/file", True),
    ("dir/**", "dir", False),
    ("**/dir", "dir/file", True),
    ("**/dir2/*", "dir/dir2/file", True),
    ("**file", "dir/file", True),
    ("**file", "dir/a-file", True),
    ("**/file", "dir/a-file", False),
    ("**/file*txt", "dir/dir/file.txt", True),
    ("**/**/*.txt", "file.txt", True),
    ("a**/*.txt", "a/dir/file.txt", True),
    ("a/*.txt", "a/dir/file.txt", False),
    ("a/*.txt**", "a/file.txt", True),
    ("a[b-d]e", "ace", True),
    ("a[^b-d]e", "ace", False),
    (".*", "foo", False),
    ("abc.def", "abcZdef", False),
    ("abc?def", "abcZdef", True),
    ("a?b", "a/b", False),
    (r"a\*b", "a*b", True),
    (r"a\*b", "a-b", False),
    ("a.|)$(}+{bc", "a.|)$(}+{bc", True),
    ("[", "[", False),
    (".env", ".env", True),
    (".env", "backend/.env", False),
    ("/.env", ".env", True),
    ("./.env/", ".env", True),
    ("*.env", "prod.env", True),
    (".env*", ".env.local", True),
    ("**/.env", "backend/app/.env", True),
    ("backend", "backend/.env", True),
    ("*", "backend/.env", True),
    ("*/*/.env", "a/.env", False),
    ("a//b/../c", "a/c", True),
]


@pytest.mark.parametrize(("pattern", "path", "excluded"), LONE)
def test_one_pattern_excludes_what_it_matches_and_all_below(pattern: str, path: str, excluded: bool) -> None:
    assert excluding_line((pattern,), path) == (0 if excluded else None)


@pytest.mark.parametrize(
    ("lines", "path", "line"),
    [
        (("docs", "!docs/README.md"), "docs/README.md", None),
        (("!docs/README.md", "docs"), "docs/README.md", 1),
        (("**", "!util/docker/web"), "util/docker/web/foo", None),
        (("**", "!util/docker/web", "util/docker/web/foo"), "util/docker/web/foo", 2),
        (("*", "!.env"), ".env", None),
        (("# .env", ".env"), ".env", 1),
        ((" # .env",), ".env", None),
        (("", "  .env  "), ".env", 1),
        (("\ufeff.env",), ".env", 0),
        (("! .env", ".env*"), ".env", 1),
        ((".env", ".env*"), ".env", 0),
    ],
)
def test_the_last_match_decides_and_the_first_line_that_excluded_is_named(
    lines: tuple[str, ...], path: str, line: int | None
) -> None:
    assert excluding_line(lines, path) == line


def test_the_context_itself_is_never_excluded() -> None:
    assert excluding_line(("*", "."), ".") is None


@given(st.lists(st.text("ab./*?![]\\#- ", max_size=8), max_size=4), st.text("ab./-", min_size=1, max_size=8))
def test_any_pattern_gives_an_answer_within_the_file(lines: list[str], path: str) -> None:
    line = excluding_line(tuple(lines), path)
    assert line is None or 0 <= line < len(lines)
