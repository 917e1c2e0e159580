"""Programs that change the user. sudo and a login shell drop the environment, the others keep it."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launcher import Call, Drop, Launcher, Put, Run, Step

_SUDO = "-u --user -g --group -p --prompt -C -D --chdir -h --host -r -t -U -T -R"
_SU = "-c --command -s --shell -g --group -G --supp-group -w --whitelist-environment -u --user"
_USER_FIRST = ("gosu", "su-exec", "setuser", "chroot", "chpst", "s6-setuidgid", "step-down")


def _follow(call: Call) -> Iterator[Step]:
    if call.name in ("sudo", "doas"):
        yield from _sudo(call)
    elif call.name in ("su", "runuser"):
        yield from _su(call)
    elif call.name == "setpriv":
        options = call.options(valued="--reuid --regid --groups --ruid --euid --rgid --egid --bounding-set")
        yield call.after(options.rest)
    else:
        options = call.options(valued="-u -U")
        yield call.after(options.rest + (0 if options.has("-u", "-U") else 1))


def _sudo(call: Call) -> Iterator[Step]:
    options = call.options(valued=_SUDO)
    if not options.has("-E") and not (options.has("--preserve-env") and not options.get("--preserve-env")):
        kept = frozenset(name for value in options.all("--preserve-env") for name in value.split(","))
        yield Drop(via=call.name, keep=kept)
    at = options.rest
    while at < len(call.words) and "=" in call.words[at]:
        yield Put(name=call.words[at].partition("=")[0], value=call.value(at), via=call.name)
        at += 1
    if at < len(call.words):
        yield call.after(at)


def _su(call: Call) -> Iterator[Step]:
    options = call.options(valued=_SU, mixed=True)
    operands = [call.words[n] for n in options.operands]
    if options.has("-", "-l", "--login") or "-" in operands:
        kept = frozenset(name for value in options.all("-w", "--whitelist-environment") for name in value.split(","))
        yield Drop(via=f"{call.name} -l", keep=kept)
    text = options.get("-c", "--command")
    if text is not None:
        yield Run(text=text)
    elif options.has("-u", "--user") and options.operands:
        yield call.after(options.operands[0])


LAUNCHER = Launcher(id="privileges", names=("sudo", "doas", "su", "runuser", "setpriv", *_USER_FIRST), follow=_follow)
