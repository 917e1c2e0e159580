"""Code that runs for one request, task or thread at a time, beside others of the same process."""

from __future__ import annotations

import ast

from keyhop.python import elsewhere
from keyhop.python.program import Program
from keyhop.python.scopes import Scope, Site
from keyhop.python.values import Made

_DECORATORS = """
get post put patch delete head options route websocket api_route websocket_route api_view on_message on_chat_start
message command event app_mention action
"""
_ROUTES = frozenset(_DECORATORS.split())
_THREADS = frozenset({"Thread", "Timer", "submit", "to_thread", "run_in_executor", "start_new_thread"})
_PAGES = "streamlit."
MOST_CALLERS = 500


def serves(program: Program, site: Site) -> str | None:
    """What a site runs for, in words: ``a request``, ``a task``, ``a thread``; None where it is neither."""
    if site.value is not None:
        for value in program.ev.values(site.value, site.scope):
            if isinstance(value, Made) and value.by.name.startswith(_PAGES):
                return "a session"
    seen: dict[Scope, None] = {}
    todo = [site.scope]
    while todo and len(seen) < MOST_CALLERS:
        scope = todo.pop(0)
        if scope in seen:
            continue
        seen[scope] = None
        for around in scope.within():
            found = _decorated(program, around)
            if found is not None:
                return found
        for edge in program.edges.get(scope, ()):
            if edge is None:
                continue
            if _last(edge.passed_to) in _THREADS:
                return "a thread"
            todo.append(edge.scope)
    return None


def _decorated(program: Program, scope: Scope) -> str | None:
    if scope.kind != "function":
        return None
    if elsewhere.engine(program.ev, scope) is not None:
        return "a task"
    for decorator in scope.decorators:
        called = decorator.func if isinstance(decorator, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in _ROUTES:
            return "a request"
    return None


def _last(call: ast.Call | None) -> str:
    if call is None:
        return ""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
