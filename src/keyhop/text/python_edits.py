"""Changes to Python text: a statement moved up, a mapping widened, an argument renamed."""

from __future__ import annotations

import ast
import re

from keyhop.span import Source, Undecodable

Stretch = tuple[int, int, str, tuple[int, int] | None]
"""Start and end in code points, the new text, and a stretch of the file that is moved before it."""

_LOADS = frozenset({"load_dotenv", "read_env", "load"})


def parsed(source: Source) -> ast.Module | None:
    """The syntax tree; None for what is no Python of this version."""
    try:
        return ast.parse(source.text)
    except (SyntaxError, ValueError, Undecodable, RecursionError, MemoryError):
        return None


def moved_up(source: Source, line: int) -> tuple[Stretch, ...]:
    """A call that loads an env file, with the import of its function, above the imports that may read the key.

    Nothing where it is no statement of the module itself, or where it uses names that are not there yet.
    """
    tree = parsed(source)
    statement = next((s for s in tree.body if s.lineno <= line <= (s.end_lineno or 0)), None) if tree else None
    match statement:
        case ast.Expr(value=ast.Call(func=func, args=args, keywords=keywords)):
            called = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
        case _:
            return ()
    if tree is None or called not in _LOADS:
        return ()
    needed = {n.id for part in (func, *args, *keywords) for n in ast.walk(part) if isinstance(n, ast.Name)}
    needed -= {"__file__", "True", "False", "None", "str"}
    taken = [_import_of(tree, name, statement) for name in sorted(needed)]
    target = after_header(tree)
    if target is None or any(each is None for each in taken) or target.lineno >= statement.lineno:
        return ()
    starts = _line_starts(source.text)
    at = starts[target.lineno - 1]
    movable = [*dict.fromkeys(each for each in taken if each is not None), statement]
    if len({each.lineno for each in movable}) != len(movable) or any(_shares_line(tree, each) for each in movable):
        return ()
    found: list[Stretch] = []
    for each in movable:
        begin, end = starts[each.lineno - 1], _line_after(source.text, starts, each.end_lineno or each.lineno)
        if begin == at:
            at = end  # it is there already
            continue
        found += [(at, at, "", (begin, end)), (begin, end, "", None)]
    return tuple(found) if found and source.text.endswith("\n") else ()


def _import_of(tree: ast.Module, name: str, before: ast.stmt) -> ast.stmt | None:
    """The statement of the module that imports a name and nothing else."""
    for each in tree.body:
        if isinstance(each, ast.Import | ast.ImportFrom) and each.lineno < before.lineno and len(each.names) == 1:
            alias = each.names[0]
            if (alias.asname or alias.name.partition(".")[0]) == name:
                return each
    return None


def after_header(tree: ast.Module) -> ast.stmt | None:
    """The first statement behind the docstring and the ``__future__`` imports."""
    for number, each in enumerate(tree.body):
        if number == 0 and isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
            continue
        if isinstance(each, ast.ImportFrom) and each.module == "__future__":
            continue
        return each
    return None


def _shares_line(tree: ast.Module, statement: ast.stmt) -> bool:
    return sum(s.lineno <= statement.lineno <= (s.end_lineno or 0) for s in tree.body) > 1


def inherited(source: Source, line: int) -> tuple[Stretch, ...]:
    """``env={…}`` of the call in a line, with the parent's environment beneath its own."""
    tree = parsed(source)
    imports = tree is not None and any(
        isinstance(s, ast.Import) and any(a.name == "os" and a.asname in (None, "os") for a in s.names)
        for s in tree.body
    )
    for node in ast.walk(tree) if tree and imports else ():
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or 0):
            given = next((k.value for k in node.keywords if k.arg == "env"), None)
            if isinstance(given, ast.Dict):
                at = offset_of(source.text, given.lineno, given.col_offset) + 1
                comma = ", " if given.keys and given.lineno == (given.end_lineno or 0) else ","
                return ((at, at, f"**os.environ{comma if given.keys else ''}", None),)
    return ()


def renamed_argument(source: Source, line: int, old: str, new: str) -> tuple[Stretch, ...]:
    """A keyword of a call in a line under another name."""
    tree = parsed(source)
    found = [
        keyword
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or 0)
        for keyword in node.keywords
        if keyword.arg == old and not any(other.arg == new for other in node.keywords)
    ]
    if len(found) != 1:
        return ()
    at = offset_of(source.text, found[0].lineno, found[0].col_offset)
    return ((at, at + len(old), new, None),) if source.text[at : at + len(old)] == old else ()


def _line_starts(text: str) -> list[int]:
    return [0, *(m.end() for m in re.finditer("\n", text))]


def _line_after(text: str, starts: list[int], line: int) -> int:
    return starts[line] if line < len(starts) else len(text)


def offset_of(text: str, line: int, column: int) -> int:
    """A place of ``ast``, whose columns count bytes."""
    start = _line_starts(text)[line - 1]
    stop = text.find("\n", start)
    row = text[start : len(text) if stop < 0 else stop]
    return start + len(row.encode()[:column].decode("utf-8", "ignore"))
