"""Projects that are broken, hostile or odd: what cannot be read is a blindspot, and nothing is ever run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import pytest

from keyhop.commands import main

Build: TypeAlias = Callable[[Path], None]

CREW = """\
from crewai import Agent
Agent(role="a", goal="b", backstory="c", llm="openai/gpt-4o").kickoff("x")
"""
COMPOSE = """\
services:
  web: {build: ., command: python main.py, environment: {OPENAI_API_KEY: "${OPENAI_API_KEY}"}}
  worker: {build: ., command: python main.py}
"""
DOCKERFILE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\n"
SECONDS = 20.0


def sound(root: Path) -> None:
    """A project that keyhop reads, around whatever a case adds."""
    (root / "main.py").write_text(CREW)
    (root / "docker-compose.yml").write_text(COMPOSE)
    (root / "Dockerfile").write_text(DOCKERFILE)
    (root / ".env.example").write_text("OPENAI_API_KEY=\n")


def writes(name: str, content: str | bytes) -> Build:
    def build(root: Path) -> None:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    return build


def links(name: str, target: str) -> Build:
    def build(root: Path) -> None:
        file = root / name
        file.unlink(missing_ok=True)
        file.symlink_to(target, target_is_directory=not Path(name).suffix)

    return build


def together(*builds: Build) -> Build:
    def build(root: Path) -> None:
        for each in builds:
            each(root)

    return build


def shut(root: Path) -> None:
    (root / "main.py").chmod(0)
    (root / "secret").mkdir()
    (root / "secret" / "x.py").write_text("x")
    (root / "secret").chmod(0)


def a_pipe(root: Path) -> None:
    (root / ".env").unlink(missing_ok=True)
    os.mkfifo(root / ".env")


def a_hostile_package(root: Path) -> None:
    """Each would leave a file behind if keyhop imported or ran it."""
    trap = "from pathlib import Path\nPath(__file__).with_name('it-ran').touch()\n"
    for name in (
        "crewai/__init__.py",
        "dotenv.py",
        "ruamel/__init__.py",
        "sitecustomize.py",
        "conftest.py",
        "setup.py",
    ):
        writes(name, trap)(root)
    writes("main.py", CREW + trap)(root)


ALIASES = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12))
BOMB = f"a: &a [lol, lol]\n{ALIASES}services: {{web: {{environment: *m}}}}\n"
NOWHERE = "include: [no.yml]\nservices: {w: {extends: {file: no.yml, service: x}, env_file: no.env, build: ./no}}\n"
OUTSIDE = (
    "include: [../../../etc/passwd]\nservices: {w: {image: x, env_file: [/etc/passwd, ../../x.env], build: ../..}}\n"
)
EXTENDS = "services:\n  web: {extends: {file: b.yml, service: web}}\n"
COMPOSE_FILES = {
    "tabs": "services:\n\tweb:\n\t\timage: x\n",
    "no yaml": "services: [web: {]\n",
    "a scalar": "just text\n",
    "a list": "- services\n",
    "empty": "",
    "only a comment": "# nothing\n",
    "two documents": "services: {}\n---\nservices: {web: {image: x}}\n",
    "services are a list": "services: [web, worker]\n",
    "a service is a number": "services: {web: 3, worker: null, '': {}, 7: {command: 1}}\n",
    "odd types everywhere": (
        "services: {web: {command: {a: b}, environment: 7, env_file: {x: 1}, build: [1], volumes: {a: 1},"
        " extends: [x], profiles: 3, depends_on: 1, deploy: [x], secrets: 5, entrypoint: 3.5}}\n"
    ),
    "duplicate keys": "services:\n  web: {image: x}\n  web: {image: y}\n",
    "merge of a scalar": "x: &x 3\nservices:\n  web:\n    <<: *x\n",
    "an alias to itself": "services: &s\n  web: *s\n",
    "an unknown alias": "services: *nobody\n",
    "tags": "services: !!python/object/apply:os.system ['touch it-ran']\n",
    "an alias bomb": BOMB,
    "deep": "services: " + "{a: " * 3000 + "1" + "}" * 3000 + "\n",
    "a null byte": "services:\n  web: {image: 'a\0b'}\n",
    "a bell": 'services:\n  web: {image: "a\x07b"}\n',
    "endless interpolation": "services: {web: {image: x, environment: {A: '" + "${A:-" * 2000 + "'}}}\n",
    "extends itself": "services:\n  web: {extends: web}\n",
}
PYTHON_FILES = {
    "broken": "def (:\n",
    "unfinished string": 'key = "abc\n',
    "tabs and blanks": "if True:\n\tx = 1\n        y = 2\n",
    "Python 2": 'print "hello"\n',
    "deep": "x = " + "(" * 500 + ")" * 500 + "\n",
    "a long sum": "x = " + " + ".join(["1"] * 20000) + "\n",
    "deep calls": "x = " + "f(" * 150 + ")" * 150 + "\n",
    "deep blocks": "".join(f"{' ' * n}if x:\n" for n in range(95)) + " " * 95 + "pass\n",
    "imports itself": "import main\nfrom main import *\nfrom . import main\nfrom ..... import x\n",
    "endless recursion": "def f(x):\n    return f(f)\nkey = f(f)\nx = y\ny = x\nclass A(A): pass\n",
    "a class of itself": "class A:\n    b = A\n    def __getattr__(self, n): return self.b\nA().b.b.b.kickoff()\n",
    "a null byte": "x = 1\0\n",
    "a declared encoding nobody has": "# -*- coding: klingon -*-\nx = 1\n",
    "latin-1": "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"),
    "undeclared latin-1": "x = 'é'\n".encode("latin-1"),
}
ENV_FILES = {
    "binary": bytes(range(256)) * 20,
    "UTF-16": "OPENAI_API_KEY=x\n".encode("utf-16"),
    "a byte order mark": "OPENAI_API_KEY=x\n".encode("utf-8-sig"),
    "no name": "=x\n==\n= =\n",
    "an open quote": "OPENAI_API_KEY='x\nB=1\n",
    "endless reference": "A=${B}\nB=${A}\nOPENAI_API_KEY=${A}\n",
    "one endless line": "OPENAI_API_KEY=" + "x" * 3_000_000,
    "many lines": "".join(f"V{n}=x\n" for n in range(50_000)),
}
SCRIPTS = {
    "open quote": "#!/bin/sh\necho 'x\npython main.py\n",
    "open heredoc": "cat <<EOF\npython main.py\n",
    "calls itself": "#!/bin/sh\nsh run.sh\n. ./run.sh\nsource run.sh\n",
    "deep substitution": "x=" + "$(" * 800 + ")" * 800 + "\n",
    "deep groups": "(" * 2000 + "python main.py" + ")" * 2000 + "\n",
    "deep expansion": "x=" + "${x:-" * 2000 + "}" * 2000 + "\n",
    "odd words": "if then else fi ;; esac }{ ) && || & | > <\n",
    "binary": b"#!/bin/sh\n\xff\xfe\x00\x01python main.py\n",
}
DOCKERFILES = {
    "no FROM": "ENV A=b\n",
    "stages in a circle": "FROM b AS a\nFROM a AS b\nCOPY --from=b . .\n",
    "unknown instructions": "FROM x\nFOO bar\nENV\nENV =\nCOPY\nCMD [\nENTRYPOINT [1, 2]\nCMD {\n",
    "continued for ever": "FROM x\nRUN a \\\n",
    "heredoc": "FROM x\nRUN <<EOF\nnever closed\n",
    "binary": bytes(range(256)),
}
PROJECTS = {
    "pyproject.toml": {
        "broken": "[project\n",
        "odd": "[project]\nscripts = 3\n[tool]\ncrewai = []\n",
        "binary": b"\xff\xfe\0",
    },
    "Procfile": {"odd": "web\n: x\nworker:\nweb: (\n", "binary": bytes(range(256))},
    ".gitignore": {"odd": "[\n!\n**/**/\n\\\n", "binary": bytes(range(256))},
    ".dockerignore": {"odd": "[\n!\n**/**/\n\\\n", "binary": bytes(range(256))},
    "config/agents.yaml": {"broken": "a: [\n", "odd": "- a\n- {b: c}\n", "deep": "a: " + "[" * 3000},
    "README.md": {"fences": "```sh\ndocker run -e\n```\n" * 300, "binary": bytes(range(256))},
    "Makefile": {"odd": "run:\n\tpython main.py\n$(eval $(x)\n%:\n\t@$(MAKE) run\n", "binary": bytes(range(256))},
}

CASES: dict[str, Build] = {
    **{f"compose: {title}": writes("docker-compose.yml", text) for title, text in COMPOSE_FILES.items()},
    **{f"python: {title}": writes("main.py", text) for title, text in PYTHON_FILES.items()},
    **{f"env: {title}": writes(".env", text) for title, text in ENV_FILES.items()},
    **{
        f"script: {title}": together(writes("run.sh", text), writes("Procfile", "web: sh run.sh\n"))
        for title, text in SCRIPTS.items()
    },
    **{f"dockerfile: {title}": writes("Dockerfile", text) for title, text in DOCKERFILES.items()},
    **{f"{name}: {title}": writes(name, text) for name, texts in PROJECTS.items() for title, text in texts.items()},
    "compose: UTF-16": writes("docker-compose.yml", COMPOSE.encode("utf-16")),
    "compose: a circle of extends": together(
        writes("docker-compose.yml", EXTENDS), writes("b.yml", EXTENDS.replace("b.yml", "docker-compose.yml"))
    ),
    "compose: a circle of includes": together(
        writes("docker-compose.yml", "include: [b.yml]\n"), writes("b.yml", "include: [docker-compose.yml]\n")
    ),
    "compose: files that are not there": writes("docker-compose.yml", NOWHERE),
    "compose: files outside": writes("docker-compose.yml", OUTSIDE),
    "python: UTF-16": writes("main.py", CREW.encode("utf-16")),
    "a huge file": writes("main.py", CREW + "x = 1\n" * 1_000_000),
    "a link to itself": links("loop.yml", "loop.yml"),
    "a folder that holds itself": links("again", "."),
    "a link out of the project": together(links(".env", "/etc/passwd"), links("main.py", "/etc/hostname")),
    "a dead link": links("main.py", "nowhere.py"),
    "a folder where a file belongs": lambda root: (root / ".env").mkdir(),
    "a pipe where a file belongs": a_pipe,
    "no permission": shut,
    "a hostile package": a_hostile_package,
    "a name of two lines": together(
        writes("a\nb.py", CREW), writes("c\nd/docker-compose.yml", COMPOSE), writes("e\x1b[1m.sh", "python main.py\n")
    ),
    "a name that is no text": lambda root: writes(os.fsdecode(b"\xff\xfe.py"), CREW)(root),
    "a deep folder": lambda root: writes("/".join(["d"] * 120) + "/main.py", CREW)(root),
    "nothing at all": lambda root: [file.unlink() for file in root.iterdir()] and None,
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    sound(root)
    return root


@pytest.mark.parametrize("build", CASES.values(), ids=CASES)
def test_no_project_makes_keyhop_fail(build: Build, project: Path, capfd: pytest.CaptureFixture[str]):
    build(project)
    started = perf_counter()
    status = main(["check", str(project), "--format", "json"])
    said = capfd.readouterr()
    assert status in (0, 1, 3), said.err
    assert perf_counter() - started < SECONDS
    if status != 3:
        assert json.loads(said.out)["schema"] == "keyhop.check.v1"
    assert main(["check", str(project)]) == status
    assert not [file for file in project.rglob("*") if file.name == "it-ran"]
    for line in capfd.readouterr().out.splitlines():
        assert line.isprintable(), line


@pytest.mark.parametrize(
    ("build", "path"),
    [
        (writes("docker-compose.yml", COMPOSE.encode("utf-16")), "docker-compose.yml"),
        (writes("docker-compose.yml", COMPOSE_FILES["no yaml"]), "docker-compose.yml"),
        (writes("docker-compose.yml", COMPOSE_FILES["an alias bomb"]), "docker-compose.yml"),
        (writes("docker-compose.yml", "include: [docker-compose.yml]\n" + COMPOSE), "docker-compose.yml"),
        (writes("main.py", PYTHON_FILES["broken"]), "main.py"),
        (writes("main.py", CREW.encode("utf-16")), "main.py"),
        (writes("main.py", CREW + "x = 1\n" * 1_000_000), "main.py"),
        (links("main.py", "/etc/hostname"), "main.py"),
    ],
    ids=["UTF-16 yaml", "no yaml", "alias bomb", "include circle", "no python", "UTF-16 python", "huge", "link out"],
)
def test_what_cannot_be_read_is_said(build: Build, path: str, project: Path, capsys: pytest.CaptureFixture[str]):
    (project / "beside").mkdir()
    sound(project / "beside")
    build(project)
    assert main(["check", str(project), "--format", "json"]) in (0, 1)
    spots = json.loads(capsys.readouterr().out)["blindspots"]
    assert [spot["why"] for spot in spots if spot["path"] == path]


def test_a_link_out_of_the_project_is_not_followed(project: Path, capsys: pytest.CaptureFixture[str]):
    outside = project.parent / "outside.env"
    outside.write_text("OPENAI_API_KEY=x\n")
    (project / "docker-compose.yml").write_text(COMPOSE.replace("command", "env_file: .env, command"))
    (project / ".env.example").unlink()
    (project / ".env").symlink_to(outside)
    main(["trace", "OPENAI_API_KEY", "--to", "worker", "--project", str(project), "--format", "json"])
    (trail,) = json.loads(capsys.readouterr().out)["trails"]
    assert trail["verdict"] == "unknown"
