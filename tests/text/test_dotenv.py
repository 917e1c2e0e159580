"""Every dialect against what its consumer really did with 132 files, and against the programs at hand."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyhop.errors import UsageError
from keyhop.span import Source
from keyhop.text import dotenv, interpolation
from keyhop.text.sealed import Sealed

MEASURED = json.loads((Path(__file__).parents[1] / "data" / "dotenv_dialects.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in MEASURED["cases"]}


class Consumer(NamedTuple):
    """How a measured program uses what its dialect reads."""

    dialect: str
    process_wins: bool = False
    inherits: bool = False
    """The process has the caller's variables too."""


CONSUMERS = {
    "python-dotenv": Consumer("python-dotenv", True, True),
    "python-dotenv-override": Consumer("python-dotenv-override", False, True),
    "python-dotenv-nointerp": Consumer("python-dotenv-nointerp"),
    "python-dotenv-101": Consumer("python-dotenv-1.0", True, True),
    "python-dotenv-021": Consumer("python-dotenv-1.0", True, True),
    "pydantic-settings": Consumer("pydantic-settings", True, True),
    "environs": Consumer("environs", True, True),
    "decouple": Consumer("decouple", True, True),
    "django-environ": Consumer("django-environ", True, True),
    "starlette": Consumer("starlette", True, True),
    "compose-dotenv": Consumer("compose", True, True),
    "compose-dotenv-2.40": Consumer("compose", True, True),
    "compose-dotenv-2.26": Consumer("compose-2.26", True, True),
    "compose-envfile": Consumer("compose"),
    "compose-envfile-2.40": Consumer("compose"),
    "compose-envfile-2.26": Consumer("compose"),
    "compose-envfile-raw": Consumer("compose-raw"),
    "docker-run": Consumer("docker-run"),
    "podman-run-4.3": Consumer("podman-run-4"),
    "podman-run-5.4": Consumer("podman-run"),
    "podman-compose-envfile": Consumer("python-dotenv-override", False, True),
    "kubectl-create": Consumer("kubectl"),
    "kustomize": Consumer("kustomize"),
    "systemd": Consumer("systemd"),
    "systemd-real": Consumer("systemd"),
    "bash-source": Consumer("bash", False, True),
    "bash-source-noexport": Consumer("bash-noexport", False, True),
    "dash-source": Consumer("dash", False, True),
    "bash-xargs": Consumer("bash-xargs", False, True),
    "honcho": Consumer("honcho", False, True),
    "uv-run": Consumer("uv", True, True),
    "just": Consumer("just", True, True),
    "go-task": Consumer("task", True, True),
    "act-env-file": Consumer("act"),
}
NOT_OF_THE_FILE = {
    ("dot-name", "just"): "the shell that just starts drops the name",
    ("override-empty", "django-environ"): "it takes an empty variable of the process for none",
}
RUNS_SOMETHING = {"backtick", "cmdsub", "cmdsub-dq", "dollar-dollar"}
"""Files whose value only a running shell knows."""


def sealed(env: Mapping[str, str]) -> dict[str, Sealed]:
    return {name: Sealed(value) for name, value in env.items()}


def read(text: str | bytes, dialect: str, **env: str) -> dotenv.File:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return dotenv.read(data, dialect, sealed(env))


def shown(file: dotenv.File) -> dict[str, str]:
    return {name: value.reveal() for name, value in dotenv.values(file).items()}


def got(case: dict[str, Any], consumer: Consumer) -> tuple[str, str | None]:
    """("error" or "value", what the process has under the key), as keyhop tells it."""
    env = {"PATH": "/bin", "HOME": "/root", "CTXVAR": "ctx", **case["shell"]}
    file = read(case["content"], consumer.dialect, **env)
    if file.error:
        return "error", None
    set_there, key = shown(file), case["key"]
    outside = case["shell"].get(key)
    if consumer.dialect.startswith("compose") and consumer.inherits:
        found = {**set_there, **env}
        try:
            template = interpolation.parse(f"${{{key}-__UNSET__}}")
            value = interpolation.evaluate(template, sealed(found).get).reveal()
        except interpolation.Refused:
            return "error", None
        return "value", None if value == "__UNSET__" else value
    if consumer.process_wins and outside is not None:
        return "value", outside
    return "value", set_there.get(key, outside if consumer.inherits else None)


