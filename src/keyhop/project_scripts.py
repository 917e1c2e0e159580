"""The commands that a Python project names for itself: console scripts, and the tasks of its tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from posixpath import dirname
from typing import Any

from keyhop.paths import absolute
from keyhop.records import dataclass
from keyhop.span import Undecodable
from keyhop.text.toml import load, table
from keyhop.view import View

_TASKS = (
    ("tool", "pdm", "scripts"),
    ("tool", "rye", "scripts"),
    ("tool", "poe", "tasks"),
    ("tool", "taskipy", "tasks"),
    ("tool", "pixi", "tasks"),
    ("tool", "hatch", "envs", "default", "scripts"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a tool runs under a name of the project's."""

    commands: tuple[str, ...] = field(repr=False)
    """Each a line for a shell."""
    env_files: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProjectScripts:
    """A project's own commands, as a process sees its files from a directory."""

    view: View
    root: str
    """The directory of its pyproject.toml or setup.cfg."""
    tables: dict[str, Any] = field(repr=False)
    setup: dict[str, str] = field(repr=False)
    pipfile: dict[str, Any] = field(repr=False)

    @classmethod
    def seen_from(cls, view: View, directory: str) -> ProjectScripts:
        """The project that `directory` lies in."""
        root = next((above for above in _upwards(directory) if _is_root(view, above)), directory)
        return cls(
            view=view,
            root=root,
            tables=load(view.source(absolute(root, "pyproject.toml"))),
            setup=_setup_cfg(view, root),
            pipfile=load(view.source(absolute(root, "Pipfile"))),
        )

    def console(self, name: str) -> str | None:
        """``module:function`` of a console script."""
        for keys in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")):
            found = table(self.tables, *keys).get(name)
            if isinstance(found, dict):
                found = found.get("reference") or found.get("callable")
            if isinstance(found, str):
                return found.partition("[")[0].strip()
        return self.setup.get(name)

    def path(self, target: str) -> tuple[str, ...]:
        """Where the packages of the project are found besides its root."""
        package = target.partition(":")[0].partition(".")[0]
        source = absolute(self.root, "src")
        here = self.view.has_directory(f"{source}/{package}") or self.view.has(f"{source}/{package}.py")
        return (source, self.root) if here else (self.root,)

    def task(self, name: str) -> Task | None:
        """What a task runner of the project runs under that name."""
        shared: tuple[str, ...] = ()
        for keys in _TASKS:
            tasks = table(self.tables, *keys)
            shared = tuple(_strings(table(tasks, "_").get("env_file")))
            if name in tasks and name != "_":
                return _task(tasks[name], shared)
        environment, _, script = name.partition(":")
        scripts = table(self.tables, "tool", "hatch", "envs", environment, "scripts")
        if script in scripts:
            return _task(scripts[script], ())
        command = table(self.pipfile, "scripts").get(name)
        return _task(command, ()) if command is not None else None


def _upwards(directory: str) -> Iterator[str]:
    yield directory
    while directory not in ("/", ""):
        directory = dirname(directory)
        yield directory


def _is_root(view: View, directory: str) -> bool:
    return any(view.has(absolute(directory, name)) for name in ("pyproject.toml", "setup.cfg", "Pipfile"))


def _task(value: Any, env_files: tuple[str, ...]) -> Task:
    if not isinstance(value, dict):
        return Task(commands=tuple(_strings(value)), env_files=env_files)
    own = tuple(_strings(value.get("env_file") or value.get("envfile")))
    call = value.get("call") or value.get("script")
    commands = tuple(_strings(value.get("cmd") or value.get("shell")))
    if isinstance(call, str):
        module, _, function = call.partition(":")
        commands = (f"python -c 'from {module} import {function.partition('(')[0]}'",)
    if isinstance(value.get("cmd"), list):
        commands = (" ".join(commands),)
    return Task(commands=commands, env_files=(*env_files, *own))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        yield from _strings(value.get("cmd") or value.get("path"))


def _setup_cfg(view: View, root: str) -> dict[str, str]:
    source = view.source(absolute(root, "setup.cfg"))
    if source is None:
        return {}
    from configparser import ConfigParser, Error

    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(source.text)
        lines = parser.get("options.entry_points", "console_scripts", fallback="").splitlines()
    except (Error, Undecodable):
        return {}
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): target.strip() for name, equals, target in pairs if equals}
