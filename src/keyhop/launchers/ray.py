"""``ray job submit -- command`` and ``serve run module:app`` (Ray 2.60)."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Drop, Launcher, Obscure, Start, Step

_SUBMIT = (
    "--address --job-id --submission-id --runtime-env --runtime-env-json --working-dir --metadata-json "
    "--entrypoint-num-cpus --entrypoint-num-gpus --entrypoint-memory --entrypoint-resources --log-style --log-color "
    "--headers --verify --entrypoint-label-selector"
)


def _follow(call: Call) -> Iterator[Step]:
    if call.name == "serve":
        yield from _serve(call)
    elif call.words[1:3] == ("job", "submit"):
        at = call.words.index("--") + 1 if "--" in call.words else call.options(valued=_SUBMIT, first=3).rest
        yield Drop(via="ray job submit")
        yield Obscure(why="a job has the variables of its Ray cluster and of its runtime_env")
        yield call.after(at, role="ray job")
    else:
        yield Start(program=Program.FOREIGN, target=" ".join(call.words[:2]))


def _serve(call: Call) -> Iterator[Step]:
    options = call.options(
        valued="--runtime-env --runtime-env-json --working-dir -d --app-dir --address -a --name", first=2
    )
    if call.words[1:2] != ("run",) or options.rest >= len(call.words):
        yield Start(program=Program.UNKNOWN, target=" ".join(call.words[:2]))
        return
    directory = options.get("-d", "--app-dir")
    yield Start(
        program=Program.APPLICATION,
        target=call.words[options.rest],
        path=(call.at(directory),) if directory else (),
    )


LAUNCHER = Launcher(id="ray", names=("ray", "serve"), follow=_follow)
