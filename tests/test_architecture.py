"""The layers, and what no module may do. A new module has to be given its layer here."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "keyhop"
DATA = SOURCE / "demo" / "project"
"""The demo's project is data: it is copied, never imported."""

LAYERS = {
    "facts": {
        "catalogue", "citations", "clients", "crewai_tools", "crewai_version", "embedders", "errors", "facts", "fold",
        "implicit", "listed_models", "litellm_models", "providers", "routing", "sighting", "span", "tools",
        "topology", "value",
    },
    "reading": {
        "assemble", "assignment", "compose", "engines", "envfiles", "following", "images", "launch", "launcher",
        "launchers", "project_scripts", "promises", "python", "readers", "stages", "text", "tree", "versions", "view",
    },
    "judging": {"finding", "formats", "journey", "judge", "report", "rules", "symptoms"},
    "orchestration": {"__main__", "api", "commands", "demo", "settings", "silence"},
}  # fmt: skip
RESTS_ON = {
    "facts": {"facts"},
    "reading": {"facts", "reading"},
    "judging": {"facts", "judging"},
    "orchestration": {"facts", "reading", "judging", "orchestration"},
}
FAMILIES = {
    "providers": "",
    "readers": "reader",
    "rules": "rule",
    "formats": "format",
    "commands": "command",
    "text.dotenv_dialects": "",
}
"""Families, and the module of each that says what a member is."""
BANNED_NAMES = {
    "utils",
    "helpers",
    "common",
    "manager",
    "core",
    "base",
    "misc",
    "process",
    "context",
    "data",
    "model",
}
HOSTS = ("crewai", "litellm", "celery", "ray", "openai", "anthropic")

MODULES = sorted(path for path in SOURCE.rglob("*.py") if DATA not in path.parents)
each_module = pytest.mark.parametrize("path", MODULES, ids=[p.relative_to(SOURCE).as_posix() for p in MODULES])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything a module imports, at its top or in a function."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top(path: Path) -> str:
    """The module or family right under keyhop: ``rules`` for ``rules/x.py``."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def layer(name: str) -> str | None:
    return next((each for each, names in LAYERS.items() if name in names), None)


@each_module
def test_a_module_rests_on_its_own_layer_and_those_below(path: Path):
    if path == SOURCE / "__init__.py":
        return
    mine = layer(top(path))
    assert mine, f"{top(path)} has no layer: add it to LAYERS"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "keyhop" and len(parts) > 1 and layer(parts[1]):
            assert layer(parts[1]) in RESTS_ON[mine], f"{top(path)} ({mine}) imports {name} ({layer(parts[1])})"


@pytest.mark.parametrize(("family", "shared"), FAMILIES.items())
def test_siblings_of_a_family_never_import_each_other(family: str, shared: str):
    folder = SOURCE / family.replace(".", "/")
    members = {path.stem for path in folder.glob("*.py")} - {"__init__", shared}
    assert members
    for member in members:
        imported = {name.removeprefix(f"keyhop.{family}.").split(".")[0] for name in imports(folder / f"{member}.py")}
        assert not imported & (members - {member}), f"{family}/{member}"


@each_module
def test_a_value_is_revealed_in_text_alone(path: Path):
    reveals = any(isinstance(node, ast.Attribute) and node.attr == "reveal" for node in ast.walk(tree(path)))
    assert top(path) == "text" or not reveals


@each_module
def test_only_commands_print_and_exit(path: Path):
    if top(path) in ("commands", "__main__"):
        return
    calls = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
    assert not calls & {"print", "exit", "quit", "breakpoint", "SystemExit", "sys.exit", "os._exit"}


@each_module
def test_a_module_is_short_and_named_by_a_noun(path: Path):
    assert len(path.read_text("utf-8").splitlines()) <= 400
    assert path.stem not in BANNED_NAMES


@each_module
def test_no_module_imports_a_host(path: Path):
    assert not {name.split(".")[0] for name in imports(path)} & set(HOSTS)


@pytest.mark.parametrize("name", ["keyhop", "keyhop.api", "keyhop.commands"])
def test_an_import_brings_in_no_host(name: str):
    heavy = (*HOSTS, *(("ruamel", "keyhop.facts") if name == "keyhop" else ()))
    code = f"import sys, {name}; print(*(set(sys.modules) & set({heavy!r})))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def tracked() -> list[Path]:
    """Every file of the repository, or of the source distribution where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return [path for name in ("src", "tests", "docs") for path in (ROOT / name).rglob("*") if path.is_file()]
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_developers_machine():
    own = re.compile(rf"{re.escape(str(ROOT))}/|/Users/\w+/|/home/(?!app\b|user\b|you\b|token\b)\w+/(?!\.)".encode())
    found = [path.relative_to(ROOT).as_posix() for path in tracked() if own.search(path.read_bytes())]
    assert found == []


def test_no_build_product_is_tracked():
    assert not [path for path in tracked() if path.suffix in (".pyc", ".whl", ".db")]
