"""Django: the settings module that a process names, and what it makes Django import."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keyhop.launch import Entry
from keyhop.launch import Program as Started
from keyhop.python.modules import Module
from keyhop.python.program import Program
from keyhop.python.scopes import Kind
from keyhop.python.values import Const, Items

_OF_AN_APPLICATION = ("", "apps", "models", "signals")
_WEB = (Started.APPLICATION, Started.SCRIPT)


def start(program: Program, entries: Sequence[Entry]) -> None:
    """Import what Django imports when it is set up, and run the management command that is asked for."""
    for module in list(_settings(program)):
        program.start(module)
        applications = list(_texts(program, module, "INSTALLED_APPS"))
        for application in applications:
            for part in _OF_AN_APPLICATION:
                program.start(program.modules.find(f"{application}.{part}" if part else application))
        for entry in entries:
            if entry.program in _WEB and _serves(entry):
                for dotted in _texts(program, module, "ROOT_URLCONF"):
                    program.start(program.modules.find(dotted))
            for command in entry.arguments[:1] if entry.program is Started.SCRIPT else ():
                for application in applications:
                    _command(program, f"{application}.management.commands.{command}")


def _serves(entry: Entry) -> bool:
    return entry.program is Started.APPLICATION or entry.arguments[:1] == ("runserver",)


def _settings(program: Program) -> Iterator[Module]:
    """The modules that the code names as ``DJANGO_SETTINGS_MODULE``."""
    for site in list(program.sites(Kind.CALL, Kind.STORE)):
        value = site.value
        match site.node:
            case ast.Call(args=[ast.Constant(value="DJANGO_SETTINGS_MODULE"), value]):
                pass
            case ast.Subscript(slice=ast.Constant(value="DJANGO_SETTINGS_MODULE")):
                pass
            case _:
                continue
        for found in program.ev.values(value, site.scope) if value is not None else ():
            if isinstance(found, Const) and isinstance(found.value, str):
                module = program.modules.find(found.value, program.modules.of(site.scope))
                if module is not None:
                    yield module


def _texts(program: Program, module: Module, name: str) -> Iterator[str]:
    """The texts that a settings module gives a setting, also through ``from .base import *``."""
    body = module.body
    if body is None:
        return
    for value in program.ev.values(ast.copy_location(ast.Name(name, ast.Load()), body.node), body):
        for part in value.values if isinstance(value, Items) else (value,):
            if isinstance(part, Const) and isinstance(part.value, str):
                yield part.value.partition(".apps.")[0]


def _command(program: Program, dotted: str) -> None:
    module = program.modules.find(dotted)
    if module is None or module.body is None:
        return
    program.start(module)
    for binding in module.body.bindings.get("Command", ()):
        handle = binding.defined.method("handle") if binding.defined else None
        if handle is not None:
            program.call(handle)
