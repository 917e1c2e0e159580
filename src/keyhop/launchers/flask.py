"""``flask --app x run``: it loads ``.env`` and ``.flaskenv`` first (Flask 3.1, ``flask.cli.load_dotenv``)."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Load, Start, Step

_FILES = (".env", ".flaskenv")
_DEFAULTS = ("wsgi", "app")


def _follow(call: Call) -> Iterator[Step]:
    options = call.options(valued="-A --app -e --env-file", first=1)
    named = options.get("-e", "--env-file")
    if named:
        yield Load(path=call.at(named), dialect="python-dotenv", via="flask --env-file")
    for name in _FILES:
        found = call.view.find_up(name, call.cwd)
        if found is not None and call.known.get("FLASK_SKIP_DOTENV") != "1":
            yield Load(path=found, dialect="python-dotenv", via=f"flask loads {name}")
    command = call.words[options.rest] if options.rest < len(call.words) else ""
    app = options.get("-A", "--app") or call.known.get("FLASK_APP", "")
    if not app:
        app = next((name for name in _DEFAULTS if call.view.has(call.at(f"{name}.py"))), "app")
    module, colon, attribute = app.partition(":")
    target = f"{module.removesuffix('.py').replace('/', '.').strip('.')}{colon}{attribute.partition('(')[0]}"
    if command in ("run", ""):
        yield Start(program=Program.APPLICATION, target=target)
    elif command in ("db", "shell", "routes"):
        yield Start(program=Program.FOREIGN, target=f"flask {command}")
    else:
        yield Start(program=Program.APPLICATION, target=target, arguments=call.words[options.rest :])


LAUNCHER = Launcher(id="flask", names=("flask", "quart"), follow=_follow)
