"""Where `keyhop.attach` goes in a module: below what makes an application, around what makes a pool."""

from __future__ import annotations

import ast

from keyhop.span import Source
from keyhop.text.lines import line_end
from keyhop.text.python_edits import Stretch, offset_of, parsed

_POOLS = ("Pool", "ProcessPoolExecutor")


def below_binding(source: Source, host: str, what: str) -> tuple[Stretch, ...]:
    """A statement below what makes the ``Celery`` application, or below the imports of which one is `host`."""
    tree = parsed(source)
    if tree is None:
        return ()
    imports = _imports(tree)
    found = [(each, name) for each in tree.body if (name := _bound(each, host))]
    if len(found) != 1 or not imports or _is_shared(tree, found[0][0]):
        return ()
    bound, name = found[0]
    end = line_end(source.text)
    last = imports[-1] if bound in imports else bound
    text = f'keyhop.attach({name}, "{what}"){end}'
    if last is imports[-1]:
        at = _after(source, last)
        imported = "" if _has_keyhop(tree) else f"import keyhop{end}"
        return ((at, at, f"{imported}{end}{text}", None),)
    return (*_importing(source, tree), (_after(source, last), _after(source, last), text, None))


def around_pool(source: Source, line: int, what: str) -> tuple[Stretch, ...]:
    """The only call on that line that makes a pool becomes the first argument of ``keyhop.attach``."""
    tree = parsed(source)
    if tree is None:
        return ()
    made = (each for each in ast.walk(tree) if isinstance(each, ast.Call) and each.lineno == line)
    calls = [each for each in made if _makes_pool(each)]
    if len(calls) != 1 or not _imports(tree):
        return ()
    (call,) = calls
    assert call.end_lineno is not None
    assert call.end_col_offset is not None
    start = offset_of(source.text, call.lineno, call.col_offset)
    end = offset_of(source.text, call.end_lineno, call.end_col_offset)
    wrapped = ((start, start, "keyhop.attach(", None), (end, end, f', "{what}")', None))
    return (*_importing(source, tree), *wrapped)


def _makes_pool(call: ast.Call) -> bool:
    return getattr(call.func, "attr", getattr(call.func, "id", "")) in _POOLS


def _imports(tree: ast.Module) -> list[ast.stmt]:
    """The first block of imports at the top of a module, those of ``__future__`` apart."""
    found: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            if getattr(statement, "module", "") != "__future__":
                found.append(statement)
        elif found:
            break
    return found


def _bound(statement: ast.stmt, host: str) -> str:
    """What a statement calls the host; empty where it does not bind it."""
    match statement:
        case ast.Import(names=names) if host != "Celery" and any((e.asname or e.name) == host for e in names):
            return host
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function)):
            return name if getattr(function, "attr", getattr(function, "id", "")) == host else ""
    return ""


def _is_shared(tree: ast.Module, statement: ast.stmt) -> bool:
    """Whether another statement stands on its lines."""
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    return any(e is not statement and e.lineno <= last and (e.end_lineno or 0) >= first for e in tree.body)


def _has_keyhop(tree: ast.Module) -> bool:
    return any(isinstance(each, ast.Import) and _bound(each, "keyhop") for each in tree.body)


def _importing(source: Source, tree: ast.Module) -> tuple[Stretch, ...]:
    if _has_keyhop(tree):
        return ()
    at = _after(source, _imports(tree)[-1])
    return ((at, at, f"import keyhop{line_end(source.text)}", None),)


def _after(source: Source, statement: ast.stmt) -> int:
    """Where the line after a statement begins."""
    assert statement.end_lineno is not None
    lines = source.text.splitlines(keepends=True)
    return sum(map(len, lines[: statement.end_lineno]))
