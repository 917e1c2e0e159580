"""``env``: variables before the command, or none at all but these (coreutils 9, env(1))."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launcher import Call, Drop, Launcher, Put, Run, Step


def _follow(call: Call) -> Iterator[Step]:
    options = call.options(valued="-u --unset -C --chdir -S --split-string")
    if options.has("-i", "--ignore-environment", "-"):
        yield Drop(via="env -i")
    unset = options.all("-u", "--unset")
    if unset:
        yield Drop(via="env -u", names=unset)
    at = options.rest
    if at < len(call.words) and call.words[at] == "-":
        yield Drop(via="env -")
        at += 1
    while at < len(call.words) and "=" in call.words[at]:
        yield Put(name=call.words[at].partition("=")[0], value=call.value(at), via="env")
        at += 1
    directory = options.get("-C", "--chdir")
    cwd = call.at(directory) if directory else None
    split = options.get("-S", "--split-string")
    if split:
        yield Run(text=split, cwd=cwd)
    elif at < len(call.words):
        yield call.after(at, cwd=cwd)


LAUNCHER = Launcher(id="environment", names=("env",), follow=_follow)
