"""The layers, and what no module may do."""

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
        "addresses", "asked", "azure_reads", "catalogue", "cause_words", "causes", "citations", "clients",
        "crewai_tools", "crewai_version", "embedders", "errors", "facts", "failure", "fold", "gates", "implicit",
        "listed_models", "litellm_models", "patterns", "providers", "records", "remedy", "replies", "routing",
        "sighting", "span", "tools", "topology", "value",
    },
    "judging": {
        "account", "diagnosis", "explanations", "finding", "formats", "journey", "judge", "next_steps",
        "probe_answers", "quiet_words", "readiness", "report", "report_markdown", "report_words", "roll",
        "roll_json", "roll_prometheus", "roll_text", "rules", "standing", "symptoms", "verification_json",
        "verification_text", "weighing", "whose",
    },
    "orchestration": {
        "__init__", "__main__", "answering", "api", "apply", "asking", "attaching", "calling", "commands",
        "crew_watch", "demo", "explaining", "guard", "guarded", "inside", "live", "loading", "noting", "probe",
        "repair", "roll_hops", "seeing_process", "settings", "silence", "startup", "store_chain", "verifying",
        "wanted",
    },
}  # fmt: skip
READING = "reading"
"""All other modules: those that turn files into facts."""
RESTS_ON = {
    "facts": {"facts"},
    READING: {"facts", READING},
    "judging": {"facts", "judging"},
    "orchestration": {"facts", READING, "judging", "orchestration"},
}
FAMILIES = {
    "providers": "",
    "readers": "reader",
    "launchers": "launcher",
    "engines": "engine",
    "rules": "rule",
    "mending": "mender",
    "formats": "format",
    "explanations": "explanation",
    "stores": "store",
    "live": "live",
    "symptoms": "symptom",
    "commands": "command",
    "text.dotenv_dialects": "",
}
"""Families, and the module of each that says what a member is."""
BANNED_NAMES = {
    "utils", "helpers", "common", "manager", "core", "base", "misc", "process", "context", "data", "model",
}  # fmt: skip
HOSTS = ("crewai", "litellm", "celery", "ray", "openai", "anthropic")

MODULES = sorted(path for path in SOURCE.rglob("*.py") if DATA not in path.parents)


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


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def top(path: Path) -> str:
    """The module or family right under keyhop: ``rules`` for ``rules/x.py``."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


NAMES = {top(path) for path in MODULES}


def layer(name: str) -> str:
    return next((each for each, names in LAYERS.items() if name in names), READING)


def test_a_module_rests_on_its_own_layer_and_those_below():
    found = []
    for path in MODULES:
        mine = layer(top(path))
        for name in imports(path):
            package, _, rest = name.partition(".")
            under = rest.partition(".")[0]
            if package == "keyhop" and under in NAMES and layer(under) not in RESTS_ON[mine]:
                found.append(f"{named(path)} ({mine}) imports {name} ({layer(under)})")
    assert found == []


def test_every_module_named_in_a_layer_is_there():
    assert set().union(*LAYERS.values()) <= NAMES


@pytest.mark.parametrize(("family", "shared"), FAMILIES.items())
def test_siblings_of_a_family_never_import_each_other(family: str, shared: str):
    folder = SOURCE / family.replace(".", "/")
    members = {path.stem for path in folder.glob("*.py")} - {"__init__", shared}
    assert members
    for member in members:
        imported = {name.removeprefix(f"keyhop.{family}.").split(".")[0] for name in imports(folder / f"{member}.py")}
        assert not imported & (members - {member}), f"{family}/{member}"


def test_a_value_is_revealed_in_text_alone():
    reveals = {path for path in MODULES for node in ast.walk(tree(path)) if getattr(node, "attr", "") == "reveal"}
    assert reveals
    assert {named(path) for path in reveals if top(path) != "text"} == set()


def test_only_commands_print_and_exit_and_a_worker_that_must_not_run():
    ends = {"print", "exit", "quit", "breakpoint", "SystemExit", "sys.exit", "os._exit"}
    found = []
    for path in MODULES:
        calls = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
        if calls & ends and top(path) not in ("commands", "__main__", "leaving", "asking"):
            found.append(f"{named(path)}: {calls & ends}")
    assert found == []


def test_one_module_writes_into_a_project():
    """What else writes: the demo into directories of its own; a roll call takes away sockets of dead processes."""
    verbs = {"write_text", "write_bytes", "NamedTemporaryFile", "unlink", "rename", "replace_file", "open"}
    writers = {
        named(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in verbs - {"open"}
        and top(path) not in ("demo", "asking")
    }
    assert writers == {"apply.py"}


def test_modules_are_short():
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_modules_are_named_by_what_they_hold():
    assert {named(path) for path in MODULES if path.stem in BANNED_NAMES} == set()


def test_no_module_imports_a_host():
    found = [f"{named(p)}: {name}" for p in MODULES for name in imports(p) if name.split(".")[0] in HOSTS]
    assert found == []


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
