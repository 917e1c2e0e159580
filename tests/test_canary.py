"""One secret-like value is planted in every kind of input. Nothing keyhop says, keeps or raises holds any of it."""

from __future__ import annotations

import json
import logging
import pickle
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import keyhop
from keyhop import api
from keyhop.commands import main
from keyhop.explanations import explanations
from keyhop.formats import formats
from keyhop.report import Report
from keyhop.text.sealed import Sealed

CANARY = "sk-proj-Zq7RrX0vKpB3mWn9LhTd5YcJfA8sGu2E"
PIECE = 8
"""Characters in a row that nobody writes by chance."""

PLANTED = {
    ".env": f"""
        OPENAI_API_KEY={CANARY}
        SERPER_API_KEY="{CANARY}"
        export ANTHROPIC_API_KEY='{CANARY}' # {CANARY}
        {CANARY}
        GROQ_API_KEY="{CANARY}
        {CANARY}
        """,
    "worker.env": f"""
        OPENAI_API_KEY = {CANARY}
        OPENAI_BASE_URL=https://user:{CANARY}@proxy.example/v1
        """,
    "docker-compose.yml": f"""
        x-key: &key {CANARY}
        services:
          web:
            build:
              context: .
              args: {{OPENAI_API_KEY: {CANARY}}}
            command: sh -c "export OPENAI_API_KEY={CANARY} && python main.py"
            environment:
              OPENAI_API_KEY: {CANARY}
              ANTHROPIC_API_KEY: ${{ANTHROPIC_API_KEY:-{CANARY}}}
              SERPER_API_KEY: *key
          worker:
            build: .
            command: python main.py
            env_file: worker.env
            environment:
              - OPENAI_API_KEY=
              - GROQ_API_KEY=${{MISSING:?{CANARY}}}
              - {CANARY}
          idle:
            build: .
            command: python main.py
        """,
    "broken/docker-compose.yml": f"""
        services:
          web: {{environment: [OPENAI_API_KEY={CANARY}
          key: {CANARY}: {CANARY}
        """,
    "Dockerfile": f"""
        FROM python:3.12
        ARG OPENAI_API_KEY={CANARY}
        ENV OPENAI_API_KEY=$OPENAI_API_KEY ANTHROPIC_API_KEY="{CANARY}"
        COPY . /app
        WORKDIR /app
        ENTRYPOINT ["/app/start.sh"]
        """,
    "start.sh": f"""
        #!/bin/sh
        export OPENAI_API_KEY={CANARY}
        : "${{SERPER_API_KEY:={CANARY}}}"
        GROQ_API_KEY={CANARY} exec python main.py --key {CANARY}
        """,
    "deploy.sh": f"""
        #!/bin/sh
        docker run -e OPENAI_API_KEY={CANARY} --env ANTHROPIC_API_KEY={CANARY} crew python main.py
        if [ "$X" = {CANARY} ; then
        """,
    "Procfile": f"""
        worker: OPENAI_API_KEY={CANARY} python main.py
        clock: env SERPER_API_KEY={CANARY} python broken.py {CANARY}
        """,
    "k8s/api.yaml": f"""
        apiVersion: v1
        kind: Secret
        metadata: {{name: keys}}
        data: {{OPENAI_API_KEY: {b64encode(CANARY.encode()).decode()}}}
        stringData: {{SERPER_API_KEY: {CANARY}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {{name: api}}
        spec:
          containers:
          - name: api
            image: crew
            command: [python, main.py, {CANARY}]
            envFrom: [{{secretRef: {{name: keys}}}}]
            env:
            - {{name: ANTHROPIC_API_KEY, value: "x$(OPENAI_API_KEY){CANARY}"}}
            - {{name: GROQ_API_KEY, value: {CANARY}, valueFrom: {{secretKeyRef: {{name: {CANARY}, key: {CANARY}}}}}}}
        """,
    "kustomized/kustomization.yaml": f"""
        resources: [{CANARY}]
        secretGenerator: [{{name: keys, literals: [OPENAI_API_KEY={CANARY}, {CANARY}]}}]
        """,
    "chart/Chart.yaml": """
        name: crew
        version: 0.1.0
        """,
    "chart/values.yaml": f"""
        key: {CANARY}
        """,
    "chart/templates/api.yaml": f"""
        apiVersion: v1
        kind: Pod
        metadata: {{name: api}}
        spec:
          containers:
          - name: api
            image: crew
            command: [python, main.py]
            env:
            - {{name: OPENAI_API_KEY, value: {{{{ .Values.key | quote }}}}}}
            - {{name: SERPER_API_KEY, value: {{{{ printf "{CANARY}" }}}}}}
        """,
    "chart/templates/refused.yaml": f"""
        {{{{ fail .Values.key }}}}{{{{ required "{CANARY}" .Values.no }}}}
        """,
    "crew.service": f"""
        [Service]
        WorkingDirectory=/opt/crew
        Environment=OPENAI_API_KEY={CANARY} "{CANARY}"
        EnvironmentFile=/opt/crew/worker.env
        SetCredential=key:{CANARY}
        ExecStart=SERPER_API_KEY={CANARY} python main.py {CANARY}
        """,
    "crontab": f"""
        OPENAI_API_KEY={CANARY}
        {CANARY}
        * * * * * cd /opt/crew && SERPER_API_KEY={CANARY} python main.py
        """,
    "tox.ini": f"""
        [testenv:crew]
        pass_env = {CANARY}
        set_env = OPENAI_API_KEY={CANARY}{{env:X:{CANARY}}}
        commands = python main.py {CANARY}
        """,
    "pyproject.toml": f"""
        [project]
        name = "crew"
        version = "0"
        description = "{CANARY}"
        scripts = {{ crew = "main:run" }}
        [tool.crew]
        key = "{CANARY}"
        """,
    "main.py": f"""
        import os
        import subprocess
        from crewai import LLM, Agent, Crew, Task
        from dotenv import load_dotenv
        import settings

        load_dotenv()
        os.environ["OPENAI_API_KEY"] = "{CANARY}"
        os.environ.setdefault("ANTHROPIC_API_KEY", "{CANARY}")
        key = os.getenv("GROQ_API_KEY", "{CANARY}")
        llm = LLM(model="openai/gpt-4o", api_key="{CANARY}")
        other = LLM(model="anthropic/claude-sonnet-4", api_key=key or "{CANARY}")
        subprocess.run(["python", "worker.py"], env={{"OPENAI_API_KEY": "{CANARY}"}})

        def run(key="{CANARY}"):
            writer = Agent(role="writer", goal="{CANARY}", backstory="{CANARY}", llm=llm)
            reader = Agent(role="reader", goal="x", backstory="y", llm="openai/gpt-4o")
            third = Agent(role="third", goal="x", backstory="y", llm=other)
            tasks = [Task(description="x", expected_output="y", agent=each) for each in (writer, reader, third)]
            Crew(agents=[writer, reader, third], tasks=tasks).kickoff()

        run()
        """,
    "worker.py": f"""
        import os
        from crewai import Agent
        assert os.environ["OPENAI_API_KEY"] != "{CANARY}", "{CANARY}"
        Agent(role="a", goal="b", backstory="c").kickoff("x")
        """,
    "settings.py": f"""
        from pydantic_settings import BaseSettings, SettingsConfigDict

        class Settings(BaseSettings):
            model_config = SettingsConfigDict(env_file="worker.env")
            openai_api_key: str = "{CANARY}"

        settings = Settings()
        """,
    "broken.py": f"""
        key = "{CANARY}
        def {CANARY}:
        """,
    "config/agents.yaml": f"""
        writer:
          role: writer
          goal: use {CANARY}
          backstory: x
          llm: openai/gpt-4o
          api_key: {CANARY}
        """,
    "README.md": f"""
        # Crew

            export OPENAI_API_KEY={CANARY}
            docker run -e ANTHROPIC_API_KEY={CANARY} crew
            OPENAI_API_KEY={CANARY} python main.py
        """,
    ".env.example": f"""
        OPENAI_API_KEY={CANARY}
        """,
}


