"""``subprocess``, ``os.system``, ``os.exec…``: another program, with a copy of the environment or what ``env=`` says.

``env=None`` passes everything on; any mapping, an empty one too, replaces everything (CPython 3.10 to 3.13).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keyhop.engines.engine import Children, Engine
from keyhop.facts import PlaceId
from keyhop.launch import Launch
from keyhop.paths import absolute
from keyhop.python.handed import Handed
from keyhop.python.parents import Asked, Parent
from keyhop.python.values import Const, External, Items, Text, Value

_LISTS = ("run", "Popen", "call", "check_call", "check_output", "getoutput", "getstatusoutput")
_SHELLS = frozenset(
    {
        "os.system",
        "os.popen",
        "subprocess.getoutput",
        "subprocess.getstatusoutput",
        "asyncio.create_subprocess_shell",
        "asyncio.subprocess.create_subprocess_shell",
    }
)
_SPREAD = frozenset(
    {
        "asyncio.create_subprocess_exec",
        "asyncio.subprocess.create_subprocess_exec",
        "os.execl",
        "os.execlp",
        "os.execle",
        "os.execlpe",
    }
)
_VECTORS = frozenset({"os.execv", "os.execvp", "os.execve", "os.execvpe", "os.posix_spawn", "os.posix_spawnp"})
_PROGRAMS = frozenset(f"subprocess.{name}" for name in _LISTS) | _SHELLS | _SPREAD | _VECTORS
_NOT_KNOWN = "$…"
"""A word that only a run could tell: no program and no script is called so."""


def _hops(parent: Parent) -> Iterator[Children]:
    for asked in parent.calls(*_PROGRAMS):
        place = parent.place("subprocess", asked.site, title=f"subprocess of line {asked.site.span.line}")
        launch = _launch(parent, asked, place.id)
        if launch is None:
            continue
        handed = Handed(parent, place.id, "subprocess env=", "subprocess", asked.site)
        yield Children(
            place=place,
            passed=tuple(handed.environment(_environment(asked), parent.at(asked.site))),
            launch=launch,
        )


def _environment(asked: Asked) -> ast.expr | None:
    named = asked.argument("env")
    if named is None and asked.names & {"os.execve", "os.execvpe", "os.posix_spawn", "os.posix_spawnp"}:
        return asked.argument("env", 2)
    if named is None and asked.names & {"os.execle", "os.execlpe"} and asked.call.args:
        return asked.call.args[-1]
    return named


def _launch(parent: Parent, asked: Asked, place: PlaceId) -> Launch | None:
    """The command that a call runs; None where its first word is not in view."""
    directory = next(iter(asked.texts("cwd")), "")
    text, words = _text(parent, asked), _words(parent, asked)
    if text is None and (not words or words[0].startswith(_NOT_KNOWN)):
        return None
    return Launch(
        place=place,
        text=text,
        words=None if text is not None else words,
        cwd=absolute(parent.ev.cwd, directory) if directory else parent.ev.cwd,
        layers=parent.program.modules.view.layers,
        span=asked.site.span,
    )


def _text(parent: Parent, asked: Asked) -> str | None:
    """The command line that a shell runs."""
    shell = asked.argument("shell")
    by_shell = shell is not None and Const(True) in parent.ev.values(shell, asked.scope)
    if not by_shell and not asked.names & _SHELLS:
        return None
    node = asked.argument("args", 0) or asked.argument("cmd", 0)
    for value in parent.ev.values(node, asked.scope) if node is not None else ():
        if isinstance(value, Const | Text):
            return _word(value)
    return None


def _words(parent: Parent, asked: Asked) -> tuple[str, ...]:
    """The words of a command that no shell reads."""
    scope, names = asked.scope, asked.names
    if names & _SPREAD:
        given = asked.call.args[asked.method.startswith("exec") :]
        given = given[:-1] if asked.method in ("execle", "execlpe") else given
        parts = [parent.ev.values(node, scope) for node in given if not isinstance(node, ast.Starred)]
        return tuple(_word(values[0]) if values else _NOT_KNOWN for values in parts)
    node = asked.argument("args", 1) if names & _VECTORS else asked.argument("args", 0)
    for value in parent.ev.values(node, scope) if node is not None else ():
        if isinstance(value, Items):
            return tuple(map(_word, value.values))
        if isinstance(value, Const):
            return (_word(value),)
    return ()


def _word(value: Value) -> str:
    match value:
        case Const(value=held):
            return str(held)
        case External(name="sys.executable"):
            return "python"
        case Text(parts=parts):
            return "".join(map(_word, parts))
    return _NOT_KNOWN


ENGINE = Engine(
    id="subprocess",
    title="subprocess",
    supports=("python >=3.10,<3.15",),
    inherits="everything that the calling process has, or nothing but what env= holds",
    frozen="the call",
    methods=frozenset(name.rpartition(".")[2] for name in _PROGRAMS),
    hops=_hops,
)
