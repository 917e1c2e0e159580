"""Programs that start a command again when a file changes."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Run, Start, Step

_WATCHMEDO = (
    "-d --directory --directories -p --pattern --patterns -i --ignore-pattern --ignore-patterns --interval "
    "--signal --kill-after --debounce-interval -c --command --timeout"
)
_FLAGS = "--verbose --non-recursive -v -h --help --verbosity -r -R --recursive --no-restart-on-command-exit"
_WATCHFILES = "--ignore-paths --target-type --filter --args --sigint-timeout --grace-period --sigkill-timeout"
_NODEMON = "-w --watch -e --ext -x --exec -i --ignore -d --delay -s --signal --config"


def _follow(call: Call) -> Iterator[Step]:
    match call.name:
        case "watchmedo":
            options = call.options(valued=_WATCHMEDO, first=2)
            command = options.get("-c", "--command")
            if command is not None:
                yield Run(text=command)
            elif "--" in call.words:
                yield call.after(call.words.index("--") + 1)
            else:
                yield call.after(options.rest)
        case "watchfiles":
            options = call.options(valued=_WATCHFILES)
            if options.rest >= len(call.words):
                return
            target = call.words[options.rest]
            if " " in target or options.get("--target-type") == "command":
                yield Run(text=target)
            else:
                yield Start(program=Program.APPLICATION, target=_colon(target))
        case "nodemon":
            options = call.options(valued=_NODEMON)
            command = options.get("-x", "--exec")
            if command is None:
                yield Start(program=Program.FOREIGN, target="nodemon")
            else:
                yield Run(text=" ".join((command, *call.words[options.rest :])))
        case "entr" | "reflex":
            yield call.after(call.options(valued="-r -g -G -R -s -t").rest)
        case "hupper":
            module = call.options(valued="-m -x -w").get("-m")
            if module:
                yield Run(words=("python", "-m", module, *call.words[3:]))


def _colon(target: str) -> str:
    """``a.b.main`` as ``a.b:main``."""
    module, _, name = target.rpartition(".")
    return f"{module}:{name}" if module else target


LAUNCHER = Launcher(
    id="watching", names=("watchmedo", "watchfiles", "nodemon", "entr", "reflex", "hupper"), follow=_follow
)
