"""``ssh``: its command runs on another host, in an environment of that host's own (OpenSSH 9).

The server takes what ``SendEnv`` offers only where its ``AcceptEnv`` says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Drop, Launcher, Obscure, Run, Start, Step
from keyhop.text.expansion import Plain

_VALUED = "-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -Q -R -S -W -w"


def _follow(call: Call) -> Iterator[Step]:
    options = call.options(valued=_VALUED)
    at = options.rest + 1
    if at >= len(call.words):
        yield Start(program=Program.FOREIGN, target=call.name)
        return
    yield Drop(via="ssh")
    offered = [value for value in options.all("-o") if value.lower().startswith("sendenv")]
    if offered:
        yield Obscure(why="the other host may accept variables that ssh sends")
    if any(not isinstance(piece, Plain) for pieces in call.pieces[at:] for piece in pieces):
        yield Obscure(why="the local shell writes variables into the command for the other host")
    yield Run(text=" ".join(call.words[at:]))


LAUNCHER = Launcher(id="ssh", names=("ssh",), follow=_follow)
