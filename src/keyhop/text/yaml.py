"""YAML with the place of every key and scalar, composed as Go's YAML library does it.

Docker Compose, Kubernetes and Helm read YAML with one Go library; what it refuses is refused here.
Scalars are sealed as they are read: nothing in a node can print a value.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import field
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from keyhop import patterns
from keyhop.records import dataclass
from keyhop.span import Source, Span, Undecodable
from keyhop.text.sealed import Sealed

LONGEST = 1_000_000
"""Characters; a longer file is not parsed."""
DEEPEST = 100
"""Levels of nesting that are followed."""
MOST_NODES = 400_000
"""Nodes of a document with every alias written out; Go's library gives up in the same region."""
_MERGE = "<<"
_GAP = "[ \\t\\r\\n\\x85\\u2028\\u2029]"
_PROPERTIES = patterns.compile(
    rf"(?:(?:!<[^>]*>|![^\s,\[\]{{}}]*|&[^ \t\r\n,\[\]{{}}]*)(?:{_GAP}+#[^\r\n]*|{_GAP}+)*)*"
)
_QUOTED = patterns.compile(r"'[^'<>]{3,}'|\"[^\"<>]{3,}\"")


class YamlError(ValueError):
    """The text is not YAML that Go's library takes. ``str()`` says why and quotes no value."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line
        """0 where it concerns the whole file."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scalar:
    """A leaf. Its text is sealed: it may be a key."""

    span: Span
    """The scalar as written, quotes included."""
    sealed: Sealed = field(repr=False)
    """The text, without quotes and with escapes resolved."""
    plain: bool
    """Written without quotes, so that it may be a number, a boolean or null."""
    tag: str = ""

    @property
    def text(self) -> str:
        """The text of a scalar that is known to be no value of a variable: a key, a path, a name."""
        return self.sealed.reveal()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sequence:
    """A list of nodes."""

    span: Span
    items: tuple[Node, ...] = field(repr=False)
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """A key and its value. An entry that came through ``<<`` keeps the place where it is written."""

    key: Scalar
    value: Node
    merged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mapping:
    """Entries in their order: its own first, then those that ``<<`` brings in."""

    span: Span
    entries: tuple[Entry, ...] = field(repr=False)
    tag: str = ""

    def entry(self, key: str) -> Entry | None:
        return next((e for e in self.entries if e.key.text == key), None)

    def get(self, key: str) -> Node | None:
        entry = self.entry(key)
        return entry.value if entry else None


Node: TypeAlias = Scalar | Sequence | Mapping


def name_of(item: Scalar) -> str:
    """The name of an item ``NAME=value``, which is no part of the value."""
    return item.sealed.reveal().partition("=")[0]


_parsed: WeakKeyDictionary[Source, tuple[Node, ...] | YamlError] = WeakKeyDictionary()
"""Several readers look at the same file."""


def parse(source: Source) -> tuple[Node, ...]:
    """The documents of a file, aliases and merge keys resolved. An aliased node is one object.

    Raises:
        YamlError: it is not YAML, or it is too large, too deep or too often aliased to be followed.
    """
    found = _parsed.get(source)
    if found is None:
        try:
            found = _parse(source)
        except YamlError as error:
            found = error
        _parsed[source] = found
    if isinstance(found, YamlError):
        raise YamlError(str(found), found.line)
    return found


def _parse(source: Source) -> tuple[Node, ...]:
    try:
        text = source.text
    except Undecodable as error:
        raise YamlError(str(error)) from None
    if len(text) > LONGEST:
        raise YamlError(f"it has more than {LONGEST} characters")
    return _Composer(source).documents(_events(text))


def _events(text: str) -> Iterator[Any]:
    """ruamel's parser events. It raises a few exceptions of Python's own for escapes and directives."""
    ruamel = _ruamel()
    try:
        loader = SimpleNamespace(comment_handling=None, tags=None, doc_infos=[SimpleNamespace(tags=[])])
        loader.typ, loader.resolver, loader.processing_version = "pure", loader, (1, 2)
        loader.reader = ruamel.Reader(text, loader)
        loader.scanner = ruamel.Scanner(loader)
        parser = ruamel.Parser(loader)
        while parser.check_event():
            yield parser.get_event()
    except ruamel.Error as error:
        raise _told(error, text) from None
    except (ValueError, OverflowError, IndexError) as error:
        if isinstance(error, YamlError):
            raise
        raise YamlError("it cannot be scanned", _line_at(text, loader.reader.index)) from None


def _told(error: Any, text: str) -> YamlError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        why = getattr(error, "problem", None) or getattr(error, "context", None) or "it is not YAML"
        return YamlError(_QUOTED.sub("…", str(why)), _line_at(text, mark.index))
    return YamlError("it has a control character", _line_at(text, getattr(error, "position", 0) or 0))


def _line_at(text: str, offset: int) -> int:
    """YAML also ends lines at a lone carriage return; spans do not."""
    return text.count("\n", 0, offset) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruamel:
    Reader: Any
    Scanner: Any
    Parser: Any
    Error: Any