def klass(value: str | None, intent: str | None) -> str:
    match value:
        case None:
            return "absent"
        case _ if intent is None:
            return "value"
        case _ if value == intent:
            return "ok"
        case "":
            return "empty"
        case _ if any(c < " " and c != "\t" for c in value):
            return "illegal-control"
        case _ if not value.isascii():
            return "illegal-unicode"
        case _:
            return "illegal-trailing-space" if value != value.rstrip() else "wrong"


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_a_dialect_reads_every_file_as_its_consumer_did(consumer: str) -> None:
    differing = {}
    for id, case in CASES.items():
        if (id, consumer) in NOT_OF_THE_FILE or (
            id in RUNS_SOMETHING and CONSUMERS[consumer].dialect in ("bash", "dash")
        ):
            continue
        named = {name: row for row in case["results"] for name in row[2].split()}
        expected_class, expected, _ = named.get(consumer, named["*"])
        outcome, value = got(case, CONSUMERS[consumer])
        told = "error" if outcome == "error" else klass(value, case["intent"])
        if (told, value) != (expected_class, expected):
            differing[id] = (told, value, "measured", expected_class, expected)
    assert not differing


@pytest.mark.parametrize("dialect", ["bash", "dash"])
def test_what_only_a_running_shell_knows_is_not_guessed(dialect: str) -> None:
    for id in RUNS_SOMETHING:
        (line,) = read(CASES[id]["content"], dialect).lines
        assert line.value is None
        assert line.unknown


def test_every_measured_consumer_has_a_dialect() -> None:
    assert set(MEASURED["consumers"]) == set(CONSUMERS)


def test_what_the_author_meant_is_read_from_every_file_that_has_one_reading() -> None:
    told_elsewhere = {"utf16", "empty-vs-shell"}
    for case in CASES.values():
        if case["intent"] is not None and case["id"] not in told_elsewhere:
            env = {"CTXVAR": "ctx", **case["shell"]}
            assert shown(read(case["content"], "author", **env)).get(case["key"]) == case["intent"], case["id"]


@pytest.mark.parametrize(
    ("dialect", "outcome"),
    [
        ("docker-run", "the line is too long"),
        ("podman-run", "the line is too long"),
        ("kubectl", "cut"),
        ("kustomize", "cut"),
        ("python-dotenv", ""),
        ("compose", ""),
    ],
)
def test_a_line_of_70000_characters(dialect: str, outcome: str) -> None:
    file = read("A=1\nKEY=" + "x" * 70_000 + "\nB=2\n", dialect)
    assert (file.error or "cut" * bool(file.cut)) == outcome
    assert set(shown(file)) == ({"A"} if outcome else {"A", "KEY", "B"})
    assert file.at == (2 if outcome else 0)


def test_an_unknown_dialect_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no dotenv dialect is called 'nodejs'") as refused:
        read("A=1", "nodejs")
    assert "python-dotenv" in refused.value.help


# order, origin and place


def test_the_last_line_wins_but_for_uv() -> None:
    assert shown(read("A=1\nA=2\n", "python-dotenv")) == {"A": "2"}
    assert shown(read("A=1\nA=2\n", "uv")) == {"A": "1"}


def test_a_name_without_a_value_inherits_or_undoes() -> None:
    (line,) = read("KEY\n", "docker-run", KEY="outer").lines
    assert (line.inherits, line.uses, line.value.reveal()) == (True, ("KEY",), "outer")  # type: ignore[union-attr]
    assert shown(read("KEY=a\nKEY\n", "docker-run")) == {"KEY": "a"}
    assert shown(read("KEY=a\nKEY\n", "python-dotenv")) == {}


def test_a_line_tells_which_names_it_asked_the_caller_for() -> None:
    file = read("A=1\nB=${A}-${OUT:-x}\n", "python-dotenv-override")
    assert [line.uses for line in file.lines] == [(), ("OUT",)]


def test_a_shell_script_is_followed_as_far_as_it_is_certain() -> None:
    script = """
        set -a
        A=1 && B=$A-2
        if [ -f other ]; then C=3; fi
        D=4 | cat
        (E=5)
        F=$(cat /run/secrets/f)
        . ./other.env
        G=${C}x
        unset A
    """
    file = read(script, "bash-noexport")
    assert shown(file) == {"B": "1-2"}
    told = {line.name: line.unknown for line in file.final().values() if line.unknown}
    assert told == dict.fromkeys("CG", "it depends on a command that would have to run") | {
        "F": "a command would have to run"
    }
    assert [blind.why for blind in file.blind] == [". may set variables"]


def test_without_set_a_only_exported_names_reach_a_process() -> None:
    text = "A=1\nexport B=2\nC=3\nexport C\nD=4\n"
    assert shown(read(text, "bash-noexport", D="old")) == {"B": "2", "C": "3", "D": "4"}


