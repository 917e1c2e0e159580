"""Answers compared: who holds the same key, what is missing, what is silence; and why, by the project's files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keyhop import roll_json, roll_prometheus, roll_text
from keyhop.errors import UsageError
from keyhop.roll import Called, Explained, Role, Roll, Silent, is_answer, role_of
from keyhop.roll_hops import explained

NAME = "OPENAI_API_KEY"
NOW = 1_800_000_000.0


def told(worker: str, mark: str | None = "aa" * 32, **more: Any) -> dict[str, Any]:
    """One process's answer; without a mark, the variable is not set."""
    cell: dict[str, Any] = {"state": "present" if mark else "absent", "mark": mark, "changes": [], "name": NAME}
    cell |= {name: more.pop(name) for name in ("state", "changes", "verdict", "because") if name in more}
    about = {"worker": worker, "process": "MainProcess", "pid": 7, "host": "x", "generation": 1, "since": NOW - 60}
    return {**about, "seen": {NAME: cell}, **more}


def role(*answers: Mapping[str, Any], id: str = "celery:tasks.py#app", silent: tuple[Silent, ...] = ()) -> Role:
    return role_of(Called(id=id, title="Celery app tasks", answers=answers, silent=silent))


def roll(*roles: Role, expected: int | None = None) -> Roll:
    return Roll(roles=roles, seconds=0.1, at=NOW, expected=expected)


SILENT = (Silent(worker="busy@x", why="no answer"),)
STATES = {
    "all have one key": (role(told("a"), told("b")), True, 0),
    "two keys": (role(told("a"), told("b", "bb" * 32)), False, 1),
    "one lacks it": (role(told("a"), told("b", None)), False, 1),
    "nobody has it": (role(told("a", None), told("b", None)), None, 1),
    "one has it with a quote": (role(told("a"), told("b", changes=["quotes"])), False, 1),
    "rejected": (role(told("a", verdict="rejected")), False, 1),
    "cannot tell": (role(told("a", verdict="cannot tell")), True, 0),
    "one is silent": (role(told("a"), silent=SILENT), True, 0),
    "only silence": (role(silent=SILENT), None, 5),
    "not known at its start": (role(told("a", None, state="unknown", started_with=True)), None, 0),
    "known of one alone": (role(told("a"), told("b", None, state="unknown", started_with=True)), True, 0),
}


@pytest.mark.parametrize("case", STATES)
def test_sameness_and_exit_status(case: str):
    found, same, status = STATES[case]
    assert (found.same(NAME), roll(found).exit_code) == (same, status)


def test_fewer_workers_than_expected_are_a_fault_though_all_agree():
    agreed = role(told("a"), told("a"), told("b"))
    assert [roll(agreed, expected=number).exit_code for number in (1, 2, 3)] == [0, 0, 1]


def test_what_does_not_count_is_no_fault():
    idle = replace(role(told("new", None)), counts=False)
    assert roll(role(told("a")), idle).exit_code == 0
    assert roll(idle).exit_code == 5


def test_what_is_no_answer_is_not_taken_for_one_and_no_terminal_obeys_a_name():
    good = told("a")
    cells = ({"state": 1}, {"state": "present", "way": []}, 1)
    for wrong in (None, [], {}, {"seen": []}, good | {"pid": "x"}, *({"seen": {NAME: each}} for each in cells)):
        assert not is_answer(wrong)
    assert is_answer(good)
    odd = role(told("a\x1b[2J"), told("b", because="\x1b]0;x\x07", verdict="rejected"))
    assert "\x1b" not in roll_text.render(roll(odd), colour=False)


def test_the_commonest_key_is_a_and_no_format_has_a_fingerprint():
    marks = ["0a" * 32, "ff" * 32, "ff" * 32]
    found = roll(role(*(told(f"w{number}", mark) for number, mark in enumerate(marks))))
    assert [each.cells[NAME].key for each in found.roles[0].present] == ["B", "A", "A"]
    for text in (roll_text.render(found, colour=True), roll_json.render(found), roll_prometheus.render(found)):
        assert not any(mark[:8] in text for mark in marks)


def test_the_text():
    cells = [told("a@x"), told("b@x", "bb" * 32, verdict="rejected", because="nobody knows it", since=NOW - 7300)]
    hop = Explained(role="celery:tasks.py#app", name=NAME, process="p", predicted="lost", path="c.yml", line=3,
                    says="it is lost", beside=("web has it",))  # fmt: skip
    found = replace(roll(role(*cells, silent=SILENT)), explained=(hop,))
    assert roll_text.render(found, colour=False) == (
        "Celery app tasks  [celery:tasks.py#app]\n"
        "  worker     generation  held for  OPENAI_API_KEY\n"
        "  a@x pid 7  1           60 s      key A\n"
        "  b@x pid 7  1           2 h       key B, rejected\n"
        "  busy@x: no answer\n"
        "  OPENAI_API_KEY: 2 different keys, key A the newest; rejected\n"
        "  OPENAI_API_KEY, rejected: nobody knows it\n"
        "  = it is lost  --> c.yml:3\n"
        "    web has it\n"
        "\n"
        "2 answered, 1 did not: 1 to mend (0.10 s)\n"
    )


def test_prometheus_reads_it():
    parser = pytest.importorskip("prometheus_client.parser")
    found = roll(role(told("a", verdict="accepted"), told("b", "bb" * 32), silent=SILENT))
    families = {
        each.name: each.samples for each in parser.text_string_to_metric_families(roll_prometheus.render(found))
    }
    assert {each.labels["worker"]: each.value for each in families["keyhop_worker_answered"]} == {
        "a": 1,
        "b": 1,
        "busy@x": 0,
    }
    assert [each.value for each in families["keyhop_role_credential_keys"]] == [2]
    assert [each.value for each in families["keyhop_role_credential_same"]] == [0]
    (verdict,) = families["keyhop_worker_credential_verdict"]
    assert (verdict.labels["worker"], verdict.labels["verdict"]) == ("a", "accepted")
    assert families["keyhop_roll_call_status"][0].value == 1


