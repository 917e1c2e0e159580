"""``uv run``: a script, a module or a command; it reads no env file but those it is told to (uv 0.9)."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launcher import Call, Launcher, Load, Run, Step, foreign

_VALUED = (
    "--with --with-editable --with-requirements --extra --no-extra --group --no-group --only-group --env-file -p "
    "--python --directory --project --index --index-url -i --extra-index-url --find-links -f --package --cache-dir "
    "--refresh-package --config-file --link-mode --resolution --prerelease --exclude-newer -C --config-setting "
    "-P --upgrade-package --reinstall-package --keyring-provider --index-strategy --from --color "
    "-w --allow-insecure-host"
)


def _follow(call: Call) -> Iterator[Step]:
    outer = call.options(valued=_VALUED)
    verbs = call.words[outer.rest : outer.rest + 2]
    if call.name == "uvx" or verbs == ("tool", "run"):
        first = 1 if call.name == "uvx" else outer.rest + 2
        yield call.after(call.options(valued=_VALUED, first=first).rest)
        return
    if verbs[:1] != ("run",):
        yield from foreign(call)
        return
    options = call.options(valued=_VALUED, first=outer.rest + 1)
    directory = options.get("--directory") or outer.get("--directory")
    cwd = call.at(directory) if directory else call.cwd
    files = options.all("--env-file") or tuple(call.known.get("UV_ENV_FILE", "").split())
    if not options.has("--no-env-file"):
        for file in reversed(files):
            yield Load(path=call.at(file, cwd), dialect="uv", via="uv run --env-file")
    rest = call.after(options.rest, cwd=cwd)
    if options.has("-m", "--module") and rest.words:
        yield Run(words=("python", "-m", *rest.words), cwd=cwd)
    elif rest.words and (options.has("-s", "--script") or rest.words[0].endswith(".py")):
        yield Run(words=("python", *rest.words), cwd=cwd)
    elif rest.words:
        yield rest
    elif call.stdin is not None:
        yield Run(words=("python", "-c", call.stdin), cwd=cwd)


LAUNCHER = Launcher(id="uv", names=("uv", "uvx"), follow=_follow)
