"""``crewai run`` and the other commands of CrewAI that run a crew (crewai-cli 1.15)."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Overwrite
from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Load, Start, Step

_RUNNING = frozenset({"run", "train", "test", "chat", "replay", "eval"})
_DECLARED = ("crew.json", "crew.jsonc")


def _follow(call: Call) -> Iterator[Step]:
    command = call.words[1] if len(call.words) > 1 else ""
    if command not in _RUNNING and call.words[1:3] != ("flow", "kickoff"):
        yield Start(program=Program.FOREIGN, target=f"crewai {command}".strip())
        return
    if any(call.view.has(call.at(name)) for name in _DECLARED):
        yield Load(
            path=call.at(".env"),
            dialect="python-dotenv-override",
            via="crewai run loads .env",
            overwrite=Overwrite.ALWAYS,
        )
    yield Start(program=Program.CREWAI, target=call.cwd, arguments=call.words[1:])


LAUNCHER = Launcher(id="crewai", names=("crewai",), follow=_follow)
