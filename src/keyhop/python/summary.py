"""What one module says, independent of who runs it: one pass over its text, in the order of evaluation."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from keyhop.python.branches import as_test, for_type_checkers, leaves
from keyhop.python.scopes import Binding, Exit, FunctionNode, Guard, Kind, Scope, Site, loaded, own_nodes
from keyhop.span import Source, Span


class Summary:
    """A parsed module: its scopes and the guards of every expression."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self.source = source
        self.path = source.path
        self.tree = tree
        self.guards: dict[int, tuple[Guard, ...]] = {}
        """By the id of a node of interest."""
        self.orders: dict[int, int] = {}
        self.calls: dict[int, Site] = {}
        """The site of each call, by the id of its node."""
        self.scopes: list[Scope] = []
        self.body = _Walk(self).module(tree)
        self._texts: dict[ast.AST, str] = {}
        self._expressions: dict[Scope, tuple[tuple[ast.AST, Site], ...]] = {}

    def text(self, node: ast.AST) -> str:
        """An expression as text."""
        found = self._texts.get(node)
        if found is None:
            found = self._texts[node] = ast.unparse(node)
        return found

    def expressions(self, scope: Scope) -> tuple[tuple[ast.AST, Site], ...]:
        """The expressions of a scope's own statements that may use a value, each with a site that has its guards."""
        if scope not in self._expressions:
            self._expressions[scope] = tuple(self._used(scope))
        return self._expressions[scope]

    def _used(self, scope: Scope) -> Iterator[tuple[ast.AST, Site]]:
        for node in own_nodes(scope.node):
            if isinstance(node, ast.Call | ast.Dict | ast.JoinedStr | ast.Compare | ast.Subscript | ast.Assign):
                known = self.calls.get(id(node)) if isinstance(node, ast.Call) else None
                anchor = id(node.value if isinstance(node, ast.Assign) else node)
                if known is not None:
                    yield node, known
                elif anchor in self.guards:
                    yield node, Site(Kind.READ, node, scope, self.orders.get(anchor, 0), self.guards[anchor])

    def span(self, node: ast.AST) -> Span:
        """Where a node stands. Columns count code points."""
        line = getattr(node, "lineno", 0)
        if not line:
            return Span(path=self.path)
        start = self._offset(line, node.col_offset)  # type: ignore[attr-defined]
        end = self._offset(getattr(node, "end_lineno", None) or line, getattr(node, "end_col_offset", None) or 0)
        return self.source.span(start, max(start, end))

    def _offset(self, line: int, utf8_column: int) -> int:
        whole = self.source.span_of_line(line)
        text = self.source.text[whole.start : whole.end]
        return whole.start + len(text.encode()[:utf8_column].decode("utf-8", "ignore"))


def parse(source: Source) -> Summary:
    """Parse and summarise a module.

    Raises:
        SyntaxError, ValueError: it is no Python 3, or no text.
        RecursionError: it nests too deeply.
    """
    return Summary(source, ast.parse(source.text, filename=source.path))