def test_without_its_client_the_user_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(UsageError, match="needs prometheus_client"):
        roll_prometheus.render(roll(role(told("a"))))


# Why, by the project's files.


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app whose worker is started by hand, where the key arrives, and by Compose twice, with another and none."""
    files = {
        "tasks.py": "from celery import Celery\napp = Celery('tasks')\n\n@app.task\ndef work():\n"
        "    from crewai import LLM\n    LLM('openai/gpt-4o-mini').call('x')\n",
        ".env": "OPENAI_API_KEY=sk-proj-0123456789abcdefghijkl\n",
        "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY tasks.py ./\nCMD celery -A tasks worker\n",
        "compose.yaml": "services:\n  web:\n    build: .\n    environment:\n      OPENAI_API_KEY: ${OPENAI_API_KEY}\n"
        "  batch:\n    build: .\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        os.utime(tmp_path / name, (NOW - 1000, NOW - 1000))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def hops(project: Path, *roles: Role) -> dict[str, Explained]:
    return {each.process.rpartition("#")[2]: each for each in explained(roll(*roles), project)}


def test_a_lost_key_is_the_files_finding_and_the_sibling_shows_how_it_is_meant(project: Path):
    web = role(told("web-1"), id="compose:compose.yaml#web")
    batch = role(told("batch-1", None), id="compose:compose.yaml#batch")
    found = hops(project, web, batch)
    assert set(found) == {"batch"}
    assert (found["batch"].predicted, found["batch"].path) == ("lost", "compose.yaml")
    assert found["batch"].says.startswith("service batch does not get OPENAI_API_KEY")
    assert [each.partition(" has it, ")[0] for each in found["batch"].beside] == ["Celery app tasks"]
    assert "compose.yaml:5" in found["batch"].beside[0]


def test_where_files_and_workers_disagree_the_files_are_not_believed(project: Path):
    web, batch = "compose:compose.yaml#web", "compose:compose.yaml#batch"
    other = hops(project, role(told("web-1", None), told("web-2"), id=web))["web"]
    assert other.predicted == "arrives"
    assert "web-1 lacks it: started with another shell or other files" in other.says
    os.utime(project / ".env", (NOW - 10, NOW - 10))
    older = hops(project, role(told("web-1", None), told("web-2"), id=web))["web"]
    assert "web-1 lacks it: begun before .env was last changed" in older.says
    has = hops(project, role(told("batch-1"), told("batch-2", "bb" * 32), id=batch))["batch"]
    assert "batch-1, batch-2 have it all the same" in has.says


def test_two_keys_of_one_app_come_two_ways(project: Path):
    os.utime(project / ".env", (NOW - 100, NOW - 100))
    found = hops(project, role(told("a@x", since=NOW - 500), told("b@x", "bb" * 32)))
    assert set(found) == {"web", "batch"}
    assert "in service web OPENAI_API_KEY comes this way: from .env (.env:1), by compose .env" in found["web"].says
    assert found["web"].says.endswith("; a@x began before .env was last changed")


def test_json_has_them(project: Path):
    found = roll(role(told("batch-1", None), id="compose:compose.yaml#batch"))
    found = replace(found, explained=explained(found, project))
    (hop,) = json.loads(roll_json.render(found))["explained"]
    assert (hop["name"], hop["predicted"], hop["path"]) == (NAME, "lost", "compose.yaml")


def test_a_watch_calls_again_until_it_is_interrupted(tmp_path: Path):
    """Of this machine, with a process of its own that answers."""
    guarded = 'import keyhop, time\nkeyhop.attach("openai")(lambda: print("begun", flush=True))()\ntime.sleep(60)\n'
    own = {**os.environ, "TMPDIR": str(tmp_path)[:90], "OPENAI_API_KEY": "sk-proj-0123456789abcdefghijkl"}
    watching = [sys.executable, "-m", "keyhop", "workers", "--here", "--watch", "0.2", "--format", "json"]
    with subprocess.Popen([sys.executable, "-c", guarded], env=own, stdout=subprocess.PIPE, cwd=tmp_path) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"begun\n"
        with subprocess.Popen(watching, env=own, stdout=subprocess.PIPE, cwd=tmp_path) as watch:
            assert watch.stdout is not None
            there = json.loads(watch.stdout.readline())
            worker.kill()
            worker.wait()
            statuses = [json.loads(watch.stdout.readline())["exit"] for _ in range(3)]
            watch.send_signal(2)
            watch.communicate(timeout=20)
    assert (there["exit"], there["roles"][0]["workers"][0]["pid"]) == (0, worker.pid)
    assert statuses[-1] == 5
    assert watch.returncode == 130


def test_a_workload_of_a_cluster_is_found_in_its_manifest(project: Path):
    """Whatever file it is in, and beside a Compose service of that name."""
    manifest = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - {name: app, image: crew, command: [celery, -A, tasks, worker]}
      - {name: proxy, image: proxy, env: [{name: OPENAI_API_KEY, value: ""}]}
"""
    (project / "web.yaml").write_text(manifest)
    called = Called(id="kubernetes:default/deployment/web#proxy", title="x", answers=(told("web-1", None),),
                    process=("k8s:*#web", "k8s:*#web/proxy"))  # fmt: skip
    (hop,) = explained(roll(role_of(called)), project)
    assert (hop.process, hop.predicted, hop.path) == ("k8s:web.yaml#web/proxy", "lost", "web.yaml")