@cache
def _ruamel() -> _Ruamel:
    """The three classes that are needed.

    NOTE: importing ``ruamel.yaml`` also imports its emitters, constructors and loaders, which takes longer than
    all else that a small check does. Its parser is imported under a bare package instead, and forgotten by
    ``sys.modules``, so that whoever imports the whole package gets the whole package.
    """
    name = "ruamel.yaml"
    bare = name not in sys.modules
    spec = find_spec(name) if bare else None
    if spec is not None:
        sys.modules[name] = module_from_spec(spec)
    try:
        parts = {part: import_module(f"{name}.{part}") for part in ("reader", "scanner", "parser", "error")}
    finally:
        if bare:
            for module in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
                del sys.modules[module]
    return _Ruamel(
        Reader=parts["reader"].Reader,
        Scanner=parts["scanner"].Scanner,
        Parser=parts["parser"].Parser,
        Error=parts["error"].YAMLError,
    )


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    start: Any
    nodes: list[Node] = field(default_factory=list)
    size: int = 1


class _Composer:
    """Builds nodes from events without recursion, so that no text can exhaust the stack."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._anchors: dict[str, Node | None] = {}
        self._sizes: dict[int, int] = {}

    def documents(self, events: Iterator[Any]) -> tuple[Node, ...]:
        found: list[Node] = []
        stack: list[_Open] = []
        for event in events:
            match type(event).__name__:
                case "DocumentStartEvent":
                    self._anchors.clear()
                case "MappingStartEvent" | "SequenceStartEvent":
                    if len(stack) >= DEEPEST:
                        raise YamlError(f"it is nested more than {DEEPEST} levels deep", self._line(event))
                    stack.append(_Open(event))
                    if event.anchor:
                        self._anchors[event.anchor] = None
                case "MappingEndEvent" | "SequenceEndEvent":
                    opened = stack.pop()
                    self._place(self._collection(opened, event), opened.size, opened.start, stack, found)
                case "ScalarEvent":
                    self._place(self._scalar(event), 1, event, stack, found)
                case "AliasEvent":
                    node = self._aliased(event)
                    self._place(node, self._sizes.get(id(node), 1), None, stack, found)
        return tuple(found)

    def _place(self, node: Node, size: int, start: Any, stack: list[_Open], found: list[Node]) -> None:
        """Puts a finished node where it belongs, and counts what it would be with aliases written out."""
        if size > MOST_NODES:
            raise YamlError("its aliases write out to too many nodes", node.span.line)
        if start is not None and start.anchor:
            self._anchors[start.anchor] = node
            self._sizes[id(node)] = size
        if not stack:
            found.append(node)
            return
        stack[-1].nodes.append(node)
        stack[-1].size += size

    def _aliased(self, event: Any) -> Node:
        if event.anchor not in self._anchors:
            raise YamlError("an alias names no anchor", self._line(event))
        node = self._anchors[event.anchor]
        if node is None:
            raise YamlError("an anchor contains itself", self._line(event))
        return node

    def _scalar(self, event: Any) -> Scalar:
        return Scalar(
            span=self._span(self._start(event), event.end_mark.index),
            sealed=Sealed(event.value),
            plain=not event.style and event.implicit[0],
            tag=event.tag or "",
        )

    def _collection(self, opened: _Open, end: Any) -> Sequence | Mapping:
        span = self._span(opened.start.start_mark.index, end.end_mark.index)
        tag = opened.start.tag or ""
        if type(end).__name__ == "SequenceEndEvent":
            return Sequence(span=span, items=tuple(opened.nodes), tag=tag)
        pairs = zip(opened.nodes[::2], opened.nodes[1::2], strict=True)
        return Mapping(span=span, entries=self._entries(pairs), tag=tag)

    def _entries(self, pairs: Iterator[tuple[Node, Node]]) -> tuple[Entry, ...]:
        own: dict[str, Entry] = {}
        merges: list[Mapping] = []
        for key, value in pairs:
            if not isinstance(key, Scalar):
                raise YamlError("a mapping key is not a scalar", key.span.line)
            if key.text in own or (key.text == _MERGE and merges):
                first = own[key.text].key.span.line if key.text in own else merges[0].span.line
                raise YamlError(f"a mapping key is already defined at line {first}", key.span.line)
            if key.text == _MERGE and key.plain:
                merges += _merged(value, key)
            else:
                own[key.text] = Entry(key=key, value=value)
        for mapping in merges:
            for entry in mapping.entries:
                own.setdefault(entry.key.text, Entry(key=entry.key, value=entry.value, merged=True))
        return tuple(own.values())

    def _span(self, start: int, end: int) -> Span:
        return self._source.span(start, max(start, end))

    def _line(self, event: Any) -> int:
        return _line_at(self._source.text, event.start_mark.index)

    def _start(self, event: Any) -> int:
        """Where a node begins, behind its anchor and its tag."""
        start: int = event.start_mark.index
        if not event.anchor and not event.tag:
            return start
        match = _PROPERTIES.match(self._source.text, start, event.end_mark.index)
        return match.end() if match else start


def _merged(value: Node, key: Scalar) -> list[Mapping]:
    """What ``<<`` names: one mapping or a list of them, of which the first wins."""
    items = value.items if isinstance(value, Sequence) else (value,)
    mappings = [item for item in items if isinstance(item, Mapping)]
    if len(mappings) != len(items):
        raise YamlError("<< takes a mapping or a list of mappings", key.span.line)
    if sum(len(mapping.entries) for mapping in mappings) > MOST_NODES:
        raise YamlError("its aliases write out to too many nodes", key.span.line)
    return mappings
