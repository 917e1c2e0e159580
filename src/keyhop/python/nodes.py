"""Walks over the nodes of Python's own syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def own_nodes(root: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions and classes in it."""
    if isinstance(root, ast.Lambda):
        todo: list[ast.AST] = [root.body]
    else:
        todo = list(getattr(root, "body", ()))
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        todo.extend(ast.iter_child_nodes(node))


def loaded(target: ast.expr) -> ast.expr:
    """What is read where an augmented assignment writes `target`."""
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=value, attr=attr):
            return ast.copy_location(ast.Attribute(value, attr, ast.Load()), target)
        case ast.Subscript(value=value, slice=index):
            return ast.copy_location(ast.Subscript(value, index, ast.Load()), target)
    return target
