"""Which branches of a text run, and how they are left."""

from __future__ import annotations

import ast

from keyhop.python.scopes import Exit


def leaves(body: list[ast.stmt]) -> Exit:
    """How a block leaves what is around it, where it always does."""
    match body[-1:]:
        case [ast.Return() | ast.Continue() | ast.Break()]:
            return Exit.RETURN
        case [ast.Raise()]:
            return Exit.RAISE
        case [ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="sys"), attr="exit")))]:
            return Exit.RAISE
        case [ast.Expr(value=ast.Call(func=ast.Name(id="exit" | "quit")))]:
            return Exit.RAISE
        case [ast.If(body=inner, orelse=other)] if other:
            both = {leaves(inner), leaves(other)}
            if Exit.NONE in both:
                return Exit.NONE
            return Exit.RAISE if both == {Exit.RAISE} else Exit.RETURN
    return Exit.NONE


def for_type_checkers(test: ast.expr) -> bool:
    """Whether a test is ``TYPE_CHECKING``, which is false in a run."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False


def as_test(subject: ast.expr, pattern: ast.pattern) -> ast.expr | None:
    """The comparison that a ``case`` of literals amounts to."""
    match pattern:
        case ast.MatchValue(value=value):
            return ast.copy_location(ast.Compare(subject, [ast.Eq()], [value]), value)
        case ast.MatchOr(patterns=patterns):
            tests = [as_test(subject, p) for p in patterns]
            if all(tests):
                return ast.copy_location(ast.BoolOp(ast.Or(), [t for t in tests if t]), pattern)
    return None
