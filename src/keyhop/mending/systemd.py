"""Units of systemd: the file that a unit beside it reads."""

from __future__ import annotations

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import HandOn, Remedy
from keyhop.span import Source, Span, Undecodable
from keyhop.text.lines import line_end, line_start, line_stop
from keyhop.text.systemd_unit import Setting, parse
from keyhop.tree import Tree

_FILE = "EnvironmentFile"


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, HandOn) or not remedy.process.startswith("systemd:") or remedy.like is None:
        return None
    given, source = _at(remedy.like, tree), tree.source(remedy.span.path)
    start = _at(remedy.span, tree)
    if source is None or start is None or given is None or given.name != _FILE:
        return None
    return Proposal(source, (_added(source, start, f"{_FILE}={given.text}"),))


def _at(span: Span, tree: Tree) -> Setting | None:
    return next((each for each in _settings(tree.source(span.path)) if each.start == span.start), None)


def _settings(source: Source | None) -> tuple[Setting, ...]:
    try:
        return tuple(each for each in parse(source.text) if each.section == "Service") if source else ()
    except Undecodable:
        return ()


def _added(source: Source, start: Setting, line: str) -> Change:
    """Below the last line of its kind, or else above the command."""
    text = source.text
    alike = [each for each in _settings(source) if each.name == _FILE and each.text]
    if alike:
        stop = line_stop(text, alike[-1].end)
        return Change(stop, stop, f"{line_end(text)}{line}")
    first = line_start(text, start.start)
    return Change(first, first, f"{line}{line_end(text)}")


MENDER = Mender(
    id="systemd",
    title="units of systemd",
    mends="`EnvironmentFile=`",
    propose=_propose,
)
