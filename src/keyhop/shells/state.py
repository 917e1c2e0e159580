"""What a shell knows while its script is followed."""

from __future__ import annotations

from dataclasses import field, replace

from keyhop.facts import Condition, PlaceId
from keyhop.records import dataclass
from keyhop.text.expansion import Pieces, Plain, Reference, inline, plain
from keyhop.text.shell_tree import Node, Word

DEEPEST = 12
"""Scripts that start each other deeper are not followed."""


@dataclass(slots=True, kw_only=True)
class State:
    """The variables, parameters and directory of one shell. Two shells share none."""

    cwd: str
    variables: dict[str, Pieces] = field(default_factory=dict, repr=False)
    exported: set[str] = field(default_factory=set)
    parameters: tuple[Pieces, ...] | None = field(default=None, repr=False)
    """``$1`` and on; None: not known."""
    name: str = ""
    """``$0``."""
    all_exported: bool = False
    functions: dict[str, Node] = field(default_factory=dict)
    sourced: list[tuple[PlaceId, str]] = field(default_factory=list)
    """Env files read without exporting, each with its dialect."""
    given: Condition | None = None
    ended: bool = False
    """Nothing more is run: the shell has left, or is another program by now."""
    shell: str = "sh"
    role: str = ""
    depth: int = 0
    output: str | None = None
    """The file that a group of commands writes."""

    def child(self, cwd: str | None = None) -> State:
        """A shell or program that this one starts: it gets what is exported."""
        passed = {name: value for name, value in self.variables.items() if name in self.exported}
        return State(
            cwd=cwd or self.cwd,
            variables=passed,
            exported=set(passed),
            given=self.given,
            role=self.role,
            depth=self.depth + 1,
        )

    def twin(self) -> State:
        """A subshell: it knows all of this one, and this one will know nothing of it."""
        return replace(
            self,
            variables=dict(self.variables),
            exported=set(self.exported),
            functions=dict(self.functions),
            sourced=list(self.sourced),
        )

    @property
    def known(self) -> dict[str, str]:
        """Exported variables of which the text is known."""
        texts = ((name, plain(self.variables[name])) for name in self.exported if name in self.variables)
        return {name: text for name, text in texts if text is not None}

    def resolve(self, pieces: Pieces) -> Pieces:
        """The word with all that the shell knows written out."""
        known = dict(self.variables)
        known["0"] = (Plain(self.name),)
        if self.parameters is not None:
            known.update((str(n), value) for n, value in enumerate(self.parameters, start=1))
            known.update((str(n), ()) for n in range(len(self.parameters) + 1, 10))
            known["#"] = (Plain(str(len(self.parameters))),)
        return inline(pieces, known)

    def expand(self, word: Word) -> list[Pieces]:
        """The words that a word becomes: none, one, or all parameters."""
        written = word.pieces
        bare = tuple(p for p in written if not isinstance(p, Plain) or p.text)
        if len(bare) == 1 and isinstance(bare[0], Reference):
            reference = bare[0]
            if reference.name in ("@", "*") and self.parameters is not None:
                return list(self.parameters)
            resolved = self.resolve(bare)
            text = plain(resolved)
            if not reference.quoted and text is not None:
                return [(Plain(part),) for part in text.split()]
            return [resolved]
        resolved = self.resolve(written)
        return [resolved] if resolved or any(p.quoted for p in written) else []


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """What holds where both do; None: always."""
    if first is None or second is None:
        return first or second
    holds: bool | None = None
    if first.holds is False or second.holds is False:
        holds = False
    elif first.holds and second.holds:
        holds = True
    return Condition(text=f"{first.text} and {second.text}", holds=holds)


def negated(condition: Condition) -> Condition:
    holds = None if condition.holds is None else not condition.holds
    return Condition(text=f"not {condition.text}", holds=holds)
