"""``. ./.env`` in bash and dash, with ``set -a`` and without: the file is a script.

What a command of the file would do is not guessed. Positional parameters are taken as unset.
"""

from __future__ import annotations

import re
from itertools import takewhile

from keyhop.records import dataclass
from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import Content, Draft
from keyhop.text.dotenv_shell import AndOr, Assignment, Compound, Pipeline, Script, Simple
from keyhop.text.dotenv_shell_words import NAME, Computed, Mistake, Parameter, Piece, Text, Word

_OWN = re.compile(
    r"BASH[A-Z_]*|COLUMNS|EPOCH[A-Z]+|E?UID|GROUPS|HOST(?:NAME|TYPE)|IFS|LINENO|LINES|MACHTYPE|OLDPWD|OPTIND|OSTYPE"
    r"|PPID|PWD|S?RANDOM|SECONDS|SHLVL"
)
"""Variables that the shell sets by itself."""
_NO_SUBSTITUTION = "a substitution is not valid"
_HOME = "it is in a home directory"
_MAYBE = "it depends on a command that would have to run"

_DECLARE = ("export", "readonly")
_SPECIAL = frozenset((*_DECLARE, ":", ".", "eval", "exec", "set", "shift", "times", "trap", "unset"))
"""Builtins that keep the variables set right before them, and whose failed redirection ends dash."""


class _Unknown(Exception):
    """The value would be known only to the running shell."""


class _Unset(Exception):
    """``${NAME:?}``: the shell stops."""


class _Substitution(Exception):
    """``${…}`` is not one; bash skips the command, dash stops."""


class _Stop(Exception):
    def __init__(self, why: str, at: int, *, error: bool) -> None:
        super().__init__(why)
        self.at = at
        self.error = error


@dataclass(frozen=True)
class _Sourced:
    bash: bool
    exports: bool = True
    """After ``set -a``: every variable that is set is exported."""

    def __call__(self, data: bytes, outside: Outside) -> File:
        content = Content(data, bom=True, drop="\0")
        draft = Draft(content, outside)
        script = Script(content.text, bash=self.bash)
        run = _Run(draft, outside, bash=self.bash, exports=self.exports)
        try:
            while (line := script.line()) is not None:
                run.commands(line, sure=True)
        except Mistake as mistake:
            why = str(mistake)
            return draft.cut(why, mistake.at) if self.bash else draft.refused(why, mistake.at)
        except _Stop as stop:
            return draft.refused(str(stop), stop.at) if stop.error else draft.cut(str(stop), stop.at)
        return draft.file()


