"""Files that are not in the repository and that the project says will be there: ``.env`` above all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from keyhop.span import Span, Undecodable
from keyhop.tree import Tree, join

_TEMPLATE = re.compile(r"(?:^|[._-])(?:example|sample|template|dist|tpl|tmpl|default|defaults)(?:$|[._-])", re.I)
_ENV_FILE = re.compile(r"^(?:(?:.*\.)?env(?:[._-].*)?|dotenv[._-].*)$", re.I)
_WORDS = ("example", "sample", "template", "dist", "tpl", "tmpl", "defaults", "default")
_COPY = re.compile(r"\b(?:cp|copy|mv|Copy-Item)\s+(?:-\S+\s+)*(\S*env\S*)\s+(\S*env\S*)", re.I)
_DOCUMENTS = ("README*", "readme*", "CONTRIBUTING*", "INSTALL*", "SETUP*", "QUICKSTART*", "DEPLOY*", "*.md")
_ENV_PATH = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*\.env(?:\.[\w-]+)?)(?![\w/])")
_FOLDER = re.compile(r"(?<![\w/.-])(?:`([\w.-]+(?:/[\w.-]+)*/?)`|((?:[\w.-]+/)+)(?![\w.]))")
_NEAR = 1500
"""Characters between the mention of an env file and an assignment that is meant to stand in it."""
_PROMPT = r"^[ \t>$%`*-]*"
_EXPORT = re.compile(_PROMPT + r"(?:export\s+|setx?\s+|\$env:)([A-Z][A-Z0-9_]{2,})(?:\s*=|\s+\S)", re.M)
_BEFORE_COMMAND = re.compile(
    _PROMPT
    + r"""((?:[A-Z][A-Z0-9_]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s#"'`]*)[ \t]+(?:\\\n\s*)?)+)(?=[a-z./][\w./-]*[ \t])""",
    re.M,
)
_ASSIGNMENT = re.compile(_PROMPT + r"`?([A-Z][A-Z0-9_]{2,})`?\s*=", re.M)


def is_template(path: str) -> bool:
    """Whether a file is a template of an env file by its name: ``.env.example``, ``env.sample``."""
    name = path.rpartition("/")[2]
    return bool(_ENV_FILE.match(name) and _TEMPLATE.search(name))


def is_env_file(path: str) -> bool:
    """Whether a file is an env file by its name, and no template."""
    name = path.rpartition("/")[2]
    return bool(_ENV_FILE.match(name)) and not _TEMPLATE.search(name) and not name.endswith((".py", ".ts", ".js"))


class Promises:
    """Which absent files a project promises, and by what."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def templates(self, path: str) -> tuple[str, ...]:
        """The templates of the env file at `path`, nearest first: by name in its own directory, or by a copy
        command in a document or a script."""
        directory, _, name = path.rpartition("/")
        found = [t for t in self._by_directory.get(directory, ()) if _fits(t.rpartition("/")[2], name)]
        found += [t for t, target in self._copies if target == path and t not in found]
        return tuple(found)

    def promised(self, path: str) -> bool:
        """Whether the project says that this absent file will be made by its user."""
        return bool(self.templates(path)) or path in self._mentioned

    def instead(self, path: str) -> str | None:
        """The promised file of the same name in a directory above, where `path` itself is not promised."""
        directory, _, name = path.rpartition("/")
        while directory and not self.promised(path):
            directory = directory.rpartition("/")[0]
            other = f"{directory}/{name}" if directory else name
            if self.templates(other):
                return other
        return None

    def possible(self, path: str) -> bool:
        """Whether the project reckons with an env file there without saying so: ``.gitignore`` names it."""
        return is_env_file(path) and self._tree.ignores(path)

    def mentions(self, path: str) -> Iterator[tuple[str, Span]]:
        """Names that documents assign as in the env file at `path`: those that follow a mention of that file, and
        those that follow no mention of any, in a document of its directory or, where it is promised, of one above.
        """
        yield from self._assigned.get(path, ())
        directory = path.rpartition("/")[0]
        yield from self._assigned.get(f"{directory}/", ())
        while directory and self.promised(path):
            directory = directory.rpartition("/")[0]
            yield from self._assigned.get(f"{directory}/", ())

    def templated(self, name: str) -> bool:
        """Whether some template of the project has that name, so that its env file is the name's place."""
        return name in self._templated

    def exported(self) -> Iterator[tuple[str, Span]]:
        """Names that a document tells its reader to set in the shell: ``export A=…``, ``A=… command``."""
        yield from self._exported

    @cached_property
    def _by_directory(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._tree.paths:
            if is_template(path):
                found.setdefault(path.rpartition("/")[0], []).append(path)
        return found

    @cached_property
    def _templated(self) -> frozenset[str]:
        names: set[str] = set()
        for paths in self._by_directory.values():
            for source in map(self._tree.source, paths):
                if source is not None:
                    lines = source.data.decode("utf-8", "replace")
                    names.update(re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", lines, re.M))
        return frozenset(names)

    @cached_property
    def documents(self) -> tuple[tuple[str, str], ...]:
        """(path, text) of what tells people how the project is set up: documents, scripts, makefiles."""
        found = []
        for path in self._tree.matching(*_DOCUMENTS, "*.sh", "Makefile", "justfile", "Taskfile.yml"):
            source = self._tree.source(path) if path.count("/") <= 3 else None
            try:
                if source is not None:
                    found.append((path, source.text))
            except Undecodable:
                continue
        return tuple(found)

    @cached_property
    def _copies(self) -> tuple[tuple[str, str], ...]:
        """(template, env file) of each ``cp .env.example .env`` that names a file of the project."""
        found = []
        for path, text in self.documents:
            directory = path.rpartition("/")[0]
            for match in _COPY.finditer(text):
                source, target = (word.strip("`'\",;)") for word in match.groups())
                for base in dict.fromkeys((directory, "", *self._entered(text, match.start()))):
                    template, made = join(base, source), join(base, target)
                    if made is not None and made.endswith("/"):
                        made += template.rpartition("/")[2] if template else ""
                    if template and made and self._tree.has(template) and template != made:
                        found.append((template, made))
        return tuple(dict.fromkeys(found))

    def _entered(self, text: str, before: int) -> Iterator[str]:
        """The directory that the last ``cd`` of the same block of text entered."""
        block = text[max(0, before - 400) : before]
        for match in reversed(list(re.finditer(r"\bcd\s+([\w./-]+)", block))):
            yield match.group(1).strip("/.") or ""
            return

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """Env files that a document tells its reader to make, by path."""
        return frozenset(file for mentions in self._mentions.values() for _, files in mentions for file in files)

    @cached_property
    def _mentions(self) -> dict[str, list[tuple[int, frozenset[str]]]]:
        """Where each document mentions which env files.

        The directory is the one that the same line names, else the one that a ``cd`` before it entered, else
        the document's own.
        """
        found: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for path, text in self.documents:
            directory = path.rpartition("/")[0]
            for match in _ENV_PATH.finditer(text):
                if is_template(match.group(1)):
                    continue
                made = {join(base, match.group(1)) for base in self._bases(directory, text, match)}
                found.setdefault(path, []).append((match.start(), frozenset(file for file in made if file)))
        return found

    def _bases(self, directory: str, text: str, match: re.Match[str]) -> Iterator[str]:
        if "/" in match.group(1):
            yield from {directory, ""}
            return
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        line = text[start : len(text) if end < 0 else end]
        named = [join(directory, word.strip("/.") or ".") for pair in _FOLDER.findall(line) for word in pair]
        folders = [folder for folder in named if folder and self._tree.has_directory(folder)]
        entered = [base for base in self._entered(text, match.start()) if self._tree.has_directory(base)]
        yield from folders or entered or [directory]

    @cached_property
    def _assigned(self) -> dict[str, list[tuple[str, Span]]]:
        """Names that documents assign, by the env file they follow a mention of, else by ``directory/``."""
        found: dict[str, list[tuple[str, Span]]] = {}
        for path, text in self.documents:
            source = self._tree.source(path)
            if source is None or not _is_prose(path):
                continue
            for match in _ASSIGNMENT.finditer(text):
                if _BEFORE_COMMAND.match(text, match.start()):
                    continue
                near = (f for at, f in self._mentions.get(path, ()) if 0 < match.start() - at < _NEAR)
                files = next(reversed([*near]), None) or {path.rpartition("/")[0] + "/"}
                for file in files:
                    span = source.span(match.start(1), match.end(1))
                    found.setdefault(file, []).append((match.group(1), span))
        return found

    @cached_property
    def _exported(self) -> tuple[tuple[str, Span], ...]:
        found = []
        for path, text in self.documents:
            source = self._tree.source(path)
            if source is None or not _is_prose(path):
                continue
            for match in _EXPORT.finditer(text):
                found.append((match.group(1), source.span(match.start(1), match.end(1))))
            for match in _BEFORE_COMMAND.finditer(text):
                for name in re.finditer(r"([A-Za-z_]\w*)=", match.group(1)):
                    start = match.start(1) + name.start()
                    found.append((name.group(1), source.span(start, start + len(name.group(1)))))
        return tuple(found)


def _is_prose(path: str) -> bool:
    return path.lower().endswith((".md", ".rst", ".txt", ".adoc", "readme"))


def _fits(template: str, name: str) -> bool:
    """``.env.example`` fits ``.env``; ``.env.prod.example`` and ``prod.env.sample`` fit their own file first."""
    bare = re.sub(rf"[._-]?(?:{'|'.join(_WORDS)})(?=$|[._-])", "", template, flags=re.I).lower()
    wanted = name.lower()
    return bare in (wanted, wanted.lstrip(".")) or (bare in ("env", "") and wanted == ".env")