def dedented(text: str) -> str:
    lines = text.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] if line[:indent].isspace() else line for line in lines).rstrip() + "\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PLANTED.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedented(text), encoding="utf-8")
    return tmp_path


LOG = f"""\
    worker-1  | Traceback (most recent call last):
    worker-1  |   File "/app/main.py", line 3, in <module>
    worker-1  |     client = OpenAI(api_key="{CANARY}")
    worker-1  | httpx.LocalProtocolError: Illegal header value b'Bearer {CANARY}\\n'
    worker-1  |
    worker-1  | The above exception was the direct cause of the following exception:
    worker-1  |
    worker-1  | Traceback (most recent call last):
    worker-1  |   File "/app/main.py", line 4, in <module>
    worker-1  |     client.ask()
    worker-1  | openai.APIConnectionError: Connection error.
    worker-1  | key {CANARY} was used
    2026-01-01 10:00:00 ERROR openai.AuthenticationError: Error code: 401 - {{'error': {{'message': \
'Incorrect API key provided: {CANARY}.', 'code': 'invalid_api_key'}}}}
    {{"level": "error", "msg": "401 Unauthorized", "headers": {{"authorization": "Bearer {CANARY}"}}}}
    curl -H 'x-api-key: {CANARY}' https://user:{CANARY}@api.openai.com/v1/models?key={CANARY}
    OPENAI_API_KEY={CANARY}
    ValueError: {CANARY}
    KeyError: '{CANARY}'
    azure.core.exceptions.ServiceResponseError: Invalid header value: '{CANARY}\\n'
    """
