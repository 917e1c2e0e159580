"""Whether a shell's test holds, as far as the project's files and the script itself tell."""

from __future__ import annotations

from keyhop.facts import Condition
from keyhop.paths import absolute
from keyhop.shells.state import State, both, negated
from keyhop.text.expansion import Pieces, discreet, likely, plain
from keyhop.text.shell_tree import AndOr, Item, Node, Script, Simple
from keyhop.view import View

_FILE_TESTS = frozenset({"-f", "-e", "-s", "-r", "-a"})
_NUMBERS = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}


def condition_of(script: Script | Node, state: State, view: View) -> Condition | None:
    """The condition that a list of commands is; None where it is no test but commands that do something."""
    match script:
        case Script(items=(Item(node=node),)):
            return condition_of(node, state, view)
        case AndOr(first=first, rest=rest):
            found = condition_of(first, state, view)
            for operator, node in rest:
                other = condition_of(node, state, view)
                if found is None or other is None:
                    return None
                found = both(found, other) if operator == "&&" else _either(found, other)
            return found
        case Simple(words=words) if words:
            return _test([state.resolve(word.pieces) for word in words], state, view)
    return None


def _either(first: Condition, second: Condition) -> Condition:
    joined = both(negated(first), negated(second))
    holds = None if joined is None or joined.holds is None else not joined.holds
    return Condition(text=f"{first.text} or {second.text}", holds=holds)


def _test(words: list[Pieces], state: State, view: View) -> Condition | None:
    texts = [likely(word) for word in words]
    known = [plain(word) for word in words]
    name = texts[0]
    if name in ("true", ":", "false"):
        return Condition(text=name, holds=name != "false")
    if name in ("command", "type", "which", "hash") or name == "((":
        return Condition(text=discreet(" ".join(texts[:3])))
    if name not in ("[", "[[", "test"):
        return None
    last = {"[": "]", "[[": "]]"}.get(name)
    if last and texts[-1] == last:
        texts, known = texts[:-1], known[:-1]
    texts, known = texts[1:], known[1:]
    turned = texts[:1] == ["!"]
    if turned:
        texts, known = texts[1:], known[1:]
    condition = Condition(text=discreet(" ".join(texts)), holds=_holds(texts, known, state, view))
    return negated(condition) if turned else condition


def _holds(texts: list[str], known: list[str | None], state: State, view: View) -> bool | None:
    match texts:
        case [operator, path] if operator in _FILE_TESTS and known[1] is not None:
            return _is_there(path, state, view)
        case ["-d", path] if known[1] is not None:
            return True if view.has_directory(absolute(state.cwd, path)) else None
        case ["-z", _] if known[1] is not None:
            return not known[1]
        case ["-n", _] if known[1] is not None:
            return bool(known[1])
        case [_] if known[0] is not None:
            return bool(known[0])
        case [_, "=" | "==", _] if None not in known:
            return known[0] == known[2]
        case [_, "!=", _] if None not in known:
            return known[0] != known[2]
        case [left, operator, right] if operator in _NUMBERS and left.isdigit() and right.isdigit():
            return bool(_NUMBERS[operator](int(left), int(right)))
    return None


def _is_there(path: str, state: State, view: View) -> bool | None:
    there = absolute(state.cwd, path)
    seat = view.seat(there)
    match view.presence(there):
        case "here" | "promised":
            return True
        case "excluded":
            return False
    if seat is None or view.tree.ignores(seat.source):
        return None
    return False
