"""What cron gives its jobs, and what is left behind on the way to another host or user."""

from __future__ import annotations

from pathlib import Path

import pytest
from following_world import follow
from kubernetes_world import Cluster, read

from keyhop.readers.cron import READER
from keyhop.sighting import Change, State
from keyhop.value import Loss, Verdict

KEY = "OPENAI_API_KEY"
JOB = "0 6 * * * cd /opt/crew && /opt/crew/.venv/bin/python -m crew.daily"
CODE = {"crew/__init__.py": "", "crew/daily.py": "import os\nos.environ['OPENAI_API_KEY']\n"}


def told(root: Path, text: str, path: str = "crontab") -> Cluster:
    return read(root, {path: text, **CODE}, READER)


def test_a_job_has_nothing_but_the_lines_above_it(tmp_path: Path):
    cluster = told(tmp_path, f"{JOB}\n{KEY}=sk-1\n{JOB}\n")
    assert cluster.processes == ("cron:crontab#1", "cron:crontab#2")
    assert cluster.value("1", KEY).loss is Loss.NOT_SUPPLIED
    assert cluster.agrees(cluster.value("2", KEY).seen, "sk-1")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f'{KEY} = "sk-1"', "sk-1"),
        (f"{KEY}='sk-1'", "sk-1"),
        (f"{KEY}=$OTHER", "$OTHER"),
        (f"{KEY}=sk-1 # c", "sk-1 # c"),
        (f"{KEY}=", ""),
    ],
)
def test_a_value_is_the_text_behind_the_sign(line: str, expected: str, tmp_path: Path):
    cluster = told(tmp_path, f"{line}\n{JOB}\n")
    assert cluster.agrees(cluster.value("1", KEY).seen, expected)


@pytest.mark.parametrize("text", [f"export {KEY}=sk-1\n{JOB}\n", f'{KEY}="sk-1" # c\n{JOB}\n', JOB])
def test_one_bad_line_makes_cron_ignore_the_file(text: str, tmp_path: Path):
    assert told(tmp_path, text).refusals


def test_a_file_for_cron_d_names_a_user_and_is_cut_at_a_percent_sign(tmp_path: Path):
    line = "*/5 * * * * crew cd /opt/crew && python -m crew.daily --day=$(date +%F)"
    cluster = told(tmp_path, f"{KEY}=sk-1\n{line}\n", "deploy/cron.d/crew")
    (launch,) = cluster.launches.values()
    assert launch.text == "cd /opt/crew && python -m crew.daily --day=$(date +"
    assert [(layer.target, layer.source) for layer in launch.layers] == [("/opt/crew", ".")]


@pytest.mark.parametrize(
    ("command", "verdict"),
    [
        ("ssh crew@host 'python main.py'", Verdict.LOST),
        ("ssh -i id -p 22 host python main.py", Verdict.LOST),
        ('ssh host "OPENAI_API_KEY=$OPENAI_API_KEY python main.py"', Verdict.UNKNOWN),
        ("ssh -o SendEnv=OPENAI_API_KEY host python main.py", Verdict.UNKNOWN),
        ("ssh host 'export OPENAI_API_KEY=sk-1; python main.py'", Verdict.ARRIVES),
        ("sudo -u crew python main.py", Verdict.LOST),
        ("sudo -E python main.py", Verdict.ARRIVES),
        ("sudo --preserve-env=OPENAI_API_KEY python main.py", Verdict.ARRIVES),
        ("sudo OPENAI_API_KEY=sk-1 python main.py", Verdict.ARRIVES),
        ("env -i PATH=/bin python main.py", Verdict.LOST),
        ("runuser -u crew -- python main.py", Verdict.ARRIVES),
        ("su - crew -c 'python main.py'", Verdict.LOST),
    ],
)
def test_what_another_host_or_user_gets(command: str, verdict: Verdict, tmp_path: Path):
    world = follow(tmp_path, command, {"main.py": ""}, env={KEY: "sk-1"})
    assert any("main.py" in each for each in world.told)
    assert world.value(KEY).verdict is verdict


def test_a_lone_reference_is_no_key(tmp_path: Path):
    seen = told(tmp_path, f"{KEY}=$OTHER\n{JOB}\n").value("1", KEY).seen
    assert seen.state is State.PLACEHOLDER or Change.UNEXPANDED in seen.changes
