"""Shell scripts taken apart, with the place of everything in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyhop.text.expansion import Computed, Plain, Reference, inline, likely, pieces, plain, sealed, setting, slips
from keyhop.text.shell import parse
from keyhop.text.shell_tree import AndOr, Case, If, Loop, Pipeline, Script, Simple, Unparsed, commands


def words(text: str) -> list[list[str]]:
    """The words of every simple command, as they are written."""
    return [[word.raw for word in node.words] for node in commands(parse(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python main.py # start", [["python", "main.py"]]),
        ("a 'b c' \"d $(e \"f\")\" g\\ h", [["a", "'b c'", '"d $(e "f")"', "g\\ h"]]),
        ("a && b || c; d & e\nf", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("a |\n b |& c", [["a"], ["b"], ["c"]]),
        ("python \\\n  -m x \\\n  --flag", [["python", "-m", "x", "--flag"]]),
        ("(cd x; a) && { b; }", [["cd", "x"], ["a"], ["b"]]),
        ("if [ -f a ]; then . ./a; else exit 1; fi", [["[", "-f", "a", "]"], [".", "./a"], ["exit", "1"]]),
        ("case \"$1\" in\n  (worker|w) celery;;\n  *) exec \"$@\"\nesac", [["celery"], ["exec", '"$@"']]),
        ("for i in 1 2; do a $i; done", [["a", "$i"]]),
        ("for ((i=0; i<$(n); i++)); do a; done", [["a"]]),
        ("while read -r l; do export \"$l\"; done < .env", [["read", "-r", "l"], ["export", '"$l"']]),
        ("until nc -z db 5432\ndo sleep 1\ndone\na", [["nc", "-z", "db", "5432"], ["sleep", "1"], ["a"]]),
        ("start() { a; }\nfunction stop { b; }\nstart", [["a"], ["b"], ["start"]]),
        ("[[ -f a && $b == c* ]] && d", [["[[", "-f", "a", "$b", "==", "c*", "]]"], ["d"]]),
        ("a=(1 2)\n((x++)); b", [[], ["(("], ["b"]]),
        ("a > out 2>&1 < in\nb &> /dev/null", [["a"], ["b"]]),
        ("cat <<EOF > .env\nKEY=1 # ' not a quote\nEOF\nb", [["cat"], ["b"]]),
        ("a <<-'X' <<Y\n\tone\n\tX\ntwo\nY\nb", [["a"], ["b"]]),
        ("a\r\nb\r\n", [["a\r"], ["b\r"]]),
    ],
)  # fmt: skip
def test_every_command_is_found(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


def test_structure_is_kept() -> None:
    script = parse("a && b\nif c; then d; fi\ncase x in y) e;; esac\nfor i in 1; do f; done\ng | h &")
    kinds = [type(item.node) for item in script.items]
    assert kinds == [AndOr, If, Case, Loop, Pipeline]
    assert [item.background for item in script.items] == [False, False, False, False, True]


def test_settings_and_here_documents_have_their_places() -> None:
    text = "KEY=sk-1 OTHER+=x python - <<EOF\nimport os\nEOF\n"
    node = next(commands(parse(text)))
    assert [(s.name, text[s.value.start : s.value.end], s.appends) for s in node.settings] == [
        ("KEY", "sk-1", False),
        ("OTHER", "x", True),
    ]
    body = node.redirects[0].target
    assert body.raw == text[body.start : body.end] == "import os\n"


@pytest.mark.parametrize(
    "text", ["if a; then\nb\nc", "a 'open\nb", "done\nb", "a (b)\nb", "case x in\nb", "((1\nb", "{ a\nb", "&& a\nb"]
)
def test_a_line_that_does_not_parse_costs_that_line(text: str) -> None:
    script = parse(text)
    assert any(isinstance(item.node, Unparsed) for item in script.items)
    assert ["b"] in words(text)


def test_a_syntax_error_quotes_nothing_of_the_script() -> None:
    script = parse("KEY=sk-proj-secret ) (")
    assert all("sk-proj" not in repr(item) for item in script.items)


@given(st.text(alphabet="ab =$'\"\\{}()[]<>|&;#\n\t`!*-", max_size=60))
def test_any_text_is_parsed_within_itself(text: str) -> None:
    script: Script = parse(text)
    for item in script.items:
        assert 0 <= item.node.start <= item.node.end <= len(text)
    for node in commands(script):
        assert isinstance(node, Simple)
        for word in node.words:
            assert text[word.start : word.end] == word.raw
            assert isinstance(likely(word.pieces), str)


def test_a_deep_script_is_no_deep_recursion() -> None:
    for text in ("(" * 5000, "$(" * 5000, "if " * 3000, "{ " * 3000, "a && " * 3000):
        assert any(isinstance(item.node, Unparsed) for item in parse(text).items)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("sk-1", "sk-1"),
        ("'a$b'", "a$b"),
        ('"a\\$b\\n"', "a$b\\n"),
        ("a\\ b", "a b"),
        ("$'a\\tb'", "a\tb"),
        ("\"a\"'b'c", "abc"),
        ('""', ""),
        ("$KEY", None),
        ("$(cat x)", None),
        ("${KEY%x}", None),
    ],
)
def test_a_word_without_variables_has_its_text(raw: str, expected: str | None) -> None:
    assert plain(pieces(raw)) == expected


def test_references_have_their_operators() -> None:
    assert pieces('${A:-x$B}$1"$@"') == (
        Reference(name="A", operator=":-", argument=(Plain("x"), Reference(name="B"))),
        Reference(name="1"),
        Plain("", True),
        Reference(name="@", quoted=True),
        Plain("", True),
    )
    assert pieces("`a`$((1+1))")[0] == Computed("a")


@pytest.mark.parametrize(
    ("raw", "known", "text"),
    [
        ("${A:-d}", {"A": "x"}, "x"),
        ("${A:-d}", {"A": ""}, "d"),
        ("${A-d}", {"A": ""}, ""),
        ("${A:+d}", {"A": "x"}, "d"),
        ("${A:+d}", {"A": ""}, ""),
        ("${A:-$B}", {"A": "", "B": "y"}, "y"),
        ("$A/$B", {"A": "x"}, None),
    ],
)
def test_known_variables_are_written_out(raw: str, known: dict[str, str], text: str | None) -> None:
    assert plain(inline(pieces(raw), {name: (Plain(value),) for name, value in known.items()})) == text


def test_a_dockerfile_knows_no_command_substitution() -> None:
    assert plain(pieces("$(a)", shell=False)) == "$(a)"
    assert plain(pieces("a`$b", shell=False, escape="`")) == "a$b"


def test_a_line_of_an_env_file_has_a_name_and_a_value_without_its_quotes() -> None:
    assert setting(pieces('KEY="sk-1"', quoted=True)) == ("KEY", (Plain("sk-1", True),))
    assert setting(pieces("export KEY='$A'", quoted=True)) == (
        "KEY",
        (Plain("", True), Reference(name="A", quoted=True), Plain("", True)),
    )
    assert setting(pieces("# KEY=1")) is None


@pytest.mark.parametrize(("raw", "count"), [("'$KEY'", 1), ("'${KEY}'", 1), ("'\"v\"'", 1), ("v", 0), ("'a$b'", 0)])
def test_a_literal_that_looks_like_a_slip_is_told(raw: str, count: int) -> None:
    value = sealed(pieces(raw))
    assert value is not None
    assert len(slips(value)) == count


@given(st.text(alphabet="ab$'\"\\{}()`:-+?=@1 ", max_size=40))
def test_any_word_has_pieces(raw: str) -> None:
    assert isinstance(likely(pieces(raw)), str)
    assert isinstance(likely(pieces(raw, shell=False)), str)
