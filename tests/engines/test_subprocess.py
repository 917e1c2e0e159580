"""``subprocess`` and its kin: what ``env=`` keeps, replaces and adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.observed import KEY, assert_agrees, line_of, observed, predicted, project

CHILD = """
    import json, os, sys

    NAMES = ("SHELL_KEY", "BEFORE_KEY", "OTHER_KEY")

    def work():
        if os.environ.get("REALLY_ASK"):
            from openai import OpenAI
            OpenAI(api_key=os.environ["SHELL_KEY"]).models.list()
            OpenAI(api_key=os.environ["BEFORE_KEY"]).models.list()
            OpenAI(api_key=os.environ["OTHER_KEY"]).models.list()
        print(json.dumps(["seen", {name: name in os.environ for name in NAMES}]), flush=True)

    work()
    """
ENVIRONMENTS = {
    "nothing is passed": ("", "COMMAND"),
    "None": ("", "COMMAND, env=None"),
    "an empty mapping": ("", "COMMAND, env={}"),
    "a mapping of its own": ("", 'COMMAND, env={"PATH": os.environ["PATH"], "OTHER_KEY": other}'),
    "everything and one more": ("", 'COMMAND, env={**os.environ, "OTHER_KEY": other}'),
    "a union": ("", 'COMMAND, env=os.environ | {"OTHER_KEY": other}'),
    "dict()": ("", "COMMAND, env=dict(os.environ, OTHER_KEY=other)"),
    "a copy that is changed": (
        'env = os.environ.copy()\nenv["OTHER_KEY"] = os.environ["SHELL_KEY"]\nenv.pop("BEFORE_KEY")',
        "COMMAND, env=env",
    ),
    "a copy of before": ("env = dict(os.environ)\nos.environ['OTHER_KEY'] = other", "COMMAND, env=env"),
    "an update": ('env = {}\nenv.update(OTHER_KEY=other)\nenv.update({"BEFORE_KEY": other})', "COMMAND, env=env"),
    "a function": ("", "COMMAND, env=made()"),
}
WAYS = {
    "a list": ("subprocess.run([sys.executable, 'child.py']", ", check=True)"),
    "a shell": ("subprocess.run('python child.py', shell=True", ", check=True)"),
    "Popen of a module": ("subprocess.Popen([sys.executable, '-m', 'child']", ").wait()"),
    "check_call beside the file": (
        "subprocess.check_call([sys.executable, os.path.join(os.path.dirname(__file__), 'child.py')]",
        ")",
    ),
}


def started(tmp_path: Path, before: str, call: str) -> Path:
    body = "".join(f"    {line}\n" for line in (*before.splitlines(), f"{call}  # the call"))
    main = f"""\
import asyncio, os, subprocess, sys

other = "{KEY.format("other")}"

def made():
    result = os.environ.copy()
    result["OTHER_KEY"] = other
    return result

if __name__ == "__main__":
    os.environ["BEFORE_KEY"] = "{KEY.format("before")}"
{body}"""
    return project(tmp_path, main, child=CHILD)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_env_replaces_everything_or_nothing(tmp_path: Path, environment: str) -> None:
    before, arguments = ENVIRONMENTS[environment]
    start, end = WAYS["a list"]
    root = started(tmp_path, before, arguments.replace("COMMAND", start) + end)
    said = predicted(root)[f"subprocess:main.py#{line_of(root, '# the call')}"]
    assert_agrees(said, observed(root)["seen"])


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_start_one_leads_to_its_script(tmp_path: Path, way: str) -> None:
    start, end = WAYS[way]
    root = started(tmp_path, "", start + end)
    said = predicted(root)[f"subprocess:main.py#{line_of(root, '# the call')}"]
    assert_agrees(said, observed(root)["seen"])


@pytest.mark.parametrize(
    "call",
    [
        "os.system('python child.py')",
        "os.execv(sys.executable, [sys.executable, 'child.py'])",
        "os.execve(sys.executable, [sys.executable, 'child.py'], {'OTHER_KEY': other})",
        "os.execlp('python', 'python', 'child.py')",
        "asyncio.run(asyncio.create_subprocess_exec(sys.executable, 'child.py'))",
    ],
)
def test_the_operating_systems_own_calls(tmp_path: Path, call: str) -> None:
    root = started(tmp_path, "", call)
    said = predicted(root)[f"subprocess:main.py#{line_of(root, '# the call')}"]
    assert_agrees(said, observed(root)["seen"])


def test_an_environment_that_is_filtered_while_running_is_not_guessed(tmp_path: Path) -> None:
    start, end = WAYS["a list"]
    root = started(tmp_path, "", f"{start}, env={{k: v for k, v in os.environ.items() if k != other}}{end}")
    said = predicted(root)[f"subprocess:main.py#{line_of(root, '# the call')}"]
    assert_agrees(said, observed(root)["seen"], unknown=("SHELL_KEY", "BEFORE_KEY", "OTHER_KEY"))
