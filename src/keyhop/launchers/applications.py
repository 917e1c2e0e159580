"""Servers that import an application: uvicorn, gunicorn, hypercorn, daphne, granian, waitress, uwsgi, FastAPI's own.

Read from their command lines: uvicorn 0.54, gunicorn 27, hypercorn 0.18, daphne 4.2, granian 2.5, fastapi-cli 0.0.13.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Load, Options, Put, Start, Step, module_of
from keyhop.text.expansion import Plain

_FLAGS = {
    "uvicorn": "--reload --use-colors --no-use-colors --proxy-headers --no-proxy-headers --server-header "
    "--no-server-header --date-header --no-date-header --access-log --no-access-log --factory --version --help",
    "gunicorn": "--reload --preload --daemon -D --check-config --print-config --capture-output --spew -R "
    "--enable-stdio-inheritance --no-sendfile --proxy-protocol --reuse-port --initgroups --statsd-tags -h --version",
    "hypercorn": "--reload -d --debug --insecure-bind-only -h",
    "daphne": "--proxy-headers --no-server-name -h",
    "granian": "--reload --no-reload --ws --no-ws --access-log --no-access-log --factory --no-factory --log "
    "--no-log --respawn-failed-workers --no-respawn-failed-workers --version --help",
    "waitress-serve": "--call --expose-tracebacks --no-expose-tracebacks --ipv4 --no-ipv4 --ipv6 --no-ipv6",
    "waitress": "--call --expose-tracebacks --no-expose-tracebacks",
    "uwsgi": "--master -M --lazy-apps --enable-threads --die-on-term --vacuum --http-keepalive --strict --need-app",
    "fastapi": "--reload --no-reload --proxy-headers --no-proxy-headers --help",
}
_FASTAPI_DEFAULTS = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")


def _follow(call: Call) -> Iterator[Step]:
    if call.name == "fastapi":
        yield from _fastapi(call)
        return
    options = call.options(flags=_FLAGS[call.name], mixed=True)
    cwd = options.get("--chdir") or options.get("--working-dir")
    path = tuple(
        call.at(each)
        for option in ("--app-dir", "--pythonpath", "--python-path")
        for value in options.all(option)
        for each in value.split(",")
    )
    if call.name == "uvicorn" and options.get("--env-file"):
        yield Load(path=call.at(options.get("--env-file") or ""), dialect="python-dotenv", via="uvicorn --env-file")
    for setting in options.all("-e", "--env") if call.name == "gunicorn" else ():
        name, _, value = setting.partition("=")
        yield Put(name=name, value=(Plain(value),), via="gunicorn --env")
    target = _target(call, options)
    if target:
        yield Start(
            program=Program.APPLICATION,
            target=target,
            cwd=call.at(cwd) if cwd else None,
            path=path,
        )
    elif "celery" not in call.words:
        yield Start(program=Program.UNKNOWN, target=call.name)


def _target(call: Call, options: Options) -> str:
    if call.name == "uwsgi":
        named = options.get("-w", "--module", "--wsgi")
        file = options.get("--wsgi-file", "--file")
        return named or (module_of(call.view, call.at(file))[0] if file else "")
    operand = next((call.words[n] for n in options.operands if not call.words[n].startswith("-")), "")
    target = operand or call.known.get("UVICORN_APP", "") or call.known.get("WSGI_APP", "")
    module, colon, attribute = target.partition(":")
    if "/" in module or module.endswith(".py"):
        module = module.removesuffix(".py").replace("/", ".").strip(".")
    return f"{module}{colon}{attribute.partition('(')[0]}"


def _fastapi(call: Call) -> Iterator[Step]:
    if call.words[1:2] not in (("run",), ("dev",)):
        yield Start(program=Program.FOREIGN, target="fastapi")
        return
    options = call.options(flags=_FLAGS["fastapi"], first=2, mixed=True)
    named = options.get("-e", "--entrypoint")
    if named:
        yield Start(program=Program.APPLICATION, target=named)
        return
    given = [call.words[n] for n in options.operands]
    paths = [call.at(p) for p in (given or _FASTAPI_DEFAULTS)]
    file = next((p for p in paths if call.view.has(p)), paths[0])
    if call.view.has_directory(file):
        file = next((p for n in _FASTAPI_DEFAULTS if call.view.has(p := f"{file}/{n}")), file)
    module, directory = module_of(call.view, file)
    app = options.get("--app")
    target = f"{module}:{app}" if app else module
    yield Start(program=Program.APPLICATION, target=target, path=(directory,))


LAUNCHER = Launcher(id="applications", names=tuple(_FLAGS), follow=_follow)
