"""``npm run x`` and its likes: a script of package.json, which may start Python."""

from __future__ import annotations

import json
from collections.abc import Iterator

from keyhop.launcher import Call, Launcher, Run, Step, foreign
from keyhop.span import Undecodable

_SHORT = frozenset({"start", "test", "stop", "restart"})
_VALUED = "--prefix -C --dir --cwd -w --workspace --filter -F"
_PARALLEL = ("concurrently", "npm-run-all", "run-p", "run-s")
_PARALLEL_VALUED = "-n --names -c --prefix-colors -p --prefix -k --kill-others-on --restart-tries --restart-after -m"


def _follow(call: Call) -> Iterator[Step]:
    if call.name in _PARALLEL:
        options = call.options(valued=_PARALLEL_VALUED, mixed=True)
        for number in options.operands:
            yield Run(text=call.words[number])
        return
    outer = call.options(valued=_VALUED)
    verb = call.words[outer.rest] if outer.rest < len(call.words) else ""
    inner = call.options(valued=_VALUED, first=outer.rest + 1)
    directory = dict((*outer.given, *inner.given))
    cwd = call.at(next((directory[o] for o in ("--prefix", "-C", "--dir", "--cwd") if o in directory), "."))
    if call.name in ("npx", "bunx") or verb in ("exec", "dlx"):
        yield call.after(outer.rest if call.name in ("npx", "bunx") else inner.rest, cwd=cwd)
        return
    name = call.words[inner.rest] if verb in ("run", "run-script") and inner.rest < len(call.words) else verb
    scripts = _scripts(call, cwd)
    script = scripts.get(name) if verb in ("run", "run-script") or call.name != "npm" or verb in _SHORT else None
    if isinstance(script, str):
        yield Run(text=script, cwd=cwd)
    else:
        yield from foreign(call)


def _scripts(call: Call, cwd: str) -> dict[str, object]:
    source = call.view.source(call.at("package.json", cwd))
    try:
        package = json.loads(source.text) if source else {}
    except (ValueError, Undecodable, RecursionError):
        return {}
    scripts = package.get("scripts") if isinstance(package, dict) else None
    return scripts if isinstance(scripts, dict) else {}


LAUNCHER = Launcher(id="npm", names=("npm", "yarn", "pnpm", "npx", "bun", "bunx", "pnpx", *_PARALLEL), follow=_follow)
