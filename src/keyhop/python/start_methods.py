"""How ``multiprocessing`` and what builds on it begin a child: fork, spawn or forkserver."""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import dirname

from keyhop import patterns
from keyhop.python import members
from keyhop.python.evaluate import Evaluator
from keyhop.python.modules import Module
from keyhop.python.parents import Asked, Parent
from keyhop.python.scopes import Scope
from keyhop.python.values import Made, Value
from keyhop.span import Undecodable
from keyhop.tree import Tree

ROOTS = ("multiprocessing", "multiprocess", "torch.multiprocessing", "billiard")
START_METHODS = ("fork", "spawn", "forkserver")
_NEEDS = patterns.compile(r'^\s*requires-python\s*=\s*["\'][^"\']*>=?\s*3\.(\d+)|^(?:python-)?3\.(\d+)', re.M)
_FORKSERVER_FROM = 14


def start_method(parent: Parent, asked: Asked | None, context: Iterable[Value] = ()) -> str:
    """The start method of the children that a call makes."""
    receivers = (*(asked.receivers if asked is not None else ()), *context)
    for value in receivers:
        if isinstance(value, Made) and value.by.name.endswith(".get_context"):
            told = _texts(parent, value)
            if told:
                return told
    for call in parent.asked("set_start_method"):
        chosen = [text for text in call.texts("method", 0) if text in START_METHODS]
        if chosen:
            return chosen[0]
    return "forkserver" if _minor(parent.program.modules.view.tree, parent) >= _FORKSERVER_FROM else "fork"


def _texts(parent: Parent, made: Made) -> str | None:
    site = made.site
    found = Asked(parent.ev, site.node, site.scope).texts("method", 0)  # type: ignore[arg-type]
    return next((text for text in found if text in START_METHODS), None)


def imported_again(parent: Parent, how: str, functions: tuple[Scope, ...]) -> tuple[Module, ...]:
    """The modules whose code runs once more in a child, the main one first."""
    if how == "fork":
        return ()
    main = (parent.main,) if parent.main is not None and parent.main.path else ()
    return tuple(dict.fromkeys((*main, *parent.modules_of(functions))))


def is_process_class(ev: Evaluator, type: Scope) -> bool:
    """Whether a class of the project is a kind of ``multiprocessing.Process``."""
    return any(
        name.startswith(ROOTS) and name.rpartition(".")[2] == "Process" for name in members.foreign_bases(ev, type)
    )


def _minor(tree: Tree, parent: Parent) -> int:
    """The least minor version of Python 3 that the project runs on, as its own files say."""
    directory = dirname(parent.main.path.lstrip("/")) if parent.main is not None else ""
    while True:
        for name in (".python-version", "pyproject.toml"):
            source = tree.source(f"{directory}/{name}".lstrip("/"))
            try:
                found = _NEEDS.search(source.text) if source is not None else None
            except Undecodable:
                found = None
            if found is not None:
                return int(found[1] or found[2])
        if not directory:
            return 0
        directory = dirname(directory)
