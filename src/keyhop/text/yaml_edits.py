"""Small changes to YAML text, in the style of what is around them; nothing else of the file changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.span import Source
from keyhop.text.lines import line_end, line_start, line_stop, next_line
from keyhop.text.yaml import Entry, Mapping, Node, Scalar, Sequence

_ANCHOR = re.compile(r"(?:(?<=[\s\[{,:-])|^)&[^\s,\[\]{}]+")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)*")
_TWICE = re.compile(
    r"""(?P<quote>["'])(?P<mark>(?!(?P=quote))["']|\\"|'')(?P<inside>[\w./:+=@%~^-]+)(?P=mark)(?P=quote)"""
)
"""A quoted scalar whose text is quoted, too."""
_EXPLICIT = re.compile(r"(?:^|\n)[ -]*\?[ \t\n]")

Stretch = tuple[int, int, str]
"""Start and end in code points, and the new text."""


def add_entry(source: Source, mapping: Mapping, key: str, value: str, *, flow: str = "") -> Stretch | None:
    """One more entry, behind the last one. `value` is YAML on one line; empty for null.

    Args:
        flow: the value as it stands between brackets, where it is no scalar.
    """
    pair = f"{key}: {value}" if value else f"{key}:"
    if is_flow(source, mapping):
        return _into_flow(source, mapping, f"{key}: {flow or _in_flow(value) or 'null'}", empty=not mapping.entries)
    own = [entry for entry in mapping.entries if is_own(entry.key, mapping)]
    if not own or not _is_plain(source, mapping, own[-1]):
        return None
    return _below(source, _end_of_entry(source, own[-1]), _indent(source, own[0].key), pair)


def add_item(source: Source, sequence: Sequence, *lines: str, flow: str = "") -> Stretch | None:
    """One more item, behind the last one.

    Args:
        lines: its YAML; those after the first are indented further than that by what they begin with.
        flow: the item as it stands between brackets, where it is no scalar.
    """
    if is_flow(source, sequence):
        return _into_flow(source, sequence, flow or _in_flow(lines[0]), empty=not sequence.items)
    own = [item for item in sequence.items if is_own(item, sequence)]
    dash = _dash(source, own[0]) if own else None
    if dash is None or _is_unended(source, own[-1]):
        return None
    gap = source.text[dash[1] + 1 : own[0].span.start]
    gap = gap if gap.isspace() and "\n" not in gap else " "
    return _below(source, end_of(source, own[-1]), dash[0], f"-{gap}{lines[0]}", *(f" {gap}{e}" for e in lines[1:]))


def add_block(
    source: Source, mapping: Mapping, key: str, lines: tuple[str, ...], *, like: Mapping | None = None
) -> Stretch | None:
    """One more entry, whose value is a block of lines below its key.

    Args:
        like: the lines are a list, which is indented as the lists in this node are.
    """
    own = [entry for entry in mapping.entries if is_own(entry.key, mapping)]
    if not own or is_flow(source, mapping) or not _is_plain(source, mapping, own[-1]):
        return None
    step = step_of(source, mapping) if like is None else list_step_of(source, like)
    block = (f"{step}{line}" for line in lines)
    return _below(source, _end_of_entry(source, own[-1]), _indent(source, own[0].key), f"{key}:", *block)


def fill(
    source: Source, parent: Mapping, entry: Entry, lines: tuple[str, ...], *, like: Mapping | None = None
) -> Stretch | None:
    """A block of lines as the value of a key that has none; `like` as in `add_block`."""
    if not isinstance(entry.value, Scalar) or entry.value.span.start != entry.value.span.end:
        return None
    indent = _indent(source, entry.key)
    indent += step_of(source, parent) if like is None else list_step_of(source, like)
    stop = line_stop(source.text, entry.key.span.end)
    return stop, stop, "".join(f"{line_end(source.text)}{indent}{line}" for line in lines)


def replace(node: Scalar, text: str) -> Stretch:
    """Another scalar in its place. `text` is YAML."""
    return node.span.start, node.span.end, text


def remove_entry(source: Source, parent: Mapping, entry: Entry) -> Stretch | None:
    """Without that entry, which is not the only one. Nothing where it holds an anchor: another place may use it."""
    start, end = entry.key.span.start, _end_of_entry(source, entry)
    if _ANCHOR.search(source.text, start, end):
        return None
    return _out_of_flow(source, start, end) if is_flow(source, parent) else _lines(source, start, end)


def remove_item(source: Source, sequence: Sequence, item: Node) -> Stretch | None:
    """Without that item, which is not the only one. Nothing where it holds an anchor."""
    dash, end = _dash(source, item), end_of(source, item)
    if _ANCHOR.search(source.text, dash[1] if dash else item.span.start, end):
        return None
    if is_flow(source, sequence):
        return _out_of_flow(source, item.span.start, end)
    return _lines(source, dash[1], end) if dash else None


def step_of(source: Source, mapping: Mapping) -> str:
    """How much deeper the file writes a block inside a mapping's entry."""
    for inner, depth in _nested(source, mapping):
        deeper = inner.entries[0].key.span.column - depth
        if deeper > 0:
            return " " * deeper
    return "  "


def list_step_of(source: Source, node: Mapping | Sequence) -> str:
    """How much deeper than its key the file writes a list."""
    waiting: list[Node] = [node]
    while waiting:
        here = waiting.pop(0)
        if isinstance(here, Sequence):
            waiting += [item for item in here.items if is_own(item, here)]
        for entry in here.entries if isinstance(here, Mapping) else ():
            inner = entry.value
            dash = _dash(source, inner.items[0]) if isinstance(inner, Sequence) and inner.items else None
            if dash is not None and is_own(inner, node):
                return " " * (len(dash[0]) - len(_indent(source, entry.key)))
            waiting.append(inner)
    return "  "


def is_own(node: Node, parent: Mapping | Sequence) -> bool:
    """Whether a node is written inside its parent, and not brought in by an alias or a merge."""
    return parent.span.start <= node.span.start and node.span.end <= parent.span.end


def _nested(source: Source, mapping: Mapping) -> Iterator[tuple[Mapping, int]]:
    """Block mappings inside a mapping's entries with the column of the key above, outermost first."""
    waiting = [mapping]
    while waiting:
        here = waiting.pop(0)
        for entry in here.entries:
            inner = entry.value
            if isinstance(inner, Mapping) and is_own(inner, here) and not is_flow(source, inner):
                if inner.entries and is_own(inner.entries[0].key, inner):
                    yield inner, entry.key.span.column
                waiting.append(inner)


def is_flow(source: Source, node: Mapping | Sequence) -> bool:
    """Whether a collection is written between brackets."""
    return source.text[_opening(source, node)] in "{[" if node.span.start < node.span.end else False


def _opening(source: Source, node: Mapping | Sequence) -> int:
    """Where a collection begins behind its anchor and its tag."""
    found = _PROPERTIES.match(source.text, node.span.start)
    return min(found.end() if found else node.span.start, len(source.text) - 1)


def _is_plain(source: Source, mapping: Mapping, last: Entry) -> bool:
    """Whether an entry can follow: no key is written with ``?``, and no block goes on to the file's very end."""
    explicit = _EXPLICIT.search(source.text, mapping.span.start, mapping.span.end)
    return explicit is None and not _is_unended(source, last.value)


def _is_unended(source: Source, node: Node) -> bool:
    """Whether a block scalar ends where the file does, without the line end that it would get."""
    while not isinstance(node, Scalar):
        inner = [entry.value for entry in node.entries] if isinstance(node, Mapping) else list(node.items)
        if not inner:
            return False
        node = inner[-1]
    is_block = source.text[node.span.start : node.span.start + 1] in ("|", ">")
    return is_block and node.span.end == len(source.text) and not source.text.endswith("\n")


def _indent(source: Source, node: Node) -> str:
    """The blanks before a node that begins a line's text; a ``- `` before it counts as blanks."""
    return " " * (node.span.start - line_start(source.text, node.span.start))


def _dash(source: Source, item: Node) -> tuple[str, int] | None:
    """The blanks before the dash of an item, and where the dash is."""
    start = line_start(source.text, item.span.start)
    at = source.text.rfind("-", start, item.span.start)
    before = source.text[start : max(at, start)]
    return None if at < 0 or before.strip() else (before, at)


def end_of(source: Source, node: Node) -> int:
    """Where the text of a node ends, without what stands between it and the next."""
    if isinstance(node, Scalar) or is_flow(source, node):
        return node.span.end
    if isinstance(node, Sequence):
        own = [end_of(source, item) for item in node.items if is_own(item, node)]
    else:
        own = [_end_of_entry(source, entry) for entry in node.entries if is_own(entry.key, node)]
    last = max(own, default=node.span.start)
    text = source.text[last : node.span.end]
    # Aliases and merge keys at the end of a block are written in it, too, though no node is.
    rest = [len(line) for line in _leading(text)]
    return last + sum(rest)


def _leading(text: str) -> Iterator[str]:
    """The lines at the start of a text up to the last that holds an alias."""
    lines = text.splitlines(keepends=True)
    last = max((n for n, line in enumerate(lines) if "*" in line.partition("#")[0]), default=-1)
    yield from lines[: last + 1]


def _end_of_entry(source: Source, entry: Entry) -> int:
    """The value's end, or that of the key's line where the value is written elsewhere."""
    if entry.value.span.start >= entry.key.span.end:
        end = end_of(source, entry.value)
        if not isinstance(entry.value, Scalar) or end - entry.value.span.start or _is_near(source, entry):
            return end
    return len(source.text[: line_stop(source.text, entry.key.span.end)].rstrip())


def _is_near(source: Source, entry: Entry) -> bool:
    return "\n" not in source.text[entry.key.span.end : entry.value.span.start]


def _below(source: Source, end: int, indent: str, *lines: str) -> Stretch:
    """Lines below the one in which something ends."""
    text, newline = source.text, line_end(source.text)
    if text[end - 1 : end] == "\n":
        return end, end, "".join(f"{indent}{line}{newline}" for line in lines)
    stop = line_stop(text, end)
    return stop, stop, "".join(f"{newline}{indent}{line}" for line in lines)


def _lines(source: Source, start: int, end: int) -> Stretch | None:
    """Whole lines away, if nothing else stands in them."""
    text = source.text
    first = line_start(text, start)
    if text[first:start].strip():
        return None
    if text[end - 1 : end] == "\n":
        return first, end, ""
    return first, next_line(text, end), ""


def _into_flow(source: Source, node: Mapping | Sequence, text: str, *, empty: bool) -> Stretch:
    close = node.span.end - 1
    opening = _opening(source, node) + 1
    inside = source.text[opening:close]
    end = opening + len(inside.rstrip())
    if empty:
        return end, end, text
    comma = "" if inside.rstrip().endswith(",") else ","
    return end, end, f"{comma}{_gap(source, node)}{text}"


def _gap(source: Source, node: Mapping | Sequence) -> str:
    """What stands before the last element between brackets: a blank, or a new line and the indent."""
    last = node.items[-1] if isinstance(node, Sequence) else node.entries[-1].key
    before = source.text[: last.span.start] if is_own(last, node) else ""
    gap = before[len(before.rstrip()) :]
    return gap if "\n" in gap else " "


def _in_flow(text: str) -> str:
    """A scalar as it can stand between brackets, where braces and commas mean something."""
    return f'"{text}"' if any(char in text for char in "{}[],") and text[:1] not in ("'", '"') else text


def _out_of_flow(source: Source, start: int, end: int) -> Stretch:
    """An element with the comma behind it, or else the one before it."""
    text = source.text
    after = len(text[end:]) - len(text[end:].lstrip())
    if text[end + after : end + after + 1] == ",":
        stop = end + after + 1
        return start, stop + len(text[stop:]) - len(text[stop:].lstrip(" ")), ""
    before = text[:start].rstrip()
    return (len(before) - 1 if before.endswith(",") else start), end, ""


def quoted(source: Source, scalar: Scalar, _name: str) -> tuple[Stretch, ...]:
    """A plain scalar as a text."""
    start, end = scalar.span.start, scalar.span.end
    return ((start, start, '"'), (end, end, '"')) if scalar.plain and start < end else ()


def unquoted(source: Source, scalar: Scalar, name: str) -> tuple[Stretch, ...]:
    """``- NAME="value"`` without the quotes that belong to the value, and with one pair of quotes of two."""
    text = source.text[scalar.span.start : scalar.span.end]
    twice = _TWICE.fullmatch(text)
    if twice is not None:
        start, stop = scalar.span.start + twice.start("inside"), scalar.span.start + twice.end("inside")
        return (start - len(twice["mark"]), start, ""), (stop, stop + len(twice["mark"]), "")
    at = text.find(f"{name}=") + len(name) + 1
    mark = text[at : at + 1]
    if not scalar.plain or at <= len(name) or mark not in ('"', "'") or len(text) < at + 2 or text[-1] != mark:
        return ()
    inside = text[at + 1 : -1]
    if not inside or inside != inside.strip() or any(c in inside for c in "#$'\"\\ "):
        return ()
    start = scalar.span.start + at
    return (start, start + 1, ""), (scalar.span.end - 1, scalar.span.end, "")


def undoubled(source: Source, scalar: Scalar, _name: str) -> tuple[Stretch, ...]:
    """Each single ``$`` written as Compose writes one that is none of its own."""
    text = source.text[scalar.span.start : scalar.span.end]
    if "$$" in text or "${" in text:
        return ()
    offsets = [scalar.span.start + n for n, char in enumerate(text) if char == "$"]
    return tuple((at, at, "$") for at in offsets)


def unended(source: Source, scalar: Scalar, _name: str) -> tuple[Stretch, ...]:
    """A block of one line without its line end: ``|-``."""
    head = source.text[scalar.span.start : scalar.span.start + 2]
    if head[:1] not in ("|", ">") or head[1:] not in ("\n", "\r", "+", " "):
        return ()
    start = scalar.span.start + 1
    return ((start, start + (head[1:] == "+"), "-"),)
