"""Which deployments a project has: its Compose files, and the combinations that its commands name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from keyhop.compose.commands import Typed, commands
from keyhop.compose.deployment import (
    DEFAULT_FILES,
    OVERRIDES,
    Deployment,
    from_command,
    run_settings,
    subcommand,
)
from keyhop.compose.references import extended, included, is_compose_file, is_fragment, services
from keyhop.readers.reader import Desk
from keyhop.tree import Tree, join

NAMES = ("*compose*.yml", "*compose*.yaml")
_found: WeakKeyDictionary[Tree, tuple[Desk, tuple[Deployment, ...]]] = WeakKeyDictionary()


def deployments(tree: Tree, desk: Desk) -> tuple[Deployment, ...]:
    """Every deployment of a project, no two of which give a service the same id."""
    known = _found.get(tree)
    if known is None or known[0] is not desk:
        known = _found[tree] = (desk, _with_ids(_distinct(_all(tree, desk)), tree))
    return known[1]


def _all(tree: Tree, desk: Desk) -> Iterator[Deployment]:
    """The deployments by what they rest on, the surest first; the same files may come again."""
    for name, files in desk.deployments:
        if files and all(map(tree.has, files)) and any(is_compose_file(f, tree) for f in files):
            yield from _given(from_command(_files(files), "", tree, desk, name=name))
    typed = tuple(_typed(tree, desk))
    paths = [path for path in tree.matching(*NAMES) if _is_own(path, tree)]
    parts = _included(paths, tree)
    own = (path for path in paths if _name(path) in DEFAULT_FILES and path not in parts)
    directories = dict.fromkeys(path.rpartition("/")[0] for path in own)
    default = [d for directory in directories for d in _given(from_command((), directory, tree, desk))]
    combined = {path for d in (*typed, *default) for path in d.files[1:]}
    bases = {each for path in paths for each in extended(path, tree) if _name(each) not in DEFAULT_FILES}
    yield from default
    yield from typed
    taken = {d.files[0] for d in (*default, *typed)} | combined | parts | bases
    for path in paths:
        if path not in taken and _name(path) not in OVERRIDES:
            base = _base_of(path, tree) if is_fragment(path, tree) else None
            yield from _given(from_command(_files((base, path) if base else (path,)), "", tree, desk))


def _typed(tree: Tree, desk: Desk) -> Iterator[Deployment]:
    """The deployments that commands name by ``-f`` or ``--env-file``, and the settings of their runs."""
    for command in commands(tree):
        options, verb, rest = subcommand(command.arguments)
        settings = run_settings(rest, command.span) if verb == "run" else ()
        if not settings and not any(o.partition("=")[0] in ("-f", "--file", "--env-file") for o in options):
            continue
        found = _first_there(command, options, tree, desk)
        if found is not None:
            yield replace(found, settings=tuple(replace(each, certain=False) for each in settings))


def _first_there(command: Typed, options: tuple[str, ...], tree: Tree, desk: Desk) -> Deployment | None:
    """In the first directory in which all files that it names are there."""
    for directory in command.directories:
        if tree.has_directory(directory):
            found = from_command(options, directory, tree, desk)
            if found is not None and all(tree.has(f) and is_compose_file(f, tree) for f in found.files):
                return found
    return None


def _included(paths: list[str], tree: Tree) -> set[str]:
    """The files that are part of another; of two that include each other the upper one is the whole."""
    found: set[str] = set()
    for path in sorted(paths, key=lambda p: p.count("/")):
        if path not in found:
            found.update(set(included(path, tree)) - {path})
    return found


def _is_own(path: str, tree: Tree) -> bool:
    return _name(path) in DEFAULT_FILES or is_compose_file(path, tree)


def _base_of(path: str, tree: Tree) -> str | None:
    """The default file of the same directory, if it has the services that a fragment adds to."""
    directory = path.rpartition("/")[0]
    candidates = (join(directory, name) for name in DEFAULT_FILES)
    base = next((each for each in candidates if each and tree.has(each)), None)
    return base if base and services(base, tree) & services(path, tree) else None


def _distinct(found: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """One deployment for each set of files and env files, with what all its runs set; the first keeps its name."""
    kept: dict[tuple[tuple[str, ...], tuple[str, ...], str], Deployment] = {}
    for each in found:
        first = kept.setdefault((each.files, each.env_files, each.directory), each)
        if first is not each:
            first = replace(first, settings=(*first.settings, *each.settings))
            kept[each.files, each.env_files, each.directory] = first
    return tuple(kept.values())


def _with_ids(found: tuple[Deployment, ...], tree: Tree) -> tuple[Deployment, ...]:
    """A file alone is named by itself, a combination by the file that makes it differ from others."""
    taken: set[str] = set()
    named: dict[int, Deployment] = {}
    for deployment in sorted(found, key=lambda d: len(d.files) > 1):
        choice = next((file for file in _ids(deployment) if file not in taken), None)
        if choice is not None:
            taken.add(choice)
            parts = _closure(deployment.files, tree) - taken
            taken |= parts
            named[id(deployment)] = replace(deployment, id_file=choice, parts=parts)
    return tuple(named[id(d)] for d in found if id(d) in named)


def _ids(deployment: Deployment) -> Iterator[str]:
    """The files that may stand in the ids of a deployment's services, the most telling first."""
    default = _name(deployment.files[0]) in DEFAULT_FILES and _name(deployment.files[-1]) in OVERRIDES
    if default or len(deployment.files) == 1:
        yield deployment.files[0]
    yield from reversed(deployment.files[1:])
    yield from deployment.env_files
    yield deployment.files[0]


def _closure(files: Iterable[str], tree: Tree) -> frozenset[str]:
    """The files that some files include, and those that these include."""
    todo, found = list(files), set[str]()
    while todo:
        new = set(included(todo.pop(), tree)) - found
        found |= new
        todo += new
    return frozenset(found - set(files))


def _files(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for path in paths for word in ("-f", path))


def _given(deployment: Deployment | None) -> Iterator[Deployment]:
    if deployment is not None:
        yield deployment


def _name(path: str) -> str:
    return path.rpartition("/")[2]
