"""Programs that load env files or a vault's secrets and then start a command."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.facts import Overwrite
from keyhop.launcher import Call, Launcher, Load, Obscure, Step

_VAULTS = {
    "doppler": "run",
    "infisical": "run",
    "op": "run",
    "chamber": "exec",
    "aws-vault": "exec",
    "envconsul": "",
    "teller": "run",
    "sops": "exec-env",
    "summon": "",
    "berglas": "exec",
    "secretspec": "run",
    "fnox": "exec",
    "direnv": "exec",
    "dotenvx": "run",
}


def _follow(call: Call) -> Iterator[Step]:
    if call.name == "dotenv":
        yield from _python_dotenv(call)
        return
    if call.name == "dotenvx":
        files = call.options(valued="-f --env-file -e --env", first=2).all("-f", "--env-file") or (".env",)
        for file in reversed(files):
            yield Load(path=call.at(file), dialect="python-dotenv", via="dotenvx run")
    else:
        yield Obscure(why=f"{call.name} sets what its store holds")
    verb = _VAULTS[call.name]
    if "--" in call.words:
        yield call.after(call.words.index("--") + 1)
    elif not verb or call.words[1:2] == (verb,):
        options = call.options(
            valued="-e --env -p --project -c --config -f --env-file --path", first=2 if verb else 1
        )
        yield call.after(options.rest + (call.name in ("aws-vault", "chamber", "direnv")))


def _python_dotenv(call: Call) -> Iterator[Step]:
    """``dotenv run -- command``: the file wins unless ``--no-override`` (python-dotenv 1.2)."""
    options = call.options(valued="-f --file -q --quote -e --export")
    if call.words[options.rest : options.rest + 1] != ("run",):
        return
    inner = call.options(first=options.rest + 1)
    file = options.get("-f", "--file") or ".env"
    keeps = inner.has("--no-override")
    yield Load(
        path=call.at(file),
        dialect="python-dotenv",
        via="dotenv run",
        overwrite=Overwrite.IF_ABSENT if keeps else Overwrite.ALWAYS,
    )
    yield call.after(inner.rest)


LAUNCHER = Launcher(id="dotenv", names=("dotenv", *_VAULTS), follow=_follow)