class _Run:
    """The variables while the script runs. None is a value that is not known."""

    def __init__(self, draft: Draft, outside: Outside, *, bash: bool, exports: bool) -> None:
        self._draft = draft
        self._outside = outside
        self._bash = bash
        self._all = exports
        self._set: dict[str, str | None] = {}
        self._gone: set[str] = set()
        self._exported = set(outside.names())
        self._fixed: set[str] = set()
        self._arrays: set[str] = set()
        self._left = False
        """The file may have been left already."""
        self._place = (0, 0, True)
        """Where the command that runs begins and ends, and whether it runs for sure."""

    def commands(self, lists: tuple[AndOr, ...], *, sure: bool) -> bool | None:
        """Runs them; the status of the last: True is success, None is not known."""
        status: bool | None = True
        for each in lists:
            status = True
            for connector, pipeline in each.items:
                if each.background or (connector and status is (connector == "||")):
                    continue
                certain = sure and (not connector or status is not None)
                after = self._pipeline(pipeline, sure=certain)
                status = after if certain or after is status else None
        return status

    def _pipeline(self, pipeline: Pipeline, *, sure: bool) -> bool | None:
        if len(pipeline.commands) > 1:
            return None
        if not pipeline.commands:
            return False
        status: bool | None
        match pipeline.commands[0]:
            case Simple() as simple:
                status = self._simple(simple, sure=sure and not self._left)
            case Compound(kind="elsewhere"):
                return None
            case Compound(kind=kind, body=body):
                status = self.commands(body, sure=sure and kind == "group")
                status = status if kind == "group" else None
        return status if not pipeline.negated or status is None else not status

    def _simple(self, simple: Simple, *, sure: bool) -> bool | None:
        self._place = (simple.start, simple.end, sure)
        if not simple.words:
            may_fail = simple.redirected and not self._bash
            for each in simple.assignments:
                self._assign(each, each.start, sure=sure and not may_fail, exports=self._all)
            return None if simple.redirected else True
        if not self._expandable(simple, sure=sure):
            return None
        first = simple.words[0]
        command = first.static if isinstance(first, Word) else None
        arguments = simple.words[1:]
        special = not self._bash and command in _SPECIAL
        sure = sure and not simple.redirected
        if special and command not in _DECLARE:
            for each in simple.assignments:
                self._assign(each, each.start, sure=sure, exports=self._all)
        self._left = self._left or (special and simple.redirected)
        match command:
            case "export" | "readonly" | "declare" | "typeset" | "local":
                self._declare(command, arguments, simple, sure=sure)
            case "unset":
                self._unset(arguments, simple, sure=sure)
            case "set":
                self._options(arguments)
            case "return" | "exit":
                if sure:
                    raise _Stop(f"it ends with {command}", simple.start, error=command == "exit")
                self._left = True
            case "." | "source" | "eval" | "read" | "printf" | "mapfile" | "readarray" | "getopts" | "let" | None:
                why = f"{command or 'a command'} may set variables"
                if command != "printf" or any(isinstance(a, Word) and a.static == "-v" for a in arguments):
                    self._draft.blind(simple.start, simple.end, why)
            case _:
                return {"true": True, ":": True, "echo": True, "false": False}.get(command)
        return True if sure and command in ("export", "unset", "set") else None

    def _expandable(self, simple: Simple, *, sure: bool) -> bool:
        """Whether the shell gets past the words of a command."""
        try:
            for each in (*simple.words, *simple.assignments):
                word = each.value if isinstance(each, Assignment) else each
                self._expanded(word.pieces if word else ())
        except _Unknown:
            return True
        except _Substitution:
            if not self._bash and sure:
                raise _Stop(_NO_SUBSTITUTION, simple.start, error=True) from None
            return False
        except _Unset as error:
            self._missing(error, simple.start, sure=sure)
            return False
        return True

    def _missing(self, error: _Unset, start: int, *, sure: bool) -> None:
        if sure:
            raise _Stop(str(error), start, error=True)
        self._left = True

    def _options(self, arguments: tuple[Word | Assignment, ...]) -> None:
        words = [w.static or "" for w in arguments if isinstance(w, Word)]
        for word, following in zip(words, (*words, "")[1:], strict=True):
            if word[:1] in ("-", "+") and ("a" in word[1:] or (word[1:] == "o" and following == "allexport")):
                self._all = word[0] == "-"

    def _declare(self, command: str, arguments: tuple[Word | Assignment, ...], simple: Simple, *, sure: bool) -> None:
        options = [a.static for a in takewhile(_is_option, arguments) if isinstance(a, Word) and a.static]
        arguments = arguments[len(options) :]
        exports = command == "export" or any("x" in o for o in options)
        named = [a.static for a in arguments if isinstance(a, Word)]
        for before in simple.assignments:
            if before.name in named or not self._bash:
                named_too = exports and before.name in named
                self._assign(before, simple.start, sure=sure, exports=named_too or self._all)
        if any("n" in o or "f" in o or "p" in o for o in options):
            return
        for each in arguments:
            name = each.name if isinstance(each, Assignment) else each.static
            if isinstance(each, Assignment):
                self._assign(each, simple.start, sure=sure, exports=exports or self._all)
            elif name is None:
                self._draft.blind(each.start, each.end, "a name is not known before it runs")
                continue
            elif not NAME.fullmatch(name):
                if not self._bash and sure:
                    raise _Stop("a name is not valid", each.start, error=True)
                continue
            elif exports and name not in self._exported and name in self._set:
                self._emit(name, self._set[name], each.start, each.start, each.end, sure=sure)
            if exports and name:
                self._exported.add(name)
            if command == "readonly" and name:
                self._fixed.add(name)

    def _unset(self, arguments: tuple[Word | Assignment, ...], simple: Simple, *, sure: bool) -> None:
        for each in arguments:
            name = each.static if isinstance(each, Word) else None
            if name is None or not NAME.fullmatch(name) or name in self._fixed:
                continue
            self._set.pop(name, None)
            self._arrays.discard(name)
            if sure:
                self._gone.add(name)
                self._draft.add(name, None, simple.start, simple.end, simple.end)
            else:
                self._set[name] = None
                self._draft.add(name, None, simple.start, simple.end, simple.end, unknown=_MAYBE)
            self._exported.discard(name)

    def _assign(self, each: Assignment, start: int, *, sure: bool, exports: bool) -> None:
        if each.name in self._fixed:
            if not self._bash and sure:
                raise _Stop("a readonly variable is set", each.start, error=True)
            return
        unknown, value = "" if sure else _MAYBE, None
        try:
            value = self._value(each)
        except _Unknown as error:
            unknown = unknown or str(error)
        except _Substitution:
            if not self._bash and sure:
                raise _Stop(_NO_SUBSTITUTION, each.start, error=True) from None
            return
        except _Unset as error:
            self._missing(error, each.start, sure=sure)
            return
        if each.value is None or each.name in self._arrays:
            self._array(each, start, sure=sure)
            return
        self._gone.discard(each.name)
        self._set[each.name] = None if unknown else value
        if exports or each.name in self._exported:
            self._exported.add(each.name)
            self._emit(each.name, value, start, each.value.start, each.end, sure=sure, unknown=unknown)

    def _array(self, each: Assignment, start: int, *, sure: bool) -> None:
        """An array is in no environment, whatever its name held before."""
        self._set[each.name] = None
        self._arrays.add(each.name)
        if each.name in self._exported:
            self._draft.add(each.name, None, start, each.end, each.end, unknown="" if sure else _MAYBE)

    def _emit(
        self, name: str, value: str | None, start: int, written: int, end: int, *, sure: bool, unknown: str = ""
    ) -> None:
        unknown = unknown or ("" if sure and value is not None else _MAYBE)
        self._draft.add(name, None if unknown else value, start, written, end, unknown=unknown)

    def _value(self, each: Assignment) -> str:
        if each.value is None:
            return ""
        value = self._expanded(self._home(each.value.pieces))
        if not each.appends:
            return value
        before = self._look(each.name)
        return (before or "") + value

    def _home(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """With ``~`` resolved where it begins the value or follows a colon."""
        found: list[Piece] = []
        for i, piece in enumerate(pieces):
            if not isinstance(piece, Text) or piece.quoted or "~" not in piece.text:
                found.append(piece)
                continue
            parts = piece.text.split(":")
            for j, part in enumerate(parts):
                if j:
                    found.append(Text(":"))
                user, slash, rest = part.partition("/")
                last = j == len(parts) - 1 and i < len(pieces) - 1 and not slash
                if not part.startswith("~") or (j == 0 and i > 0) or last:
                    found.append(Text(part))
                elif user == "~":
                    home = self._look("HOME")
                    found.append(Computed(_HOME) if home is None else Text(home))
                    found.append(Text(slash + rest))
                else:
                    found.append(Computed(_HOME))
        return tuple(found)

    def _look(self, name: str) -> str | None:
        if name in self._set:
            value = self._set[name]
            if value is None:
                raise _Unknown(_MAYBE)
            return value
        if name in self._gone:
            return None
        found = self._outside.get(name)
        if found is None and _OWN.fullmatch(name):
            raise _Unknown("the shell sets it by itself")
        return found

    def _expanded(self, pieces: tuple[Piece, ...]) -> str:
        out: list[str] = []
        for piece in pieces:
            match piece:
                case Text(text=text):
                    out.append(text)
                case Computed(why=why):
                    raise _Unknown(why)
                case Parameter():
                    out.append(self._parameter(piece))
        return "".join(out)

    def _parameter(self, parameter: Parameter) -> str:
        name = parameter.name
        if name is None:
            raise _Substitution
        if name in ("$", "?", "-", "0", "#"):
            raise _Unknown("the shell sets it by itself")
        found = self._look(name) if NAME.fullmatch(name) else None
        counts = bool(found) if parameter.operator.startswith(":") else found is not None
        match parameter.operator[-1:]:
            case "-" if not counts:
                return self._expanded(parameter.operand)
            case "=" if not counts:
                value = self._expanded(parameter.operand)
                if not NAME.fullmatch(name):
                    raise _Substitution
                self._set[name] = value
                if self._all or name in self._exported:
                    start, end, sure = self._place
                    self._emit(name, value, start, end, end, sure=sure)
                return value
            case "+":
                return self._expanded(parameter.operand) if counts else ""
            case "?" if not counts:
                raise _Unset(f"required variable {name} is not set")
        return found or ""


def _is_option(argument: Word | Assignment) -> bool:
    text = (argument.static or "") if isinstance(argument, Word) else ""
    return text[:1] == "-" and len(text) > 1


DIALECTS = (
    Dialect(id="bash", title="set -a; . ./.env in bash", measured="bash 5.2", parse=_Sourced(bash=True)),
    Dialect(
        id="bash-noexport",
        title=". ./.env in bash, without set -a",
        measured="bash 5.2",
        parse=_Sourced(bash=True, exports=False),
    ),
    Dialect(id="dash", title="set -a; . ./.env in dash", measured="dash 0.5.12", parse=_Sourced(bash=False)),
    Dialect(
        id="dash-noexport",
        title=". ./.env in dash, without set -a",
        measured="dash 0.5.12",
        parse=_Sourced(bash=False, exports=False),
    ),
)
