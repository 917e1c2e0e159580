"""Programs that run a command in a Python environment, or one of the project's tasks.

pipenv loads ``.env`` over the environment (pipenv 2025, ``load_dotenv(..., override=True)``); the others load what
the task names.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Overwrite
from keyhop.launcher import Call, Launcher, Load, Run, Step, foreign
from keyhop.project_scripts import ProjectScripts

_VALUED = (
    "-C --directory -P --project -p --path -e --env -n --name --cwd --manifest-path --environment -s --site-packages "
    "--prefix"
)
_TASKS_ONLY = frozenset({"poe", "task"})


def _follow(call: Call) -> Iterator[Step]:
    outer = call.options(valued=_VALUED)
    directory = outer.get("-C", "--directory", "-P", "--project")
    cwd = call.at(directory) if directory else call.cwd
    at = outer.rest
    if call.name not in _TASKS_ONLY:
        if call.words[at : at + 1] != ("run",):
            yield from foreign(call)
            return
        at = call.options(valued=_VALUED, first=at + 1).rest
    if at >= len(call.words):
        return
    project = ProjectScripts.seen_from(call.view, cwd)
    if call.name == "pipenv" and call.known.get("PIPENV_DONT_LOAD_ENV") is None:
        yield Load(
            path=call.at(call.known.get("PIPENV_DOTENV_LOCATION", ".env"), project.root),
            dialect="python-dotenv-override",
            via="pipenv loads .env",
            overwrite=Overwrite.ALWAYS,
        )
    task = project.task(call.words[at])
    if task is None:
        yield call.after(at, cwd=cwd)
        return
    for file in task.env_files:
        yield Load(
            path=call.at(file, project.root),
            dialect="python-dotenv",
            via=f"{call.name} env_file",
            overwrite=Overwrite.ALWAYS,
        )
    for command in task.commands:
        yield Run(text=" ".join((command, *call.words[at + 1 :])), cwd=project.root)


LAUNCHER = Launcher(
    id="environments",
    names=("poetry", "pipenv", "pdm", "hatch", "rye", "pixi", "conda", "mamba", "micromamba", "poe", "task"),
    follow=_follow,
)