class _Walk:
    """One pass over a module, in the order of evaluation."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.scope: Scope = None  # type: ignore[assignment]
        self.held: tuple[Guard, ...] = ()
        self.order = 0
        self.passed_to: ast.Call | None = None
        self.bound_to = ""

    def module(self, tree: ast.Module) -> Scope:
        scope = self._open("module", "", tree)
        self._in(scope, lambda: self.block(tree.body))
        return scope

    def _open(self, kind: str, name: str, node: ast.AST) -> Scope:
        scope = Scope(kind, name, node, self.summary, self.scope)
        self.summary.scopes.append(scope)
        return scope

    def _in(self, scope: Scope, work: Callable[[], None]) -> None:
        before, self.scope = self.scope, scope
        held, self.held = self.held, () if scope.kind != "class" else self.held
        work()
        self.scope, self.held = before, held

    def _tick(self) -> int:
        self.order += 1
        return self.order

    def bind(self, name: str, kind: str, node: ast.AST | None, path: tuple[int, ...] = (), **more: object) -> None:
        home = self.scope
        if name in home.free:
            home = next((s for s in list(home.within())[1:] if name in s.bindings), self.summary.scopes[0])
        binding = Binding(name, kind, self.scope, node, self._tick(), self.held, path, **more)  # type: ignore[arg-type]
        home.bindings.setdefault(name, []).append(binding)

    def site(self, kind: Kind, node: ast.AST, value: ast.expr | None = None, defined: Scope | None = None) -> Site:
        site = Site(
            kind=kind,
            node=node,
            scope=self.scope,
            order=self._tick(),
            guards=self.held,
            value=value,
            defined=defined,
            passed_to=self.passed_to,
            bound_to=self.bound_to,
        )
        self.scope.sites.append(site)
        self.summary.guards[id(node)] = self.held
        self.summary.orders[id(node)] = site.order
        return site

    # statements

    def block(self, body: Iterable[ast.stmt]) -> None:
        """Statements in order; what follows an early exit is guarded by the exit's test."""
        held = self.held
        for statement in body:
            self.statement(statement)
            if isinstance(statement, ast.If):
                for branch, truth in ((statement.body, False), (statement.orelse, True)):
                    left = leaves(branch)
                    if left is not Exit.NONE:
                        self.held = (*self.held, Guard(statement.test, truth, statement, left))
        self.held = held

    def under(self, guard: Guard, body: Iterable[ast.stmt]) -> None:
        held, self.held = self.held, (*self.held, guard)
        self.block(body)
        self.held = held

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Import(names=names):
                self.site(Kind.IMPORT, node)
                for alias in names:
                    self.bind(alias.asname or alias.name.partition(".")[0], "import", node)
            case ast.ImportFrom(names=names):
                self.site(Kind.IMPORT, node)
                for alias in names:
                    self.bind(alias.asname or alias.name, "import", node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node)
            case ast.ClassDef():
                self.klass(node)
            case ast.Assign(targets=targets, value=value):
                self.bound_to = getattr(targets[0], "attr", getattr(targets[0], "id", ""))
                self.expression(value)
                self.bound_to = ""
                for target in targets:
                    self.target(target, value)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    self.expression(value)
                    self.target(target, value, annotation=node.annotation)
                elif isinstance(target, ast.Name) and self.scope.kind == "class":
                    self.bind(target.id, "none", node)
            case ast.AugAssign(target=target, op=op, value=value):
                self.expression(value)
                left = ast.copy_location(loaded(target), node)
                self.summary.orders[id(left)] = self._tick()
                self.summary.guards[id(left)] = self.held
                self.target(target, ast.copy_location(ast.BinOp(left, op, value), node))
            case ast.Return(value=value):
                if value is not None:
                    self.expression(value)
                site = Site(Kind.READ, node, self.scope, self._tick(), self.held)
                self.scope.returns.append(site)
            case ast.If():
                self.conditional(node)
            case ast.For() | ast.AsyncFor():
                self.expression(node.iter)
                self.target(node.target, node.iter, kind="item")
                self.block(node.body)
                self.block(node.orelse)
            case ast.While(test=test, body=body, orelse=orelse):
                self.expression(test)
                self.block(body)
                self.block(orelse)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self.expression(item.context_expr)
                    if item.optional_vars is not None:
                        self.target(item.optional_vars, item.context_expr, kind="with")
                self.block(node.body)
            case ast.Try():
                self.tried(node)
            case ast.Match():
                self.match(node)
            case ast.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Subscript):
                        self.expression(target.value)
                        self.site(Kind.DELETE, target)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                self.scope.free.update(names)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.expression(child)
                    elif isinstance(child, ast.stmt):
                        self.statement(child)
                    elif type(node).__name__ == "TryStar":
                        self.block(getattr(child, "body", ()))

    def conditional(self, node: ast.If) -> None:
        if for_type_checkers(node.test):
            self.block(node.orelse)
            return
        self.expression(node.test)
        self.under(Guard(node.test, True, node), node.body)
        self.under(Guard(node.test, False, node), node.orelse)

    def tried(self, node: ast.Try) -> None:
        self.block(node.body)
        for handler in node.handlers:
            held, self.held = self.held, (*self.held, Guard(None, True, handler, handler=True))
            if handler.name:
                self.bind(handler.name, "none", None)
            self.held = held
            self.under(Guard(None, True, handler, handler=True), handler.body)
        self.block(node.orelse)
        self.block(node.finalbody)

    def match(self, node: ast.Match) -> None:
        self.expression(node.subject)
        held = self.held
        for case in node.cases:
            test = as_test(node.subject, case.pattern)
            if test is None:
                self.under(Guard(None, True, case), case.body)
                continue
            self.under(Guard(test, True, case), case.body)
            self.held = (*self.held, Guard(test, False, case))
        self.held = held

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator)
        scope = self.signature(node, node.name)
        self.bind(node.name, "def", node, defined=scope)
        self.site(Kind.DEFINE, node, defined=scope)
        self._in(scope, lambda: self.block(node.body))

    def signature(self, node: FunctionNode, name: str) -> Scope:
        a = node.args
        for default in (*a.defaults, *(d for d in a.kw_defaults if d is not None)):
            self.expression(default)
        scope = self._open("function", name, node)
        for parameter in (*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg):
            if parameter is not None:
                binding = Binding(parameter.arg, "param", scope, parameter, self._tick())
                scope.bindings.setdefault(parameter.arg, []).append(binding)
        return scope

    def klass(self, node: ast.ClassDef) -> None:
        made = (base for base in node.bases if isinstance(base, ast.Call))
        for evaluated in (*node.decorator_list, *made, *(k.value for k in node.keywords)):
            self.expression(evaluated)
        scope = self._open("class", node.name, node)
        self.bind(node.name, "class", node, defined=scope)
        self.site(Kind.CLASS, node, defined=scope)
        self._in(scope, lambda: self.block(node.body))

    def target(
        self,
        target: ast.expr,
        value: ast.expr,
        kind: str = "value",
        path: tuple[int, ...] = (),
        annotation: ast.expr | None = None,
    ) -> None:
        match target:
            case ast.Name(id=name):
                self.bind(name, kind, value, path)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for number, part in enumerate(parts):
                    self.target(part, value, kind, (*path, number))
            case ast.Starred(value=inner):
                self.target(inner, value, "none", path)
            case ast.Attribute(value=ast.Name(id=me), attr=name) if self._is_self(me):
                owner = self._class_of()
                if owner is not None:
                    found = Binding(name, kind, self.scope, value, self._tick(), self.held, path)
                    owner.attributes.setdefault(name, []).append(found)
                self.site(Kind.STORE, target, value=value)
            case ast.Attribute(value=inner) | ast.Subscript(value=inner):
                self.expression(inner)
                if isinstance(target, ast.Subscript):
                    self.expression(target.slice)
                self.site(Kind.STORE, target, value=value)

    def _class_of(self) -> Scope | None:
        return next((s.owner for s in self.scope.within() if s.owner), None)

    def _is_self(self, name: str) -> bool:
        method = next((s for s in self.scope.within() if s.owner), None)
        return method is not None and method.parameters[:1] == (name,)

    # expressions

    def expression(self, node: ast.expr) -> None:
        self.summary.guards[id(node)] = self.held
        match node:
            case ast.Call(func=func, args=args, keywords=keywords):
                if isinstance(func, ast.Attribute):
                    self.expression(func.value)
                elif not isinstance(func, ast.Name):
                    self.expression(func)
                outer, self.passed_to = self.passed_to, node
                for argument in (*args, *(k.value for k in keywords)):
                    self.expression(argument)
                self.passed_to = outer
                site = self.site(Kind.CALL, node)
                self.summary.calls[id(node)] = site
                self.summary.guards[id(func)] = self.held
                self.summary.orders[id(func)] = site.order
            case ast.Name(ctx=ast.Load()):
                self.site(Kind.MENTION, node)
            case ast.Attribute(value=value, ctx=ast.Load()):
                self.expression(value)
                self.site(Kind.MENTION, node)
            case ast.Subscript(value=value, slice=index):
                self.expression(value)
                self.expression(index)
                self.site(Kind.READ, node)
            case ast.Lambda(body=body):
                scope = self.signature(node, "<lambda>")
                self.site(Kind.DEFINE, node, defined=scope)
                self._in(scope, lambda: self._result(body))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.expression(test)
                self._guarded(Guard(test, True, node), body)
                self._guarded(Guard(test, False, node), orelse)
            case ast.BoolOp(op=op, values=values):
                held = self.held
                for value in values:
                    self.expression(value)
                    self.held = (*self.held, Guard(value, isinstance(op, ast.And), node))
                self.held = held
            case ast.NamedExpr(target=target, value=value):
                self.expression(value)
                self.target(target, value)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.comprehension(node)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.expression(child)

    def _result(self, body: ast.expr) -> None:
        self.expression(body)
        site = Site(Kind.READ, ast.copy_location(ast.Return(body), body), self.scope, self._tick(), ())
        self.scope.returns.append(site)

    def _guarded(self, guard: Guard, node: ast.expr) -> None:
        held, self.held = self.held, (*self.held, guard)
        self.expression(node)
        self.held = held

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        held = self.held
        for part in node.generators:
            self.expression(part.iter)
            self.target(part.target, part.iter, kind="item")
            for test in part.ifs:
                self.expression(test)
                self.held = (*self.held, Guard(test, True, part))
        elements = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for element in elements:
            self.expression(element)
        self.held = held
