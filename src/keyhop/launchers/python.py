"""``python script.py``, ``python -m module``, ``python -c text``."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Run, Start, Step

_COMMANDS = """
uvicorn gunicorn hypercorn daphne granian waitress celery flask streamlit chainlit gradio panel solara honcho
dotenv supervisor watchfiles watchmedo dramatiq arq rq huey taskiq procrastinate faststream ray fastapi crewai
uv poetry pipenv pdm hatch django debugpy coverage cProfile pytest pip alembic http unittest venv virtualenv
compileall black ruff mypy flake8 isort pylint jupyter notebook ipykernel build twine ensurepip pip_audit
pre_commit playwright spacy nltk mkdocs sphinx tox nox pyflakes bandit aerich json smtpd
timeit trace pdb site pytest_watch prefect dagster airflow memray
"""
"""Modules that are the same as the command of that name."""
_WRAPPING = frozenset({"debugpy", "coverage", "cProfile", "trace", "pdb", "memray"})
"""Modules that run the script that follows."""


def _follow(call: Call) -> Iterator[Step]:
    at = 1
    while at < len(call.words):
        word = call.words[at]
        if word == "-c" or (word.startswith("-") and not word.startswith("--") and word.endswith("c")):
            if at + 1 < len(call.words):
                yield Start(program=Program.CODE, target=call.words[at + 1], arguments=call.words[at + 2 :])
            return
        if word.startswith("-m") or (word[0:1] == "-" and word[1:2] != "-" and word.endswith("m")):
            module, rest = (word[2:], at + 1) if word[:2] == "-m" and word != "-m" else ("", at + 1)
            if not module and rest < len(call.words):
                module, rest = call.words[rest], rest + 1
            yield from _module(call, module, rest)
            return
        if word in ("-W", "-X", "-Q", "--check-hash-based-pycs"):
            at += 2
        elif word.startswith("-") and word != "-":
            at += 1
        else:
            break
    if at >= len(call.words) or call.words[at] == "-":
        if call.stdin is not None:
            yield Start(program=Program.CODE, target=call.stdin, arguments=call.words[at + 1 :])
        else:
            yield Start(program=Program.FOREIGN, target=call.name)
    elif call.words[at].endswith(("manage.py", "setup.py")):
        yield call.after(at)
    else:
        yield from _script(call, at)


def _script(call: Call, at: int) -> Iterator[Step]:
    path = call.at(call.words[at])
    if path.endswith((".py", ".pyz", ".pyc")) or call.view.has(path):
        target = path
    elif call.view.has(f"{path}/__main__.py"):
        target = f"{path}/__main__.py"
    else:
        yield call.after(at)
        return
    yield Start(program=Program.SCRIPT, target=target, arguments=call.words[at + 1 :])


def _module(call: Call, module: str, rest: int) -> Iterator[Step]:
    own = module.replace(".", "/")
    mine = call.view.has(call.at(f"{own}.py")) or call.view.has_directory(call.at(own))
    name = module.partition(".")[0]
    if mine or name not in _COMMANDS.split():
        yield Start(program=Program.MODULE, target=module, arguments=call.words[rest:])
    elif name in _WRAPPING:
        yield from _wrapped(call, rest)
    else:
        yield Run(words=(name, *call.words[rest:]), pieces=(call.pieces[0][:0], *call.pieces[rest:]))


def _wrapped(call: Call, rest: int) -> Iterator[Step]:
    options = call.options(
        valued="--listen --log-to --configure-subProcess -o -s --source --rcfile --data-file --omit --include -m",
        first=rest + (call.words[rest : rest + 1] == ("run",)),
    )
    module = options.get("-m")
    before = ("python", "-m", module) if module else ("python",)
    yield Run(words=(*before, *call.words[options.rest :]))


LAUNCHER = Launcher(
    id="python", names=("python", "python2", "python3", "pypy", "pypy3", "py", "ipython"), follow=_follow
)
