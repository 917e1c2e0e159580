"""``make target``: its recipe, a shell for each line (GNU Make 4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Overwrite
from keyhop.launcher import Call, Launcher, Load, Obscure, Put, Run, Step
from keyhop.span import Undecodable
from keyhop.text.expansion import Plain
from keyhop.text.makefile import parse

_NAMES = ("GNUmakefile", "makefile", "Makefile")


def _follow(call: Call) -> Iterator[Step]:
    options = call.options(valued="-f --file --makefile -C --directory -j --jobs -o -W -I", mixed=True)
    directory = options.get("-C", "--directory")
    cwd = call.at(directory) if directory else call.cwd
    named = options.get("-f", "--file", "--makefile")
    path = next((p for name in ((named,) if named else _NAMES) if call.view.has(p := call.at(name, cwd))), None)
    source = call.view.source(path) if path else None
    try:
        makefile = parse(source.text) if source else None
    except Undecodable:
        makefile = None
    if makefile is None or source is None:
        yield Obscure(why="the Makefile is not in view")
        return
    operands = [call.words[n] for n in options.operands]
    overrides = dict(word.partition("=")[::2] for word in operands if "=" in word)
    goals = [word for word in operands if "=" not in word] or list(makefile.default)
    for file in makefile.included_env_files:
        if makefile.exports_all or makefile.exports:
            yield Load(
                path=call.at(file, cwd),
                dialect="make",
                via=f"make include {file}",
                overwrite=Overwrite.ALWAYS,
                names=None if makefile.exports_all else tuple(sorted(makefile.exports)),
            )
    for name, value in makefile.exported(overrides):
        yield Put(name=name, value=(Plain(value),), via="make export")
    for line in makefile.recipe(goals, overrides):
        yield Run(text=line.text, cwd=cwd, span=source.span(line.start, line.end))


LAUNCHER = Launcher(id="make", names=("make", "gmake"), follow=_follow)
