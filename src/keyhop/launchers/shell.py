"""``sh -c text`` and ``bash script.sh``."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Run, Start, Step


def _follow(call: Call) -> Iterator[Step]:
    at = 1
    runs_text = False
    while at < len(call.words) and call.words[at][:1] in ("-", "+") and call.words[at] not in ("-", "--"):
        word = call.words[at]
        at += 1
        if word in ("-o", "+o", "-O", "+O", "--rcfile", "--init-file"):
            at += 1
        elif not word.startswith("--"):
            runs_text = runs_text or "c" in word
    if at < len(call.words) and call.words[at] in ("-", "--"):
        at += 1
    if at >= len(call.words):
        if call.stdin is not None:
            yield Run(text=call.stdin, shell=call.name)
        else:
            yield Start(program=Program.FOREIGN, target=call.name)
    elif runs_text:
        yield Run(text=call.words[at], words=call.words[at + 1 :], pieces=call.pieces[at + 1 :], shell=call.name)
    else:
        yield Run(
            source=call.at(call.words[at]),
            words=call.words[at:],
            pieces=call.pieces[at:],
            shell=call.name,
        )


LAUNCHER = Launcher(id="shell", names=("sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"), follow=_follow)