def test_places_are_those_of_the_file_with_a_byte_order_mark_and_windows_line_ends() -> None:
    data = b'\xef\xbb\xbfA=1\r\n  KEY="sk #1" # c\r\nB=2\r\n'
    source = Source(path=".env", data=data)
    for dialect in ("python-dotenv", "compose", "decouple", "honcho", "act", "systemd", "docker-run", "author"):
        lines = {line.name: line for line in read(data, dialect).lines}
        if "KEY" in lines:
            line = lines["KEY"]
            assert source.text[line.start :].lstrip().startswith('KEY="sk #1"')
            assert source.text[line.value_start : line.end].startswith('"sk #1"')
            assert line.line == source.span(line.value_start).line == 2


@pytest.mark.parametrize(
    ("script", "dialect", "outcome"),
    [
        ("A=${X:?set it}\nB=2\n", "bash", "error: required variable X is not set"),
        ("A=1\nA=x${}\nB=2\n", "bash", "A B"),
        ("A=1\nA=x${}\nB=2\n", "dash", "A error: a substitution is not valid"),
        ("A=1\nB='2\n", "bash", "A cut: a quote is not closed"),
        ("A=1\nB='2\n", "dash", "A error: a quote is not closed"),
        ("A=1; B='2\n", "bash", "cut: a quote is not closed"),
        ("export A = 1\nB=2\n", "bash", "B"),
        ("export A = 1\nB=2\n", "dash", "error: a name is not valid"),
        ("A=(1 2)\nB=2\n", "bash", "B"),
        ("A=1\nreturn\nB=2\n", "bash", "A cut: it ends with return"),
        ("A=1 2>/dev/null\nB=2\n", "bash", "A B"),
        ("f() { A=1; }\nB=2\n", "dash", "B"),
        ("cat <<X\nA=1\nX\nB=2\n", "bash", "B"),
    ],
)
def test_a_mistake_ends_a_script_as_in_the_shell(script: str, dialect: str, outcome: str) -> None:
    file = read(script, dialect)
    problem = f"error: {file.error}" if file.error else f"cut: {file.cut}" if file.cut else ""
    assert " ".join([*shown(file), problem]).strip() == outcome


# any bytes

FRAGMENTS = st.sampled_from(
    [*"AB=:\"'`$\\#{}()[];&|<>~ \t\r\n\0\x0b\x85", "KEY=", "export ", "${A}", "${A:-", "$(", "\ufeff", "é", "\u2028"]
)
BYTES = st.lists(FRAGMENTS | st.text(max_size=3), max_size=30).map(lambda t: "".join(t).encode("utf-8", "replace"))


