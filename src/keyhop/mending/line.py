"""What is mended in the text of a line, whatever the file: a name, ``export``, an option of ``docker run``."""

from __future__ import annotations

import re

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import Export, ExportSourced, HandOn, Remedy, Rename, Repeat
from keyhop.span import Source, Span
from keyhop.text.lines import line_end, line_start, line_stop, next_line
from keyhop.tree import Tree

_SOURCED = re.compile(r"(?P<indent>[ \t]*)(?:\.|source)[ \t]+[\w./${}\"'-]+[ \t]*")
_RUN = re.compile(r"\b(?:docker|podman)[ \t]+(?:container[ \t]+)?run\b")


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    match remedy:
        case Rename(old=old, new=new) if not _is_dockerfile(remedy.span.path):
            return _change(tree, remedy.span, rf"(?<![\w-]){re.escape(old)}(?![\w-])", new)
        case Export(name=name):
            return _change(tree, remedy.span, rf"(?<!\S){re.escape(name)}(?==)", f"export {name}")
        case Repeat():
            return _repeat(remedy, tree)
        case ExportSourced(span=span):
            return _export_sourced(span, tree)
        case HandOn(process=process, name=name, env_file=path) if process.startswith("docker-run:"):
            return _add_option(tree, remedy.span, f" --env-file {path}" if path else f" -e {name}")
    return None


def _is_dockerfile(path: str) -> bool:
    """A key does not belong into an image, whatever its name is there."""
    name = path.rpartition("/")[2]
    return name.startswith(("Dockerfile", "Containerfile")) or name.endswith(".Dockerfile")


def _change(tree: Tree, span: Span, pattern: str, new: str) -> Proposal | None:
    """What stands once in the lines of the span; else what once begins a line there and is given a value."""
    source = tree.source(span.path)
    if source is None or not span.line:
        return None
    start, end = _stretch(source, span)
    found = list(re.finditer(pattern, source.text[start:end]))
    if len(found) > 1:
        found = [each for each in found if _is_given_a_value(source.text, start + each.start(), start + each.end())]
    if len(found) != 1:
        return None
    begin, end = start + found[0].start(), start + found[0].end()
    if new.endswith(found[0].group()):
        new, end = new.removesuffix(found[0].group()), begin  # no more of the line is written than is new
    return Proposal(source, (Change(begin, end, new),))


def _repeat(remedy: Repeat, tree: Tree) -> Proposal | None:
    """The line once more below itself, under the other name; what it holds is moved and not told."""
    source = tree.source(remedy.span.path)
    if source is None or not remedy.span.line:
        return None
    text, start = source.text, source.span_of_line(remedy.span.line).start
    stop, below = line_stop(text, start), next_line(text, start)
    found = re.compile(rf"(?<![\w-]){re.escape(remedy.name)}(?![\w-])").search(text, start, stop)
    if (
        found is None
        or not _is_given_a_value(text, *found.span())
        or text[stop - 1] in "\\|>"
        or text[below - 1] != "\n"
    ):
        return None
    named = Change(below, below, remedy.other, (start, found.start()))
    return Proposal(source, (named, Change(below, below, "", (found.end(), below))))


def _export_sourced(span: Span, tree: Tree) -> Proposal | None:
    source = tree.source(span.path)
    if source is None or not span.line:
        return None
    text, start = source.text, source.span_of_line(span.line).start
    stop, newline = line_stop(text, start), line_end(text)
    line = _SOURCED.fullmatch(text, start, stop)
    if line is None:
        return None
    before = Change(start, start, f"{line['indent']}set -a{newline}")
    return Proposal(source, (before, Change(stop, stop, f"{newline}{line['indent']}set +a")))


def _is_given_a_value(text: str, start: int, end: int) -> bool:
    head = text[line_start(text, start) : start].strip()
    return head in ("", "-", "export") and text[end : end + 1] in (":", "=")


def _add_option(tree: Tree, span: Span, option: str) -> Proposal | None:
    source = tree.source(span.path)
    if source is None:
        return None
    start, end = _stretch(source, span)
    run = _RUN.search(source.text, start, end)
    return Proposal(source, (Change(run.end(), run.end(), option),)) if run else None


def _stretch(source: Source, span: Span) -> tuple[int, int]:
    line = source.span_of_line(span.line)
    return line.start, max(line_stop(source.text, line.start), span.end)


MENDER = Mender(
    id="line",
    title="names and options in any text",
    mends="a name; `export` and `set -a`; `-e` and `--env-file` of `docker run`; a setting under a second name",
    propose=_propose,
)
