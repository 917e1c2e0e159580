"""From a command to the programs it comes down to, and what it does to their environment."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from following_world import follow

from keyhop import launchers as family
from keyhop.facts import Layer, Supply
from keyhop.following import launchers
from keyhop.launch import Program
from keyhop.launcher import Launcher
from keyhop.sighting import State
from keyhop.value import Loss, Verdict
from keyhop.view import ON_THE_HOST

KEY = "OPENAI_API_KEY"

COMMANDS = {
    "python main.py --n 3": "script /app/main.py",
    "/usr/bin/python3.12 -u -X dev src/main.py": "script /app/src/main.py",
    "python -m pkg.cli run": "module pkg.cli",
    "python -c 'import main'": "code import main",
    "python - <<'EOF'\nimport main\nEOF": "code import main\n",
    "python -m uvicorn main:app": "application main:app",
    "uvicorn --host 0.0.0.0 --reload app.main:app --port ${PORT:-8000}": "application app.main:app",
    "gunicorn -k uvicorn.workers.UvicornWorker -w 4 'app:create_app()'": "application app:create_app",
    "fastapi run api/app.py": "application app",
    "flask --app web.site run": "application web.site",
    "FLASK_APP=site.py flask run -h 0.0.0.0": "application site",
    "streamlit run ui/page.py --server.port 80": "script /app/ui/page.py",
    "chainlit run chat.py -w": "script /app/chat.py",
    "celery -A proj.app worker -l info -Q a,b": "celery worker proj.app",
    "celery worker --app=proj -B": "celery worker proj",
    "celery -A proj beat": "foreign celery beat",
    "celery --broker=redis://x flower": "foreign celery flower",
    "dramatiq jobs.mail -p 2": "task worker jobs.mail",
    "arq jobs.Settings": "task worker jobs:Settings",
    "rq worker high": "rq worker rq",
    "crewai flow kickoff": "crewai /app",
    "crewai install": "foreign crewai install",
    "ray start --head": "foreign ray start",
    "serve run serving:app": "application serving:app",
    "python manage.py runserver 0:8000": "script /app/manage.py",
    "python manage.py migrate": "foreign manage.py migrate",
    "alembic upgrade head": "foreign alembic upgrade",
    "uv run --with x python main.py": "script /app/main.py",
    "uv run main.py": "script /app/main.py",
    "uv run --directory sub -m pkg": "module pkg",
    "poetry run python main.py": "script /app/main.py",
    "pipenv run uvicorn a:b": "application a:b",
    "conda run -n env python main.py": "script /app/main.py",
    "nohup nice -n 5 timeout 60 python main.py &": "script /app/main.py",
    "exec tini -- gosu app:app python main.py": "script /app/main.py",
    "su app -c 'python main.py'": "script /app/main.py",
    "./wait-for-it.sh db:5432 -t 30 -- python main.py": "script /app/main.py",
    "dockerize -wait tcp://db:1 python main.py": "script /app/main.py",
    "watchmedo auto-restart -d . -p '*.py' -R -- celery -A p worker": "celery worker p",
    "env A=1 python main.py": "script /app/main.py",
    "opentelemetry-instrument python main.py": "script /app/main.py",
    "cd sub && python job.py": "script /app/sub/job.py",
    "cat list | xargs -n1 python main.py": "script /app/main.py",
    "$(which python) main.py": "script /app/main.py",
    "mystery --serve": "unknown mystery",
    "tail -f /dev/null": "foreign tail -f",
    "sleep infinity": "foreign sleep",
    "sh": "foreign sh",
}


@pytest.mark.parametrize(("command", "expected"), COMMANDS.items())
def test_a_command_comes_down_to_its_program(command: str, expected: str, tmp_path: Path) -> None:
    assert follow(tmp_path, command).told == [expected]


def test_several_programs_of_one_command_are_several_entries(tmp_path: Path) -> None:
    found = follow(tmp_path, ["sh", "-c", "alembic upgrade head && celery -A p worker & exec uvicorn a:b"])
    assert found.told == ["foreign alembic upgrade", "celery worker p", "application a:b"]


def test_queues_directories_and_the_module_path_are_kept(tmp_path: Path) -> None:
    (worker,) = follow(tmp_path, "PYTHONPATH=src celery -A p --workdir w worker -Q a,b -Q c").entries
    assert (worker.queues, worker.cwd, worker.path) == (("a", "b", "c"), "/app/w", ("/app/w/src",))
    (server,) = follow(tmp_path, "uvicorn --app-dir src a:b").entries
    assert server.path == ("/app/src",)


SCRIPTS = {
    "entrypoint.sh": """\
