"""Programs that start the rest of their words and change nothing of the environment."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launcher import Call, Launcher, Step

_OPERANDS = {"timeout": 1, "taskset": 1, "chrt": 1, "flock": 1, "gtimeout": 1}
"""How many words stand before the command."""
_VALUED = {
    "nice": "-n --adjustment",
    "timeout": "-s --signal -k --kill-after",
    "gtimeout": "-s --signal -k --kill-after",
    "time": "-o --output -f --format",
    "stdbuf": "-i -o -e --input --output --error",
    "ionice": "-c -n -p --class --classdata",
    "tini": "-p -e",
    "dumb-init": "--rewrite -r",
    "xvfb-run": "-n --server-num -e --error-file -f --auth-file -s --server-args -w --wait",
    "strace": "-e -o -p -s -u",
    "flock": "-w --timeout -E",
    "memray": "-o --output",
    "py-spy": "-o --output -r --rate -d --duration -f --format",
    "gdb": "-ex -x",
    "chrt": "-p",
    "prlimit": "-p",
    "catatonit": "-g",
    "xargs": "-n -P -I -L -d -a -E -s --max-args --max-procs --replace --delimiter --arg-file",
    "watch": "-n --interval",
    "s6-svscan": "-c -d",
    "ddtrace-run": "",
    "newrelic-admin": "",
    "opentelemetry-instrument": "--traces_exporter --metrics_exporter --logs_exporter --service_name "
    "--exporter_otlp_endpoint --exporter_otlp_protocol --id_generator",
}
_SKIPPED = frozenset({"run-program", "record", "run", "--"})
"""Words of the wrapper's own that may stand before the command."""


def _follow(call: Call) -> Iterator[Step]:
    if call.name == "command" and call.words[1:2] in (("-v",), ("-V",)):
        return
    options = call.options(valued=_VALUED.get(call.name, ""))
    at = options.rest + _OPERANDS.get(call.name, 0)
    while at < len(call.words) and call.words[at] in _SKIPPED:
        at += 1
    if at < len(call.words):
        yield call.after(at)


LAUNCHER = Launcher(
    id="wrappers",
    names=(
        *_VALUED,
        "nohup",
        "setsid",
        "taskset",
        "catchsegv",
        "unbuffer",
        "caffeinate",
        "command",
        "builtin",
        "exec",
        "docker-init",
        "pid1",
        "docker-entrypoint.sh",
        "scalene",
        "viztracer",
        "infinite-restart",
        "sentry-cli-run",
    ),
    follow=_follow,
)
