"""``python manage.py …``: Django's own commands, and those of the project's apps (Django 5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Start, Step

_SERVERS = frozenset({"runserver", "runserver_plus", "testserver", "rundaphne", "runworker", "runuvicorn"})
_OWN = """
migrate makemigrations collectstatic createsuperuser createcachetable check test shell shell_plus dbshell
loaddata dumpdata flush compilemessages makemessages showmigrations sqlmigrate sqlflush squashmigrations
startapp startproject changepassword clearsessions remove_stale_contenttypes inspectdb diffsettings
sendtestemail findstatic optimizemigration graph_models show_urls compress tailwind spectacular wait_for_db
waitfordb migrate_schemas
"""


def _follow(call: Call) -> Iterator[Step]:
    options = call.options(valued="--settings --pythonpath -v --verbosity")
    command = call.words[options.rest] if options.rest < len(call.words) else ""
    manage = call.at(call.words[0]) if call.name != "django-admin" else call.at("manage.py")
    root = dirname(manage)
    if command in _OWN.split() or not command:
        yield Start(program=Program.FOREIGN, target=f"manage.py {command}".strip())
    elif command in _SERVERS:
        yield from _served(call, root, manage)
    elif not call.view.has(manage):
        yield Start(program=Program.UNKNOWN, target=f"manage.py {command}")
    else:
        yield from _project_command(call, root, command, options.rest)


def _served(call: Call, root: str, manage: str) -> Iterator[Step]:
    for name in ("asgi", "wsgi"):
        for package in _packages(call, root):
            if call.view.has(call.at(f"{package}/{name}.py", root)):
                yield Start(program=Program.APPLICATION, target=f"{package}.{name}:application", cwd=root)
                return
    yield Start(program=Program.SCRIPT, target=manage, cwd=root, arguments=("runserver",))


def _packages(call: Call, root: str) -> Iterator[str]:
    seat = call.view.seat(root)
    base = "" if seat is None or seat.source in (".", "") else f"{seat.source}/"
    for path in call.view.tree.matching("asgi.py", "wsgi.py"):
        inside = path.removeprefix(base)
        if path.startswith(base) and inside.count("/") == 1:
            yield inside.partition("/")[0]


def _project_command(call: Call, root: str, command: str, at: int) -> Iterator[Step]:
    for path in call.view.tree.matching(f"*management/commands/{command}.py"):
        inside = call.view.inside(path)
        if inside is not None and inside.startswith(root.rstrip("/") + "/"):
            module = inside.removeprefix(root).strip("/").removesuffix(".py").replace("/", ".")
            yield Start(program=Program.APPLICATION, target=f"{module}:Command", cwd=root, arguments=call.words[at:])
            return
    yield Start(program=Program.UNKNOWN, target=f"manage.py {command}")


LAUNCHER = Launcher(id="django", names=("manage.py", "django-admin", "django"), follow=_follow)
