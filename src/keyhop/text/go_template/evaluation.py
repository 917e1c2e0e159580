"""What a template prints, piece by piece, with the place that each piece comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from keyhop.records import dataclass
from keyhop.text.go_template.printing import printed
from keyhop.text.go_template.tree import (
    Action,
    Branch,
    Call,
    Command,
    Constant,
    Field,
    Function,
    Leave,
    Literal,
    Node,
    Operand,
    Pipeline,
    TemplateError,
    Variable,
)

Functions = Mapping[str, Callable[..., object]]
Named = Mapping[str, tuple[Node, ...]]
MOST_STEPS = 200_000
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Printed:
    """A piece of the output."""

    text: str = field(repr=False)
    at: int
    """The offset in the template of the text, or of the action that made it."""
    is_literal: bool


class _Left(Exception):
    """``break`` or ``continue``."""


class Evaluator:
    """One run of a template."""

    def __init__(self, functions: Functions, named: Named, root: object) -> None:
        self._functions = {**functions, "include": self._include, "and": None, "or": None}
        self._named = named
        self._scopes: list[dict[str, object]] = [{"$": root}]
        self._pieces: list[Printed] = []
        self._steps = 0
        self._depth = 0

    def run(self, body: tuple[Node, ...], dot: object) -> list[Printed]:
        """The pieces in order.

        Raises:
            TemplateError: Helm would stop here, or keyhop does not know a function.
        """
        self._body(body, dot)
        return self._pieces

    def _body(self, body: tuple[Node, ...], dot: object) -> None:
        self._scopes.append({})
        try:
            for node in body:
                self._node(node, dot)
        finally:
            self._scopes.pop()

    def _node(self, node: Node, dot: object) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TemplateError("it takes too many steps")
        try:
            self._carried_out(node, dot)
        except TemplateError as error:
            raise error if error.at or isinstance(node, Leave) else TemplateError(str(error), node.at) from None

    def _carried_out(self, node: Node, dot: object) -> None:
        match node:
            case Literal():
                self._pieces.append(Printed(node.text, node.at, True))
            case Action(pipeline=pipeline):
                value = self._pipeline(pipeline, dot)
                if not pipeline.variables:
                    self._pieces.append(Printed(printed(value), node.at, False))
            case Branch(word="range"):
                self._range(node, dot)
            case Branch():
                self._branch(node, dot)
            case Call():
                value = self._pipeline(node.pipeline, dot) if node.pipeline else None
                self._pieces.append(Printed(self._include(node.name, value), node.at, False))
            case Leave(word=word):
                raise _Left(word)

    def _branch(self, node: Branch, dot: object) -> None:
        self._scopes.append({})
        try:
            value = self._pipeline(node.pipeline, dot)
            if truth(value):
                self._body(node.body, value if node.word == "with" else dot)
            else:
                self._body(node.otherwise, dot)
        finally:
            self._scopes.pop()

    def _range(self, node: Branch, dot: object) -> None:
        value = self._pipeline(node.pipeline, dot)
        pairs = _pairs(value)
        if not pairs:
            self._body(node.otherwise, dot)
        for key, item in pairs:
            names = node.pipeline.variables
            bound = dict(zip(names, (item,) if len(names) == 1 else (key, item), strict=False))
            self._scopes.append(dict(bound))
            try:
                self._body(node.body, item)
            except _Left as left:
                if left.args[0] == "break":
                    break
            finally:
                self._scopes.pop()

    def _include(self, name: str, value: object = None) -> str:
        body = self._named.get(name)
        if body is None:
            raise TemplateError("it asks for a template that is not there")
        if self._depth > _DEEPEST:
            raise TemplateError("its templates ask for each other without end")
        outer, self._pieces = self._pieces, []
        scopes, self._scopes = self._scopes, [{"$": value}]
        self._depth += 1
        try:
            self._body(body, value)
            return "".join(piece.text for piece in self._pieces)
        except TemplateError as error:
            raise TemplateError(str(error)) from None  # its place is in another file
        finally:
            self._depth -= 1
            self._pieces, self._scopes = outer, scopes

    def _pipeline(self, pipeline: Pipeline, dot: object) -> object:
        value: tuple[object, ...] = ()
        for command in pipeline.commands:
            value = (self._command(command, dot, value),)
        if pipeline.variables and len(pipeline.variables) == 1:
            self._assign(pipeline.variables[0], value[0], declares=pipeline.declares)
        return value[0]

    def _assign(self, name: str, value: object, *, declares: bool) -> None:
        for scope in reversed(self._scopes) if not declares else ():
            if name in scope:
                scope[name] = value
                return
        self._scopes[-1][name] = value

    def _command(self, command: Command, dot: object, last: tuple[object, ...]) -> object:
        first, *rest = command.operands
        match first:
            case Function(name="and" | "or" as name):
                return self._lazily(name, rest, dot, last)
            case Function(name=name):
                arguments = (*(self._operand(each, dot) for each in rest), *last)
                return self._called(self._function(name, command.at), arguments, command.at)
        value = self._operand(first, dot)
        if callable(value):
            arguments = (*(self._operand(each, dot) for each in rest), *last)
            return self._called(value, arguments, command.at)
        if rest or last:
            raise TemplateError("it gives arguments to what is no function", command.at)
        return value

    def _lazily(self, name: str, rest: list[Operand], dot: object, last: tuple[object, ...]) -> object:
        value: object = None
        for operand in rest:
            value = self._operand(operand, dot)
            if truth(value) == (name == "or"):
                return value
        return last[0] if last else value

    def _operand(self, operand: Operand, dot: object) -> object:
        match operand:
            case Constant(value=value):
                return value
            case Variable(name=name):
                return self._variable(name)
            case Function(name=name):
                return self._called(self._function(name, 0), (), 0)
            case Pipeline():
                return self._pipeline(operand, dot)
            case Field(of=of, names=names):
                value = dot if of is None else self._operand(of, dot)
                for number, name in enumerate(names):
                    value = _field(value, name, last=number == len(names) - 1)
                return value

    def _variable(self, name: str) -> object:
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        raise TemplateError("it uses a variable that is not declared")

    def _function(self, name: str, at: int) -> Callable[..., object]:
        found = self._functions.get(name)
        if found is None:
            raise TemplateError(f"the function {name} is not known", at)
        return found

    @staticmethod
    def _called(function: Callable[..., object], arguments: tuple[object, ...], at: int) -> object:
        try:
            return function(*arguments)
        except TemplateError as error:
            raise TemplateError(str(error), error.at or at) from None
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError):
            raise TemplateError("a function does not take what it is given", at) from None


def truth(value: object) -> bool:
    """Whether ``if`` takes it for true: not nil, zero or empty."""
    return bool(value) if isinstance(value, (str, list, dict, bool, int, float)) else value is not None


def _field(value: object, name: str, *, last: bool) -> object:
    if value is None:
        raise TemplateError(f"nil pointer evaluating interface {{}}.{name}")
    if isinstance(value, dict):
        found = value.get(name)
        return found() if callable(found) and not last else found
    raise TemplateError(f"can't evaluate field {name}")


def _pairs(value: object) -> list[tuple[object, object]]:
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    if isinstance(value, list):
        return list(enumerate(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [(n, n) for n in range(int(value))]
    return []