"""What careless libraries and programs write."""

SHELL = {"OPENAI_API_KEY": CANARY, "ANTHROPIC_API_KEY": f"'{CANARY}'", "OPENAI_BASE_URL": f"https://u:{CANARY}@x/v1"}


def forms(text: str) -> Iterator[str]:
    """A text, and what it looks like after the usual encodings."""
    yield text
    yield text.encode().hex()
    yield text[::-1]
    for offset in range(3):
        code = b64encode(b"\0" * offset + text.encode()).decode()
        yield code[4 if offset else 0 : -4]


FORBIDDEN = {form[at : at + PIECE] for form in forms(CANARY) for at in range(len(form) - PIECE + 1)}
FORBIDDEN -= {piece for piece in FORBIDDEN if piece in "sk-proj-"}


def assert_clean(said: str | bytes, where: object = "") -> None:
    text = said.decode("latin-1") if isinstance(said, bytes) else said
    text += text.replace("\\", "").replace("\0", "")
    assert not (found := {piece for piece in FORBIDDEN if piece in text}), f"{where}: {sorted(found)[:3]}"


def test_the_search_finds_every_form():
    for said in (CANARY, CANARY[9:20], repr(b"x" + CANARY.encode()), b64encode(b"k=" + CANARY.encode()).decode()):
        with pytest.raises(AssertionError):
            assert_clean(f"some {said} text")
    assert_clean("sk-proj- and sk-… are no secrets")


@pytest.mark.parametrize("shell", [None, SHELL], ids=["files", "shell"])
@pytest.mark.parametrize("format", sorted(formats()))
def test_no_format_shows_a_value(
    project: Path, format: str, shell: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
):  # fmt: skip
    caplog.set_level(logging.DEBUG)
    for name, value in (shell or {}).items():
        monkeypatch.setenv(name, value)
    arguments = ["check", str(project), "--format", format, "--show", "arrives", *(["--shell"] if shell else [])]
    assert main(arguments) in (0, 1)
    said = capsys.readouterr()
    assert "OPENAI_API_KEY" in said.out
    assert_clean(said.out)
    assert_clean(said.err)
    assert_clean(caplog.text)


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SERPER_API_KEY", "OPENAI_BASE_URL"])
def test_no_trace_shows_a_value(project: Path, name: str, capsys: pytest.CaptureFixture[str]):
    for format in ("text", "json"):
        assert main(["trace", name, "--to", "*", "--project", str(project), "--format", format]) in (0, 1)
        said = capsys.readouterr()
        assert name in said.out
        assert_clean(said.out)
        assert_clean(said.err)