#!/bin/bash
set -e
start() { exec "$@"; }
ROLE="${1:-web}"
case "$ROLE" in
  web) start uvicorn a:b ;;
  worker|task) exec celery -A p worker ;;
  *) exec "$@" ;;
esac
echo never
""",
    "menu.sh": """\
if [ -f extra.py ]; then python extra.py
elif [ $# -gt 0 ]; then python args.py
else python none.py; fi
""",
    "loop.sh": "for q in a b; do celery -A p worker -Q $q & done; while true; do python tick.py; sleep 1; done",
    "open.sh": 'if [ "$MODE" = worker ]; then celery -A p worker; else uvicorn a:b; fi\ntest -n "$X" || python x.py',
    "run.py": "#!/usr/bin/env python3\n",
    "Makefile": "PY ?= python3\nrun: setup\n\t@$(PY) -m pkg.cli \\\n\t  --n $(N)\nsetup:\n\tpip install -r x\n",
    "Procfile": "web: uvicorn a:b\nworker: celery -A p worker\n",
    "env.mk": "include .env\nexport OPENAI_API_KEY\nrun:\n\tpython m.py\n",
    "package.json": '{"scripts": {"api": "uvicorn a:b", "dev": "concurrently \\"npm run api\\" vite"}}',
    "supervisord.conf": """\
[program:web]
command=uvicorn a:b
directory=%(here)s/srv
[program:w] ; x
command = celery -A p
  worker
""",
    "pyproject.toml": """\
[project.scripts]
serve = "pkg.main:start"
[tool.pdm.scripts]
go = {cmd = "python main.py", env_file = ".env"}
[tool.poe.tasks]
talk = "python talk.py"
""",
    "src/pkg/main.py": "",
}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["/app/entrypoint.sh"], ["application a:b"]),
        (["./entrypoint.sh", "task"], ["celery worker p"]),
        (["bash", "entrypoint.sh", "python", "main.py"], ["script /app/main.py"]),
        (["sh", "menu.sh"], ["script /app/none.py"]),
        (["sh", "menu.sh", "x"], ["script /app/args.py"]),
        (["sh", "loop.sh"], ["celery worker p", "celery worker p", "script /app/tick.py"]),
        (
            ["sh", "open.sh"],
            [
                "celery worker p if $MODE = worker",
                "application a:b if not $MODE = worker",
                "script /app/x.py if not -n $X",
            ],
        ),
        (["./run.py"], ["script /app/run.py"]),
        ("make run N=3", ["foreign pip install", "module pkg.cli"]),
        ("honcho start worker", ["celery worker p"]),
        ("npm run dev", ["application a:b", "foreign vite"]),
        ("supervisord -n -c supervisord.conf", ["application a:b", "celery worker p"]),
        ("uv run serve", ["application pkg.main:start"]),
        ("pdm run go", ["script /app/main.py"]),
        ("poe talk", ["script /app/talk.py"]),
        (["/missing.sh"], ["unknown /missing.sh"]),
    ],
)
def test_scripts_and_task_runners_are_followed(command: str | list[str], expected: list[str], tmp_path: Path) -> None:
    assert follow(tmp_path, command, SCRIPTS).told == expected


def test_an_entry_says_where_in_the_script_it_is(tmp_path: Path) -> None:
    (entry,) = follow(tmp_path, ["./entrypoint.sh", "worker"], SCRIPTS).entries
    assert str(entry.span) == "entrypoint.sh:7"
    web, worker = follow(tmp_path, "supervisord -c supervisord.conf", SCRIPTS).entries
    assert (web.role, web.cwd, worker.role) == ("web", "/app/srv", "w")


def test_a_script_that_starts_itself_ends(tmp_path: Path) -> None:
    found = follow(tmp_path, ["./a.sh"], {"a.sh": "./b.sh\n", "b.sh": "f() { f; }; f\n./a.sh\n"})
    assert {e.program for e in found.entries} == {Program.UNKNOWN}


ENV = {".env": f"{KEY}='sk-file'\nOTHER=two\n"}
ARRIVES = [
    ("export", f"export {KEY}=sk-1; python m.py", {}, "sk-1"),
    ("set -a and a source", "set -a; . ./.env; set +a; python m.py", {}, "sk-file"),
    ("set -o allexport in bash", ["bash", "-c", "set -o allexport; source .env; exec python m.py"], {}, "sk-file"),
    ("an export after the source", f". ./.env; export {KEY}; python m.py", {}, "sk-file"),
    ("xargs", "export $(grep -v '^#' .env | xargs) && python m.py", {}, "sk-file"),
    ("a prefix", f"{KEY}=sk-1 python m.py", {}, "sk-1"),
    ("a renamed variable", f'export {KEY}="$LLM_KEY"; python m.py', {"LLM_KEY": "sk-2"}, "sk-2"),
    ("a default that is not needed", f"export {KEY}=${{{KEY}:-none}}; python m.py", {KEY: "sk-3"}, "sk-3"),
    ("a fallback", f"export {KEY}=${{A:-$B}}; python m.py", {"B": "sk-4"}, "sk-4"),
    ("a variable of the script", f"k=sk-5; export {KEY}=$k; python m.py", {}, "sk-5"),
    ("a name that is exported already", f"{KEY}=sk-6; python m.py", {KEY: "old"}, "sk-6"),
    ("env", f"env {KEY}=sk-7 python m.py", {KEY: "old"}, "sk-7"),
    ("env -i with the name", f'env -i {KEY}="${KEY}" python m.py', {KEY: "sk-8"}, "sk-8"),
    ("sudo that keeps the name", f"sudo --preserve-env={KEY} python m.py", {KEY: "sk-9"}, "sk-9"),
    ("sudo -E", "sudo -E python m.py", {KEY: "sk-10"}, "sk-10"),
    ("uv run with a file", "uv run --env-file .env m.py", {}, "sk-file"),
    ("uv run yields to the process", "uv run --env-file .env m.py", {KEY: "sk-11"}, "sk-11"),
    ("dotenv run overrides", "dotenv -f .env run -- python m.py", {KEY: "old"}, "sk-file"),
    ("pipenv loads .env", "pipenv run python m.py", {KEY: "old"}, "sk-file"),
    ("uvicorn --env-file", "uvicorn --env-file .env a:b", {}, "sk-file"),
    ("flask loads .env", "flask --app a run", {}, "sk-file"),
    ("honcho run", "honcho run python m.py", {KEY: "old"}, "sk-file"),
    ("a task's env_file", "pdm run go", {}, "sk-file"),
    ("a function that exports", f"f() {{ export {KEY}=$1; }}; f sk-12; python m.py", {}, "sk-12"),
    ("a subshell around all", f"(export {KEY}=sk-13; python m.py)", {}, "sk-13"),
    ("eval", f"eval 'export {KEY}=sk-14'; python m.py", {}, "sk-14"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "command", "env", "value"), ARRIVES, ids=[row[0] for row in ARRIVES])
def test_a_value_arrives(
    title: str, command: str | list[str], env: dict[str, str], value: str, tmp_path: Path
) -> None:
    found = follow(tmp_path, command, {**ENV, **SCRIPTS}, env=env)
    assert found.value(KEY).verdict is Verdict.ARRIVES
    assert found.is_text(KEY, value)


LOST = [
    ("set without export", f"{KEY}=sk-1; python m.py", {}, State.ABSENT, Loss.NOT_PASSED),
    ("a source without export", ". ./.env; python m.py", {}, State.ABSENT, Loss.ALTERED),
    ("an export in a child", f"sh -c '. ./.env; export {KEY}'; python m.py", {}, State.ABSENT, Loss.NOT_SUPPLIED),
    ("an export in a subshell", f"(export {KEY}=sk-1); python m.py", {}, State.ABSENT, Loss.NOT_SUPPLIED),
    ("a prefix of another command", f"{KEY}=sk-1 alembic upgrade; python m.py", {}, State.ABSENT, Loss.NOT_SUPPLIED),
    ("an empty reference", f'export {KEY}="$NOT_SET"; python m.py', {}, State.EMPTY, Loss.EMPTIED),
    ("unset", f"unset {KEY}; python m.py", {KEY: "sk-1"}, State.ABSENT, Loss.REMOVED),
    ("env -u", f"env -u {KEY} python m.py", {KEY: "sk-1"}, State.ABSENT, Loss.REMOVED),
    ("env -i", "env -i PATH=$PATH python m.py", {KEY: "sk-1"}, State.ABSENT, Loss.REMOVED),
    ("sudo", "sudo -u app python m.py", {KEY: "sk-1"}, State.ABSENT, Loss.REMOVED),
    ("su -", "su - app -c 'python m.py'", {KEY: "sk-1"}, State.ABSENT, Loss.REMOVED),
    ("a file that is not in the image", "set -a; . ./gone.env; python m.py", {}, State.ABSENT, Loss.NOT_PASSED),
]  # fmt: skip


@pytest.mark.parametrize(("title", "command", "env", "state", "loss"), LOST, ids=[row[0] for row in LOST])
def test_a_value_is_lost(
    title: str, command: str | list[str], env: dict[str, str], state: State, loss: Loss, tmp_path: Path
) -> None:
    value = follow(tmp_path, command, ENV, env=env).value(KEY)
    assert (value.verdict, value.seen.state, value.loss) == (Verdict.LOST, state, loss)


@pytest.mark.parametrize(
    "command",
    [
        f"export {KEY}=$(cat /run/secrets/key); python m.py",
        "doppler run -- python m.py",
        "eval $(vault-env); python m.py",
        f'if [ "$MODE" = x ]; then export {KEY}=sk-1; fi; python m.py',
        f"{KEY}=sk-1 python m.py & uvicorn a:b",
        "ray job submit -- python m.py",
        ". ~/.profile; python m.py",
    ],
)
def test_what_only_a_run_can_tell_is_unknown(command: str, tmp_path: Path) -> None:
    assert follow(tmp_path, command, ENV).value(KEY).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "command",
    [
        f"cat > .env <<EOF\n{KEY}=$TOKEN\nEOF\npython m.py",
        f'echo "{KEY}=$TOKEN" >> .env; python m.py',
        f"printf '{KEY}=%s\\n' \"$TOKEN\" > .env; python m.py",
        f"{{ echo A=1; echo {KEY}=${{TOKEN}}; }} > .env; python m.py",
    ],
)
def test_an_env_file_that_a_script_writes_has_its_variables(command: str, tmp_path: Path) -> None:
    found = follow(tmp_path, command, env={"TOKEN": "sk-1"})
    file = f"{found.entries[0].place}:/app/.env"
    assert found.topology.value(file, KEY).verdict is Verdict.ARRIVES  # type: ignore[arg-type]


def test_make_keeps_the_quotes_of_an_env_file_that_it_includes(tmp_path: Path) -> None:
    found = follow(tmp_path, "make -f env.mk", {**ENV, **SCRIPTS}, env={KEY: "old"})
    assert found.told == ["script /app/m.py"]
    assert found.is_text(KEY, "'sk-file'")
    assert found.value("OTHER").verdict is Verdict.LOST


def test_on_the_host_an_env_file_is_the_projects_own(tmp_path: Path) -> None:
    found = follow(tmp_path, "dotenv run -- python m.py", ENV, layers=ON_THE_HOST, cwd="/")
    assert found.is_text(KEY, "sk-file")


def test_a_file_that_dockerignore_keeps_out_is_not_sourced(tmp_path: Path) -> None:
    from keyhop.span import Span

    layers = (Layer(target="/app", source=".", via="COPY", but=(".env",), ignore=Span(path=".dockerignore")),)
    value = follow(tmp_path, "set -a; . ./.env; python m.py", ENV, layers=layers).value(KEY)
    assert (value.verdict, value.loss) == (Verdict.LOST, Loss.NOT_PASSED)
    assert value.lost_at is not None
    assert str(value.lost_at.span) == ".dockerignore:1"


def test_no_fact_shows_a_value(tmp_path: Path) -> None:
    secret = "sk-proj-Aa11Bb22Cc33"
    script = f"""
export {KEY}={secret}
if [ "$MODE" = {secret} ]; then X={secret} python m.py; fi
case $MODE in {secret}) mystery --key {secret};; esac
mystery{secret}
. ~/{secret}
"""
    found = follow(tmp_path, script, env={"B": secret})
    assert any(isinstance(fact, Supply) for fact in found.facts)
    assert len(found.entries) == 3
    assert "Bb22" not in repr(found.facts) + repr(found.entries)


def test_every_launcher_is_called_like_its_file_and_no_program_has_two() -> None:
    members: list[Launcher] = [
        import_module(f"keyhop.launchers.{m.name}").LAUNCHER for m in iter_modules(family.__path__)
    ]
    assert [each.id for each in members] == [m.name for m in iter_modules(family.__path__)]
    names = [name for each in members for name in each.names]
    assert len(names) == len(set(names)) == len(launchers())
    assert all(re.fullmatch(r"[\w.+:[(-]+", name) for name in names)
