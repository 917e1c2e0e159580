"""The commands that a project's documents, scripts and Makefiles tell people to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from weakref import WeakKeyDictionary

from keyhop.records import dataclass
from keyhop.shells.state import State
from keyhop.span import Source, Span, Undecodable
from keyhop.text.expansion import Pieces, likely
from keyhop.text.makefile import parse as parse_makefile
from keyhop.text.shell import parse
from keyhop.text.shell_tree import Simple, commands
from keyhop.tree import Tree, join

_PROSE = ("*.md", "*.rst", "*.mdx")
_SCRIPTS = ("*.sh", "*.bash")
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile", "*.mk")
_RECIPES = ("justfile", "Justfile", ".justfile", "*.just")
DOCUMENTS = (*_PROSE, *_SCRIPTS, *_MAKEFILES, *_RECIPES)
_DEEPEST = 3
"""Directories deep; what lies deeper is no guide to the project as a whole."""
_GUIDE = re.compile(
    r"^[^/]+$|(?:^|/)(?:readme|contributing|install|setup|quick.?start|deploy|docker|development|usage|run)[^/]*$|^docs?/",
    re.I,
)
"""Prose that tells how to run the project, and no text that it works on."""
_FENCE = re.compile(r"^([ \t]*)(```+|~~~+)[ \t]*([\w.+-]*)[^\n]*\n(.*?)^[ \t]*\2", re.M | re.S)
_SHELLS = frozenset(
    {"", "sh", "bash", "shell", "zsh", "console", "terminal", "shellsession", "shell-session", "text"}
)
_PROMPT = re.compile(r"^[ \t]*(?:\$|>|%|#(?=[ \t]+(?:docker|python|uv)\b))[ \t]", re.M)
_INDENTED = re.compile(r"^(?:    |\t)[^\n]*(?:\n|$)", re.M)
_RECIPE = re.compile(r"^[ \t]+@?(\S[^\n]*)$", re.M)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One command that somebody is told to type, or that a script runs."""

    source: Source
    node: Simple = field(repr=False)
    words: tuple[Pieces, ...] = field(repr=False)
    """With the variables that the document itself sets written out."""
    directories: tuple[str, ...]
    """Where it may be typed, relative to the project's root, the likeliest first."""
    span: Span

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(map(likely, self.words))


_found: WeakKeyDictionary[Tree, dict[str, tuple[Typed, ...]]] = WeakKeyDictionary()


def typed(tree: Tree) -> Iterator[Typed]:
    """Every command of every document, in the order of the project's files."""
    for found in _by_path(tree).values():
        yield from found


def typed_in(source: Source, tree: Tree) -> tuple[Typed, ...]:
    """The commands of one document."""
    return _by_path(tree).get(source.path, ())


def _by_path(tree: Tree) -> dict[str, tuple[Typed, ...]]:
    known = _found.get(tree)
    if known is None:
        found: dict[str, list[Typed]] = {}
        for each in _all(tree):
            found.setdefault(each.source.path, []).append(each)
        known = _found[tree] = {path: tuple(commands) for path, commands in found.items()}
    return known


def is_makefile(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(".mk") or "akefile" in name


def _is_guide(path: str) -> bool:
    return path.count("/") <= _DEEPEST and (
        not path.lower().endswith((".md", ".mdx", ".rst")) or bool(_GUIDE.search(path))
    )


def _all(tree: Tree) -> Iterator[Typed]:
    for path in tree.matching(*DOCUMENTS):
        source = tree.source(path) if _is_guide(path) else None
        try:
            text = source.text if source else ""
        except Undecodable:
            continue
        if source is not None and text:
            entered = ""
            for start, block in _blocks(path, text):
                for each in _commands(block, source, start, entered, tree):
                    entered = each.directories[0]
                    yield each


def _blocks(path: str, text: str) -> Iterator[tuple[int, str]]:
    """The stretches of a document that are for a shell, each with the offset of its start."""
    name = path.rpartition("/")[2]
    if name.endswith((".sh", ".bash")):
        yield 0, text
    elif name.lower().endswith((".md", ".mdx", ".rst")):
        for fence in _FENCE.finditer(text):
            if fence[3].lower() in _SHELLS:
                yield fence.start(4), _PROMPT.sub(lambda m: _blank(m.group()), fence[4]).replace("\r", " ")
        if name.endswith(".rst"):
            lines = text.replace("\r", " ").splitlines(keepends=True)
            yield 0, "".join(line if _INDENTED.fullmatch(line) else _blank(line) for line in lines)
    elif is_makefile(path):
        for rule in parse_makefile(text).rules.values():
            for line in rule.lines:
                yield line.start, _recipe(text[line.start : line.end])
    else:
        for recipe in _RECIPE.finditer(text):
            yield recipe.start(1), recipe[1].replace("\r", " ")


def _recipe(line: str) -> str:
    """A line of a Makefile's recipe as its shell gets it, as long as it is in the file."""
    bare = line.lstrip("@-+ \t")
    shell = re.sub(r"\$\((\w+)\)", r"${\1}", bare.replace("$$", "$").replace("\r", " "))
    return (" " * (len(line) - len(bare)) + shell).ljust(len(line))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _commands(text: str, source: Source, start: int, entered: str, tree: Tree) -> Iterator[Typed]:
    """The commands of the stretch at `start`; `entered` is where the stretch before it ended."""
    own = source.path.rpartition("/")[0]
    state = State(cwd=own)
    for node in commands(parse(text)):
        words = [each for word in node.words for each in state.expand(word)]
        for setting in node.settings if not words else ():
            state.variables[setting.name] = state.resolve(setting.value.pieces)
        if not words:
            continue
        if likely(words[0]) == "cd" and len(words) > 1:
            _enter(state, likely(words[1]), own, tree)
            continue
        yield Typed(
            source=source,
            node=node,
            words=tuple(words),
            directories=tuple(dict.fromkeys((state.cwd, own, entered, ""))),
            span=source.span(start + node.start, start + node.end),
        )


def _enter(state: State, path: str, own: str, tree: Tree) -> None:
    """``cd path``, as far as there is such a directory; a clone's own name is the root."""
    for base in (state.cwd, own, ""):
        found = join(base, path)
        if found is not None and tree.has_directory(found):
            state.cwd = found
            return
    if "dirname" in path or "$" in path:
        state.cwd = own