@pytest.mark.parametrize("dialect", sorted(dotenv.dialects()))
@given(data=BYTES | st.binary(max_size=60))
@settings(max_examples=120, deadline=None)
def test_no_bytes_make_a_dialect_raise_or_point_outside_the_file(dialect: str, data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    file = dotenv.read(data, dialect, {"A": Sealed("a"), "HOME": Sealed("/root")})
    for line in file.lines:
        assert 0 <= line.start <= line.value_start <= line.end <= len(text)
        assert line.line == text.count("\n", 0, line.start) + 1
    assert 0 <= file.at <= text.count("\n") + 1
    assert not (file.error and file.cut)


@pytest.mark.parametrize("dialect", sorted(dotenv.dialects()))
def test_a_reading_never_shows_a_value(dialect: str) -> None:
    for text in (
        "KEY=canary{}\n",
        "KEY='canary{}\n",
        "canary\n",
        "K=${{X:?canary}}\n",
        "canary canary=1\n",
        "=canary",
    ):
        assert "canary" not in repr(read(text.format("$x"), dialect))


@pytest.mark.parametrize("dialect", sorted(dotenv.dialects()))
def test_deep_nesting_and_long_files_are_read(dialect: str) -> None:
    deep = "A=" + "${A:-" * 3000 + "}" * 3000 + "\n" + "B=" + "$(" * 3000 + "\n" + 'C="' + "\\" * 3001
    read(deep, dialect)
    read("KEY=v # c\n" * 2000, dialect)


# the programs themselves

VALUE_PARTS = st.sampled_from(
    [
        *"AB12=:\"'$\\#{}- .\t\n",
        "\r\n",
        "${A}",
        "${B:-d}",
        "$A",
        "\\n",
        "\\'",
        '\\"',
        "\\\\",
        " # c",
        "export ",
        "é",
        "\u00a0",
        "KEY=",
    ]
)
FILES = st.lists(st.sampled_from(["A=", "B=", "A='", 'B="', ""]) | VALUE_PARTS, max_size=16).map("".join)


def _python_dotenv(text: str, interpolate: bool) -> dict[str, str | None]:
    reader = pytest.importorskip("dotenv", reason="python-dotenv is not installed")
    stream = io.StringIO(text, newline=None)
    found: dict[str, str | None] = reader.dotenv_values(stream=stream, interpolate=interpolate)
    return found


@given(text=FILES)
@settings(max_examples=400, deadline=None)
def test_python_dotenv_agrees(text: str) -> None:
    for dialect, interpolate in (("python-dotenv-values", True), ("python-dotenv-nointerp", False)):
        real = _python_dotenv(text, interpolate)
        file = dotenv.read(text.encode(), dialect, sealed(dict(os.environ)))
        mine = {line.name: line.value and line.value.reveal() for line in file.lines}
        assert mine == real


@given(text=FILES)
@settings(max_examples=200, deadline=None)
def test_honcho_decouple_and_django_environ_agree(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "agree.env"
    path.write_bytes(text.encode())
    checked = 0
    for dialect, real in _settings_libraries(path).items():
        file = dotenv.read(text.encode(), dialect)
        assert ("error" if file.error else shown(file)) == real
        checked += 1
    if not checked:
        pytest.skip("none of honcho, python-decouple and django-environ is installed")


def _settings_libraries(path: Path) -> dict[str, object]:
    def honcho() -> object:
        import honcho.environ

        try:
            return honcho.environ.parse(path.read_text(encoding="utf-8"))
        except ValueError:
            return "error"

    def decouple() -> object:
        import decouple

        return decouple.RepositoryEnv(str(path)).data

    def django() -> object:
        import environ

        class Env(environ.Env):  # type: ignore[misc]
            ENVIRON: dict[str, str] = {}  # noqa: RUF012

        Env.ENVIRON.clear()
        Env.read_env(str(path))
        return dict(Env.ENVIRON)

    found: dict[str, object] = {}
    libraries: dict[str, Callable[[], object]] = {"honcho": honcho, "decouple": decouple, "django-environ": django}
    for dialect, run in libraries.items():
        try:
            found[dialect] = run()
        except ImportError:
            continue
    return found


SHELL_PARTS = st.sampled_from(
    [*"AB1=:\"'$\\#-. \t\n;&|", "\r\n", "$A", "${B}", "${B:-d}", "${A:+x}", "${A:=y}", " # c", "é"]
)
SHELL_WORDS = st.sampled_from(
    ["export ", "unset A\n", "&&", "||", "A=~/x\n", "A=1 true\n", "A+=2\n", "export 'A=3'\n"]
)
SCRIPTS = st.lists(
    st.sampled_from(["A=", "B='", 'B="', "A=1\n", "export B\n"]) | SHELL_PARTS | SHELL_WORDS, max_size=14
).map(lambda parts: "".join([*parts, "\n"]))
OUTER = {"PATH": "/nonexistent", "HOME": "/root", "B": "outer"}


@pytest.mark.parametrize("dialect", ["bash", "bash-noexport", "dash", "dash-noexport"])
@given(text=SCRIPTS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_shell_agrees(dialect: str, text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    shell = shutil.which(dialect.removesuffix("-noexport"))
    env_program = shutil.which("env")
    if shell is None or env_program is None:
        pytest.skip(f"{dialect} is not installed")
    path = tmp_path_factory.getbasetemp() / f"{dialect}.env"
    path.write_bytes(text.encode())
    exports = "" if dialect.endswith("-noexport") else "set -a; "
    command = f"{exports}. {path} >/dev/null 2>&1 </dev/null; exec {env_program} -0"
    run = subprocess.run([shell, "-c", command], env=OUTER, capture_output=True, check=False)
    file = dotenv.read(text.encode(), dialect, sealed(OUTER))
    if file.blind:
        return
    assert (run.returncode != 0) is bool(file.error)
    if file.error:
        return
    real = dict(pair.split("=", 1) for pair in run.stdout.decode().split("\0") if "=" in pair)
    mine = dict(OUTER)
    for line in file.lines:
        if line.unknown:
            return
        if line.value is None:
            mine.pop(line.name, None)
        else:
            mine[line.name] = line.value.reveal()
    assert {n: real.get(n) for n in "AB"} == {n: mine.get(n) for n in "AB"}