@pytest.mark.parametrize("format", sorted(explanations()))
@pytest.mark.parametrize("with_project", [False, True], ids=["text alone", "with a project"])
def test_no_explanation_shows_a_value(
    project: Path, tmp_path: Path, format: str, with_project: bool,
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
):  # fmt: skip
    caplog.set_level(logging.DEBUG)
    log = tmp_path / "worker.log"
    log.write_text(dedented(LOG))
    assert (
        main(["explain", str(log), "--format", format, *(["--project", str(project)] if with_project else [])]) == 0
    )
    said = capsys.readouterr()
    assert "LocalProtocolError" in said.out
    assert_clean(said.out)
    assert_clean(said.err)
    assert_clean(caplog.text)


def test_no_live_diagnosis_holds_a_value():
    from keyhop.live_failure import failure_of

    error = RuntimeError(f"Illegal header value b'Bearer {CANARY}\\n'")
    error.__context__ = KeyError(CANARY)
    error.__notes__ = [f"OPENAI_API_KEY={CANARY}"]  # type: ignore[attr-defined]
    error.body = {"sent": CANARY}  # type: ignore[attr-defined]
    for each in reached((keyhop.diagnose(error), failure_of(error))):
        if isinstance(each, (str, bytes)):
            assert_clean(each)
    assert_clean(pickle.dumps(keyhop.picklable(error)))


@pytest.fixture
def report(project: Path) -> Report:
    return api.check(project, shell=SHELL)


def reached(root: object) -> Iterator[object]:
    """Every object that can be reached, fields without repr too."""
    ahead, seen = [root], set()
    while ahead:
        each = ahead.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if is_dataclass(each):
            ahead += (getattr(each, field.name) for field in fields(each))
        elif isinstance(each, dict):
            ahead += (*each, *each.values())
        elif isinstance(each, (tuple, list, set, frozenset)):
            ahead += each
        elif hasattr(each, "__dict__") and type(each).__module__.startswith("keyhop"):
            ahead += vars(each).values()


def test_no_object_of_a_report_holds_a_value(report: Report):
    assert report.trails
    for each in reached(report):
        assert not isinstance(each, Sealed)
        if isinstance(each, (str, bytes)):
            assert_clean(each, report)
    assert_clean(repr(report))


def test_no_pickle_holds_a_value(report: Report):
    for each in reached(report):
        try:
            assert_clean(pickle.dumps(each), type(each))
        except (TypeError, pickle.PicklingError, AttributeError):
            continue


def test_a_sealed_value_shows_itself_to_nobody():
    sealed = Sealed(CANARY)
    for show in (repr, str, format, lambda it: f"{it!r:>40}", "{0}".format):
        assert_clean(show(sealed))
    for leak in (pickle.dumps, hash, lambda it: it == it, json.dumps, lambda it: it + "", bytes, list, vars):
        with pytest.raises(TypeError) as raised:
            leak(sealed)
        assert_clean(str(raised.value))


def _raise(error: Exception) -> Callable[..., None]:
    def bug(*_arguments: object, **_more: object) -> None:
        secret = CANARY  # noqa: F841 - a local that a careless report would print
        raise error

    return bug


@pytest.mark.parametrize(
    "error", [ValueError(CANARY), KeyError(CANARY), UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY)],
    ids=["value", "key", "unicode"],
)  # fmt: skip
def test_a_bug_report_quotes_nothing(
    project: Path, error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(api, "judge", _raise(error))
    assert main(["check", str(project)]) == 4
    said = capsys.readouterr()
    assert type(error).__name__ in said.err
    assert_clean(said.out)
    assert_clean(said.err)


@pytest.mark.parametrize(
    "settings",
    [
        f'[tool.keyhop]\nexclude = "{CANARY}"\n',
        f'[tool.keyhop]\nignore = [{{ rule = "{CANARY}" }}]\n',
        f'[tool.keyhop]\nexclude = ["{CANARY}\n',
        f"[tool.keyhop]\nexclude = {CANARY}\n",
    ],
    ids=["a string", "no reason", "an open string", "a bare word"],
)
def test_an_error_of_the_settings_quotes_no_value(project: Path, settings: str, capsys: pytest.CaptureFixture[str]):
    (project / "pyproject.toml").write_text(settings)
    assert main(["check", str(project)]) == 2
    assert_clean(capsys.readouterr().err)
