"""GitHub Actions: one more line in ``env:`` of a step, or in ``secrets:`` of a call."""

from __future__ import annotations

import re

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import HandOn, Remedy
from keyhop.span import Source, Span
from keyhop.text import yaml, yaml_edits
from keyhop.text.yaml import Mapping, Scalar
from keyhop.text.yaml_nodes import inside, mapping, mappings, text_of, top_of
from keyhop.tree import Tree

_WORKFLOWS = ".github/workflows/"
_SECRET = re.compile(r"\$\{\{\s*secrets\.\w+\s*\}\}")
_UNTRUSTED = ("pull_request_target", "workflow_run", "issue_comment")
"""Events for which a workflow with secrets may run what a stranger wrote."""


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, HandOn) or not remedy.process.startswith("gha:") or remedy.at is None:
        return None
    source = tree.source(remedy.at.path) if remedy.at.path.startswith(_WORKFLOWS) else None
    top = top_of(source)
    if source is None or top is None or _is_untrusted(top):
        return None
    for node in mappings((top,)):
        if node.get("uses") is not None and node.get("steps") is None and _is_at(node, remedy.at, "uses", "secrets"):
            return _call(remedy, node, top, source, tree)
        if node.get("run") is not None and _is_at(node, remedy.at, "env"):
            stretch = _step(remedy, node, top, source, tree)
            return Proposal(source, (Change(*stretch),)) if stretch else None
    return None


def _is_untrusted(top: Mapping) -> bool:
    on = top.get("on")
    events = [e.key.text for e in on.entries] if isinstance(on, Mapping) else [text_of(on)]
    events += [text_of(each) for each in getattr(on, "items", ())]
    return any(event in _UNTRUSTED for event in events)


def _is_at(node: Mapping, span: Span, *keys: str) -> bool:
    """Whether a place is that of a mapping's first key, or of one of `keys`."""
    places = [entry.key.span.start for entry in node.entries if entry.key.text in keys]
    return span.start in (node.entries[0].key.span.start, *places)


def _step(remedy: HandOn, step: Mapping, top: Mapping, source: Source, tree: Tree) -> yaml_edits.Stretch | None:
    value = _of_sibling(remedy, tree) if remedy.like else _used_here(remedy.name, top, "env")
    if value is None:
        return None
    return _into(source, step, "env", remedy.name, value or f"${{{{ secrets.{remedy.name} }}}}")


def _call(remedy: HandOn, job: Mapping, top: Mapping, source: Source, tree: Tree) -> Proposal | None:
    """A secret handed on, and declared in the called workflow where it is not: to hand on another is an error."""
    path = text_of(job.get("uses")).removeprefix("./")
    called = tree.source(path) if path.startswith(_WORKFLOWS) else None
    declared = mapping(inside(top_of(called), "on", "workflow_call", "secrets"))
    names = [entry.key.text for entry in declared.entries] if declared is not None else []
    name = next((name for name in names if name.upper() == remedy.name.upper()), "")
    value = _used_here(name or remedy.name, top, "secrets")
    stretch = None
    if called is not None and value is not None:
        stretch = _into(source, job, "secrets", name or remedy.name, value or f"${{{{ secrets.{remedy.name} }}}}")
    beside = _declaration(remedy.name, called, tree) if called is not None and not name else None
    if stretch is None or (beside is None and not name):
        return None
    return Proposal(source, (Change(*stretch),), beside)


def _declaration(name: str, called: Source, tree: Tree) -> Proposal | None:
    """Required, unless others call the workflow, too."""
    on = mapping(inside(top_of(called), "on"))
    call = on.entry("workflow_call") if on is not None else None
    callers = sum(_calls(tree.source(path), called.path) for path in tree.paths if path.startswith(_WORKFLOWS))
    lines = (f"required: {'true' if callers == 1 else 'false'}",)
    if on is None or call is None:
        return None
    stretch, block = None, ("secrets:", f"  {name}:", f"    {lines[0]}")
    match call.value:
        case Mapping() as inner if isinstance(secrets := inner.get("secrets"), Mapping):
            stretch = yaml_edits.add_block(called, secrets, name, lines)
        case Mapping() as inner if inner.get("secrets") is None:
            stretch = yaml_edits.add_block(called, inner, "secrets", (f"{name}:", f"  {lines[0]}"))
        case Scalar():
            stretch = yaml_edits.fill(called, on, call, block)
    return Proposal(called, (Change(*stretch),)) if stretch else None


def _calls(source: Source | None, path: str) -> int:
    top = top_of(source)
    used = (text_of(node.get("uses")).removeprefix("./") for node in (mappings((top,)) if top is not None else ()))
    return sum(each == path for each in used)


def _into(source: Source, node: Mapping, key: str, name: str, value: str) -> yaml_edits.Stretch | None:
    entry = node.entry(key)
    if entry is None:
        return yaml_edits.add_block(source, node, key, (f"{name}: {value}",))
    if isinstance(entry.value, Mapping):
        return (
            yaml_edits.add_entry(source, entry.value, name, value) if yaml_edits.is_own(entry.value, node) else None
        )
    return yaml_edits.fill(source, node, entry, (f"{name}: {value}",))


def _of_sibling(remedy: HandOn, tree: Tree) -> str | None:
    """The reference in the line of the sibling, if that is all it holds."""
    other = tree.source(remedy.like.path) if remedy.like else None
    top = top_of(other)
    for node in mappings((top,) if top is not None else ()):
        for entry in node.entries:
            if remedy.like is not None and entry.key.span.start == remedy.like.start:
                return _reference(entry.value)
    return None


def _used_here(name: str, top: Mapping, key: str) -> str | None:
    """The reference by which the workflow has it elsewhere; empty where it has none, None where it has several."""
    found = {_reference(node.get(name)) for each in mappings((top,)) if (node := mapping(each.get(key)))}
    found.discard(None)
    return None if len(found) > 1 else next(iter(found), "")


def _reference(node: yaml.Node | None) -> str | None:
    """The text of a node that is one reference to a secret and nothing else."""
    return node.text if isinstance(node, Scalar) and _SECRET.fullmatch(node.text) else None


MENDER = Mender(
    id="github-actions",
    title="GitHub Actions",
    mends="a secret in `env:` of a step, and in `secrets:` of a call",
    propose=_propose,
)
