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
    Setting,
    from_command,
    run_settings,
    subcommand,
)
from keyhop.compose.references import brought_in, is_compose_file, is_fragment, services
from keyhop.readers.reader import Desk
from keyhop.tree import Tree, join

NAMES = ("*compose*.yml", "*compose*.yaml")
_found: WeakKeyDictionary[Tree, tuple[Deployment, ...]] = WeakKeyDictionary()


def deployments(tree: Tree, desk: Desk) -> tuple[Deployment, ...]:
    """Every deployment of a project, no two of which give a service the same id."""
    if tree not in _found:
        _found[tree] = _with_ids(_distinct(_all(tree, desk)))
    return _found[tree]


def _all(tree: Tree, desk: Desk) -> Iterator[Deployment]:
    """The deployments by what they rest on, the surest first; the same files may come again."""
    for name, files in desk.deployments:
        if files and all(map(tree.has, files)) and any(is_compose_file(f, tree) for f in files):
            yield from _given(from_command(_files(files), "", tree, desk.shell, name=name))
    typed = tuple(_typed(tree, desk))
    paths = [path for path in tree.matching(*NAMES) if _is_own(path, tree)]
    directories = dict.fromkeys(path.rpartition("/")[0] for path in paths if _name(path) in DEFAULT_FILES)
    default = [d for directory in directories for d in _given(from_command((), directory, tree, desk.shell))]
    settings = tuple(s for d in typed for s in d.settings)
    combined = {path for d in (*typed, *default) for path in d.files[1:]}
    included = {each for path in paths for each in brought_in(path, tree)}
    yield from (replace(d, settings=_of(settings, d)) for d in default)
    yield from (d for d in typed if not d.settings)
    taken = {d.files[0] for d in (*default, *typed)} | combined | included
    for path in paths:
        if path not in taken and _name(path) not in OVERRIDES:
            base = _base_of(path, tree) if is_fragment(path, tree) else None
            yield from _given(from_command(_files((base, path) if base else (path,)), "", tree, desk.shell))


def _typed(tree: Tree, desk: Desk) -> Iterator[Deployment]:
    """The deployments that commands name by ``-f`` or ``--env-file``, and the settings of their runs."""
    for command in commands(tree):
        options, verb, rest = subcommand(command.arguments)
        settings = run_settings(rest, command.span) if verb == "run" else ()
        if not settings and not any(o.partition("=")[0] in ("-f", "--file", "--env-file") for o in options):
            continue
        found = _first_there(command, options, tree, desk)
        if found is not None:
            yield replace(found, settings=settings)


def _first_there(command: Typed, options: tuple[str, ...], tree: Tree, desk: Desk) -> Deployment | None:
    """In the first directory in which all files that it names are there."""
    for directory in command.directories:
        if tree.has_directory(directory):
            found = from_command(options, directory, tree, desk.shell)
            if found is not None and all(tree.has(f) and is_compose_file(f, tree) for f in found.files):
                return found
    return None


def _of(settings: Iterable[Setting], deployment: Deployment) -> tuple[Setting, ...]:
    """What runs set in services of a deployment. Other commands start these services too."""
    return tuple(replace(setting, certain=False) for setting in settings)


def _is_own(path: str, tree: Tree) -> bool:
    return _name(path) in DEFAULT_FILES or is_compose_file(path, tree)


def _base_of(path: str, tree: Tree) -> str | None:
    """The default file of the same directory, if it has the services that a fragment adds to."""
    directory = path.rpartition("/")[0]
    candidates = (join(directory, name) for name in DEFAULT_FILES)
    base = next((each for each in candidates if each and tree.has(each)), None)
    return base if base and services(base, tree) & services(path, tree) else None


def _distinct(found: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """One deployment for each set of files and env files; the first keeps its name."""
    kept: dict[tuple[tuple[str, ...], tuple[str, ...], str], Deployment] = {}
    for each in found:
        kept.setdefault((each.files, each.env_files, each.directory), each)
    return tuple(kept.values())


def _with_ids(found: tuple[Deployment, ...]) -> tuple[Deployment, ...]:
    """A file alone is named by itself, a combination by the file that makes it differ from others."""
    taken: set[str] = set()
    named: dict[int, str] = {}
    for deployment in sorted(found, key=lambda d: len(d.files) > 1):
        default = _name(deployment.files[0]) in DEFAULT_FILES and _name(deployment.files[-1]) in OVERRIDES
        own = (*reversed(deployment.files[1:]), *deployment.env_files)
        first = deployment.files[:1] if default or len(deployment.files) == 1 else ()
        choice = next((file for file in (*first, *own, deployment.files[0]) if file not in taken), None)
        if choice is not None:
            taken.add(choice)
            named[id(deployment)] = choice
    return tuple(replace(d, id_file=named[id(d)]) for d in found if id(d) in named)


def _files(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for path in paths for word in ("-f", path))


def _given(deployment: Deployment | None) -> Iterator[Deployment]:
    if deployment is not None:
        yield deployment


def _name(path: str) -> str:
    return path.rpartition("/")[2]
