"""YAML with spans: what is read, what is refused, and that no text is too much."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyhop.span import Source
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence, YamlError, parse


def source(text: str) -> Source:
    return Source(path="compose.yaml", data=text.encode("utf-8", "surrogatepass"))


def one(text: str) -> Node:
    (document,) = parse(source(text))
    return document


def plainly(node: Node | None) -> object:
    """A node as Python's own types."""
    match node:
        case Scalar():
            return node.text
        case Sequence(items=items):
            return [plainly(item) for item in items]
        case Mapping(entries=entries):
            return {entry.key.text: plainly(entry.value) for entry in entries}
    return None


def leaves(node: Node, seen: set[int]) -> list[Scalar]:
    if id(node) in seen:
        return []
    seen.add(id(node))
    match node:
        case Scalar():
            return [node]
        case Sequence(items=items):
            return [leaf for item in items for leaf in leaves(item, seen)]
        case Mapping(entries=entries):
            return [leaf for e in entries for leaf in (e.key, *leaves(e.value, seen))]


def test_merge_keys_yield_to_the_mapping_s_own_and_the_first_of_a_list_wins():
    text = "a: &a {K: a, A: 1}\nb: &b {K: b, B: 2}\nc: {K: own, <<: [*a, *b]}\nd: {<<: [*a, *b]}\n"
    found = plainly(one(text))
    assert isinstance(found, dict)
    assert found["c"] == {"K": "own", "A": "1", "B": "2"}
    assert found["d"] == {"K": "a", "A": "1", "B": "2"}


def test_a_merged_entry_keeps_the_place_where_it_is_written():
    document = one("x: &x\n  KEY: v\ny:\n  <<: *x\n")
    assert isinstance(document, Mapping)
    inner = document.get("y")
    assert isinstance(inner, Mapping)
    entry = inner.entry("KEY")
    assert entry is not None
    assert (entry.merged, entry.key.span.line) == (True, 2)


def test_documents_tags_and_quotes_are_kept_apart():
    first, second = parse(source("a: !reset null\n---\nb: '1'\nc: 1\n"))
    assert isinstance(first, Mapping)
    assert isinstance(second, Mapping)
    assert [entry.value.tag for entry in first.entries] == ["!reset"]
    assert [e.value.plain for e in second.entries if isinstance(e.value, Scalar)] == [False, True]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "already defined at line 1"),
        ("services:\n\tapp: x\n", 2, "cannot start any token"),
        ("a: [1, 2\n", 2, "expected"),
        ("a: 'open\n", 2, "end of stream"),
        ("a: *secretalias\n", 1, "names no anchor"),
        ("a: &a [*a]\n", 1, "contains itself"),
        ("a: 1\n? [x]\n: 2\n", 2, "not a scalar"),
        ("a:\n  <<: text\n", 2, "takes a mapping"),
        ("a: 1\nb: \x01\n", 2, "control character"),
        ("a: " + "[" * 200, 1, "levels deep"),
        ('a: "\\UFFFFFFFF"\n', 1, ""),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str, line: int, why: str):
    with pytest.raises(YamlError) as caught:
        parse(source(text))
    assert caught.value.line == line
    assert why in str(caught.value)
    assert "secretalias" not in str(caught.value)


@pytest.mark.parametrize("data", [b"\xff\xfea\x00", b"a: \x00", b"a: \xff"])
def test_bytes_that_are_no_text_are_refused(data: bytes):
    with pytest.raises(YamlError):
        parse(Source(path="x", data=data))


def test_an_alias_bomb_does_not_go_off():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    with pytest.raises(YamlError, match="too many nodes"):
        parse(source("\n".join(lines)))


def test_a_scalar_does_not_show_its_text():
    document = one("key: sk-canary-4242\n")
    assert "canary" not in repr(document)
    assert isinstance(document, Mapping)
    assert "canary" not in repr(document.entries[0].value)


LINES = r"""
a: 1
b:
  - c
  d: 'e'
- f
<<: *x
x: &x
  <<: {a: b}
---
...
"g": "h\n"
i: |
   text
? j
: k
%YAML 1.2
%TAG ! x:
!reset
# n
o: >-
[p, q]
}
"""
YAMLISH = st.one_of(
    st.text(alphabet="ab1:-#&*!|>'\"%@`?,[]{}<~ \n\t\r\u2028é$", max_size=60),
    st.lists(st.sampled_from([*LINES.splitlines(), "\tl: m"]), max_size=12).map("\n".join),
)


def composed(origin: Source) -> tuple[tuple[Node, ...], int]:
    """The documents, or the line at which the text is refused."""
    try:
        return parse(origin), 0
    except YamlError as error:
        return (), error.line


@settings(max_examples=600, deadline=None)
@given(YAMLISH)
def test_no_text_breaks_the_parser_and_spans_hold_what_they_claim(text: str):
    origin = source(text)
    documents, line = composed(origin)
    assert 0 <= line <= text.count("\n") + 1
    seen: set[int] = set()
    for document in documents:
        for leaf in leaves(document, seen):
            written = origin.text[leaf.span.start : leaf.span.end]
            if leaf.plain and "\n" not in written and "\r" not in written and "\u2028" not in written:
                assert written == leaf.text
            if not leaf.plain and written[:1] in ("'", '"'):
                assert written[0] == written[-1]
                assert len(written) >= 2


def test_only_the_parser_of_ruamel_is_imported_and_the_package_still_works():
    code = (
        "import sys, keyhop.text.yaml as y\n"
        "from keyhop.span import Source\n"
        "y.parse(Source(path='x', data=b'a: 1'))\n"
        "assert 'ruamel.yaml.emitter' not in sys.modules\n"
        "import ruamel.yaml\n"
        "assert ruamel.yaml.YAML(typ='safe', pure=True).load('a: 1') == {'a': 1}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
