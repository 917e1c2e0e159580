"""``celery -A app worker``. Beat, flower and the rest run no task (Celery 5.6)."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Options, Start, Step

_VALUED = (
    "-A --app -b --broker --result-backend --loader --config --workdir -l --loglevel -Q --queues -c "
    "--concurrency -n --hostname -P --pool -f --logfile --pidfile --statedb -O --optimization -X --exclude-queues "
    "-I --include --max-tasks-per-child --max-memory-per-child --autoscale --time-limit --soft-time-limit "
    "-s --schedule --scheduler --prefetch-multiplier --uid --gid --umask --executable"
)


def _follow(call: Call) -> Iterator[Step]:
    options = call.options(valued=_VALUED, mixed=True)
    operands = [call.words[n] for n in options.operands]
    command = operands[0] if operands else ""
    if command == "worker" or (command == "multi" and operands[1:2] in (["start"], ["restart"])):
        directory = options.get("--workdir")
        cwd = call.at(directory) if directory else None
        app = options.get("-A", "--app") or call.known.get("CELERY_APP", "")
        yield Start(
            program=Program.CELERY_WORKER,
            target=app,
            cwd=cwd,
            queues=_queues(options),
            arguments=call.words[1:],
        )
    else:
        yield Start(program=Program.FOREIGN, target=f"celery {command}".strip())


def _queues(options: Options) -> tuple[str, ...]:
    given = options.all("-Q", "--queues")
    return tuple(name.strip() for value in given for name in value.split(",") if name.strip())


LAUNCHER = Launcher(id="celery", names=("celery", "celeryd"), follow=_follow)
