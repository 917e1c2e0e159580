"""Programs that wait for a service and then start the command behind ``--``."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launcher import Call, Launcher, Step

_DOCKERIZE = (
    "-wait -timeout -template -stdout -stderr -env -wait-http-header -wait-retry-interval -delims -no-overwrite"
)


def _follow(call: Call) -> Iterator[Step]:
    if "--" in call.words:
        at = call.words.index("--") + 1
    elif call.name == "dockerize":
        at = call.options(valued=_DOCKERIZE).rest
    else:
        at = len(call.words)
    if at < len(call.words):
        yield call.after(at)


LAUNCHER = Launcher(
    id="waiting",
    names=(
        "wait-for-it",
        "wait-for-it.sh",
        "wait-for",
        "wait-for.sh",
        "wait4ports",
        "wait_for_it.sh",
        "wait-for-db.sh",
        "dockerize",
        "wtfc.sh",
        "wait-for-postgres.sh",
    ),
    follow=_follow,
)
