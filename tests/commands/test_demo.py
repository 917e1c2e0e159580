"""``keyhop demo``: what it tells is what happens."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from keyhop.commands import main
from keyhop.demo.interpreter import prepared
from keyhop.demo.provider import LoopbackProvider
from keyhop.demo.services import workers
from keyhop.demo.twins import difference, lay_out
from keyhop.errors import UsageError
from testbed.compose_program import config, docker_compose, environment

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
KEY = "sk-demo-0123456789"
with_crewai = pytest.mark.skipif(find_spec("crewai") is None, reason="crewai is not installed")
with_compose = pytest.mark.skipif(docker_compose() is None, reason="docker-compose is not installed")


def ask(url: str, authorization: str | None, question: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json", **({"Authorization": authorization} if authorization else {})}
    request = urllib.request.Request(url, json.dumps(question).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


QUESTION = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Where is my card?"}]}


@pytest.mark.parametrize(
    ("authorization", "code", "says"),
    [
        (None, None, "You didn't provide an API key"),
        ("Bearer ", None, "You didn't provide an API key"),
        ("Bearer sk-wrong-9876", "invalid_api_key", "Incorrect API key provided: sk-****."),
    ],
    ids=["no header", "empty key", "wrong key"],
)
def test_the_provider_refuses_as_openai_does(authorization: str | None, code: str | None, says: str):
    with LoopbackProvider(KEY, str.upper) as provider:
        status, body = ask(f"{provider.url}/chat/completions", authorization, QUESTION)
    assert status == 401
    assert body["error"]["code"] == code
    assert body["error"]["message"].startswith(says)
    assert "9876" not in json.dumps(body)


def test_the_provider_answers_its_own_key_alone_and_only_on_this_machine():
    with LoopbackProvider(KEY, str.upper) as provider:
        assert provider.url.startswith("http://127.0.0.1:")
        status, body = ask(f"{provider.url}/chat/completions", f"Bearer {KEY}", QUESTION)
        assert (status, body["choices"][0]["message"]["content"]) == (200, "WHERE IS MY CARD?")
        assert ask(f"{provider.url}/embeddings", f"Bearer {KEY}", {})[0] == 404


@with_compose
@pytest.mark.parametrize("twin", ["broken", "mended"])
def test_each_worker_gets_exactly_what_compose_would_give_it(twin: str, tmp_path: Path):
    lay_out(tmp_path, twin, KEY)
    told = config(docker_compose() or "", tmp_path) or {}
    services = told["services"]
    started = list(workers(tmp_path))
    for worker in started:
        service = services[worker.service]
        assert dict(worker.environment) == environment(service)
        assert ["python", *worker.arguments] == service["command"]
        assert (worker.number or 1) <= service.get("deploy", {}).get("replicas", 1)
    assert [worker.title for worker in started] == ["worker 1", "worker 2", "worker-urgent"]


def test_the_diff_turns_the_broken_project_into_the_mended_one(tmp_path: Path):
    for twin in ("broken", "mended"):
        lay_out(tmp_path / twin, twin, KEY)
    (tmp_path / "change.diff").write_text("\n".join(difference()) + "\n")
    subprocess.run(["git", "apply", "-p1", "../change.diff"], cwd=tmp_path / "broken", check=True)
    for path in (tmp_path / "mended").rglob("*"):
        if path.is_file():
            assert (tmp_path / "broken" / path.relative_to(tmp_path / "mended")).read_bytes() == path.read_bytes()


def test_the_demo_installs_what_its_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    requirements = ROOT / "src/keyhop/demo/project/backend/requirements.txt"
    assert project["project"]["optional-dependencies"]["demo"] == requirements.read_text("utf-8").split("\n")[:-1]


@with_crewai
def test_the_story_goes_as_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["demo", "--keep", str(tmp_path / "desk"), "--format", "json"]) == 0
    said = capsys.readouterr()
    alone, scaled, found, mended, silent, again = json.loads(said.out)["steps"]
    assert len(alone["processes"][0]["replies"]) == 6
    assert {p["title"]: p["error"].partition(":")[0] for p in scaled["processes"]} == {
        "worker 1": "ValueError",
        "worker 2": "ValueError",
        "worker-urgent": "ImportError",
    }
    assert {(f["process"].rpartition("#")[2], f["rule"]) for f in found["check"]["findings"]} == {
        ("worker", "missing-beside-sibling"),
        ("worker-urgent", "empty-value-wins"),
    }
    assert "+    env_file: ./backend/.env" in mended["diff"]
    assert silent["check"]["findings"] == []
    assert sorted(r for p in again["processes"] for r in p["replies"]) == alone["processes"][0]["replies"]
    key = (tmp_path / "desk/broken/backend/.env").read_text().partition("=")[2].strip()
    assert re.fullmatch(r"sk-demo-\w{32}", key)
    assert key not in said.out + said.err


def test_without_crewai_the_checks_are_still_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("keyhop.commands.demo.has_crewai", lambda python, home: False)
    assert main(["demo"]) == 0
    said = capsys.readouterr().out
    assert said.count("(not run: this Python has no CrewAI)") == 3
    assert "keyhop demo --setup" in said
    assert "error[" in said
    assert "no findings" in said


def test_a_directory_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "mine.txt").write_text("x")
    assert main(["demo", "--keep", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert "is there already" in capsys.readouterr().err


def test_a_setup_that_fails_says_so_and_one_that_works_is_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("no requirement at all\n")
    with pytest.raises(UsageError, match="pip install"):
        prepared(requirements)
    requirements.write_text("# nothing\n")
    python = prepared(requirements)
    assert python.is_file()
    (mark := python.parent / "mark").touch()
    assert prepared(requirements) == python
    assert mark.exists()
