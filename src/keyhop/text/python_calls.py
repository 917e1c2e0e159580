"""One more keyword argument of a call in Python text, in the words that the file has for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from keyhop.span import Source, Span
from keyhop.text.lines import line_end, line_start, line_stop
from keyhop.text.python_edits import Stretch, after_header, offset_of, parsed

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def passed(source: Source, span: Span, argument: str, text: str) -> tuple[Stretch, ...]:
    """A call with a keyword more; nothing where it has that already."""
    call = _call_at(source, span)
    return _with_keyword(source, call, argument, text) if call is not None else ()


def passed_to_decorator(source: Source, start: int, name: str, argument: str, text: str) -> tuple[Stretch, ...]:
    """The decorator of that name, around the function in which an offset lies, with a keyword more."""
    tree = parsed(source)
    functions = [n for n in ast.walk(tree) if isinstance(n, _Function) and _holds(source, n, start)] if tree else []
    for decorator in (d for function in reversed(functions) for d in function.decorator_list):
        func = decorator.func if isinstance(decorator, ast.Call) else decorator
        called = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
        if called not in (name, f"shared_{name}"):
            continue
        if isinstance(decorator, ast.Call):
            return _with_keyword(source, decorator, argument, text)
        end = _end(source, decorator)
        return ((end, end, f"({argument}={text})", None),)
    return ()


def as_beside(source: Source, span: Span, argument: str) -> str:
    """What all other calls of that kind, or of agents, pass for an argument, where it can be said here, too."""
    tree, call = parsed(source), _call_at(source, span)
    if tree is None or call is None:
        return ""
    kinds = {ast.unparse(call.func), "Agent"}
    keywords = {argument, argument.rpartition("_")[2]}
    beside = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and n is not call and ast.unparse(n.func) in kinds)
    values = [k.value for other in beside for k in other.keywords if k.arg in keywords]
    texts = {ast.unparse(value) for value in values}
    if len(texts) != 1:
        return ""
    written = ast.get_source_segment(source.text, values[0]) or ""
    match values[0]:
        case ast.Constant(value=str()):
            return written
        case ast.Name(id=name):
            return written if name in _bound_before(tree, call) else ""
        case ast.Attribute(value=ast.Name(id="self")):
            return written if _same_class(tree, call, values[0]) else ""
    return ""


def instance_field(source: Source, span: Span, settings: Source, line: int, variable: str) -> str:
    """The field of a settings object that holds a variable, as it can be said at a call: ``settings.openai_api_key``.

    Args:
        settings: the module of the object's class, which begins in `line`.
    """
    tree, home, call = parsed(source), parsed(settings), _call_at(source, span)
    owner = (
        next((n for n in ast.walk(home) if isinstance(n, ast.ClassDef) and n.lineno == line), None) if home else None
    )
    if tree is None or home is None or call is None or owner is None:
        return ""
    field = next((f for f in owner.body if isinstance(f, ast.AnnAssign) and _is_field(f, variable)), None)
    made = [_target(s) for s in home.body if _is_made_of(s, owner.name)]
    names = [name for name in made if name and name in _imported(tree, settings)]
    names += [_target(s) for s in tree.body if _is_made_of(s, owner.name)] if source is not settings else made
    usable = [name for name in dict.fromkeys(names) if name in _bound_before(tree, call)]
    if field is None or len(usable) != 1 or not isinstance(field.target, ast.Name):
        return ""
    secret = ".get_secret_value()" if "SecretStr" in ast.unparse(field.annotation) else ""
    return f"{usable[0]}.{field.target.id}{secret}"


def _is_field(field: ast.AnnAssign, variable: str) -> bool:
    return isinstance(field.target, ast.Name) and field.target.id.upper() == variable.upper()


def _is_made_of(statement: ast.stmt, name: str) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == name


def _target(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def _imported(tree: ast.Module, home: Source) -> set[str]:
    """The names that a module takes from another by their own names."""
    module = home.path.rpartition("/")[2].removesuffix(".py")
    froms = (s for s in tree.body if isinstance(s, ast.ImportFrom) and (s.module or "").rpartition(".")[2] == module)
    return {alias.name for each in froms for alias in each.names if alias.asname in (None, alias.name)}


def _bound_before(tree: ast.Module, call: ast.Call) -> set[str]:
    """The names that are surely bound where a call is made: those of the module, and of the function around it."""
    around = [n for n in ast.walk(tree) if isinstance(n, _Function | ast.ClassDef) and _is_inside(call, n)]
    bodies: list[tuple[list[ast.stmt], bool]] = [(tree.body, not any(isinstance(n, _Function) for n in around))]
    bodies += [(n.body, True) for n in around if isinstance(n, _Function)][-1:]
    return {name for body, first in bodies for s in body if not first or s.lineno < call.lineno for name in _binds(s)}


def _binds(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)


def _same_class(tree: ast.Module, one: ast.expr, other: ast.expr) -> bool:
    return any(isinstance(n, ast.ClassDef) and _is_inside(one, n) and _is_inside(other, n) for n in ast.walk(tree))


def _is_inside(node: ast.expr, other: ast.stmt) -> bool:
    return other.lineno <= node.lineno and (node.end_lineno or 0) <= (other.end_lineno or 0)


def _holds(source: Source, node: ast.stmt, start: int) -> bool:
    return offset_of(source.text, node.lineno, node.col_offset) <= start < _end(source, node)


def _call_at(source: Source, span: Span) -> ast.Call | None:
    """Of ``Crew(…).kickoff(…)``, which are two that begin at one place, the one that ends there, too."""
    tree = parsed(source)
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call)) if tree else iter(())
    places = ((n, offset_of(source.text, n.lineno, n.col_offset), _end(source, n)) for n in calls)
    return next((n for n, start, end in places if (start, end) == (span.start, span.end)), None)


def _end(source: Source, node: ast.expr | ast.stmt | ast.keyword) -> int:
    return offset_of(source.text, node.end_lineno or node.lineno, node.end_col_offset or 0)


def _with_keyword(source: Source, call: ast.Call, argument: str, text: str) -> tuple[Stretch, ...]:
    """Behind the last argument; on a line of its own, where that has one."""
    if any(keyword.arg == argument for keyword in call.keywords):
        return ()
    return _behind(source, [*call.args, *call.keywords], _end(source, call) - 1, f"{argument}={text}")


def _behind(
    source: Source, given: Sequence[ast.expr | ast.keyword], close: int, *new: str, firsts: Sequence[ast.expr] = ()
) -> tuple[Stretch, ...]:
    """More elements between brackets that close at an offset.

    Args:
        firsts: what the elements begin with, where they are pairs.
    """
    code = source.text
    if not given:
        return ((close, close, ", ".join(new), None),)
    last = max(given, key=lambda each: _end(source, each))
    end = _end(source, last)
    first = firsts[-1] if firsts else last
    head, comment, _ = code[end:close].partition("#")
    begin = code[line_start(code, offset_of(code, first.lineno, first.col_offset)) :]
    below = line_end(code) + begin[: len(begin) - len(begin.lstrip())]
    if "," not in head:
        gap = below if "\n" in code[end:close] and not comment else " "
        return ((end, end, "".join(f",{gap}{each}" for each in new), None),) if not head.strip() else ()
    if "\n" not in code[end:close]:
        at = end + head.index(",") + 1
        return ((at, at, f" {', '.join(new)}", None),)
    stop = line_stop(code, end)
    return ((stop, stop, "".join(f"{below}{each}," for each in new), None),)


def configured(source: Source, span: Span, argument: str, entries: Mapping[str, str]) -> tuple[Stretch, ...]:
    """``argument={"config": {…}}`` of a call with entries more, which are Python; and ``import os``, for these."""
    tree, call = parsed(source), _call_at(source, span)
    given = next((k.value for k in call.keywords if k.arg == argument), None) if call is not None else None
    if tree is None or not isinstance(given, ast.Dict) or None in given.keys:
        return ()
    inner = next((v for k, v in zip(given.keys, given.values, strict=True) if _says(k, "config")), None)
    pairs = [f'"{key}": {text}' for key, text in entries.items()]
    if inner is None:
        found = _into(source, given, f'"config": {{{", ".join(pairs)}}}')
    elif isinstance(inner, ast.Dict) and not any(_says(key, name) for key in inner.keys for name in entries):
        found = _into(source, inner, *pairs)
    else:
        return ()
    return (*_importing_os(source, tree), *found) if found else ()


def _says(key: ast.expr | None, text: str) -> bool:
    return isinstance(key, ast.Constant) and key.value == text


def _into(source: Source, node: ast.Dict, *pairs: str) -> tuple[Stretch, ...]:
    firsts = [key for key in node.keys if key is not None]
    return _behind(source, node.values, _end(source, node) - 1, *pairs, firsts=firsts)


def _importing_os(source: Source, tree: ast.Module) -> tuple[Stretch, ...]:
    if any(isinstance(s, ast.Import) and any(a.name == "os" and not a.asname for a in s.names) for s in tree.body):
        return ()
    first = after_header(tree)
    start = offset_of(source.text, first.lineno, 0) if first is not None else 0
    return ((start, start, f"import os{2 * line_end(source.text)}", None),)
