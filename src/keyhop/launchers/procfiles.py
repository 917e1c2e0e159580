"""``honcho start`` and its likes: the processes of a Procfile, with ``.env`` over the environment (honcho 2.0)."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from keyhop.facts import Overwrite
from keyhop.launcher import Call, Launcher, Load, Run, Step
from keyhop.span import Undecodable
from keyhop.text.procfile import parse

_VALUED = (
    "-f --procfile -e --env -d --app-root -p --port -c --concurrency -q --quiet -m --formation -l --processes "
    "-s --socket --root"
)


def _follow(call: Call) -> Iterator[Step]:
    outer = call.options(valued=_VALUED)
    verb = call.words[outer.rest] if outer.rest < len(call.words) else "start"
    inner = call.options(valued=_VALUED, first=outer.rest + 1, mixed=verb == "start")
    given = (*outer.given, *inner.given)
    options = dict(given)
    root = call.at(options.get("-d") or options.get("--app-root") or ".")
    procfile = call.at(options.get("-f") or options.get("--procfile") or "Procfile", root)
    env_files = [e for name, value in given if name in ("-e", "--env") for e in value.split(",")] or [".env"]
    for file in env_files:
        yield Load(
            path=call.at(file, dirname(procfile)),
            dialect="honcho",
            via=f"{call.name} loads {file}",
            overwrite=Overwrite.ALWAYS,
        )
    if verb == "run":
        yield call.after(inner.rest, cwd=root)
        return
    source = call.view.source(procfile)
    try:
        entries = parse(source.text) if source else ()
    except Undecodable:
        return
    wanted = {call.words[n] for n in inner.operands}
    for entry in entries:
        if source is not None and (not wanted or entry.name in wanted):
            span = source.span(entry.start, entry.end)
            yield Run(text=entry.command, cwd=root, role=entry.name, span=span)


LAUNCHER = Launcher(
    id="procfiles", names=("honcho", "foreman", "overmind", "hivemind", "goreman", "forego"), follow=_follow
)
