"""Servers that run a script as a page: Streamlit, Chainlit, Gradio, Panel, Solara, Marimo, Mesop."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.launch import Program
from keyhop.launcher import Call, Launcher, Start, Step

_VERB = {
    "streamlit": "run",
    "chainlit": "run",
    "panel": "serve",
    "solara": "run",
    "marimo": "run",
    "taipy": "run",
    "voila": "",
    "gradio": "",
    "mesop": "",
}
_FLAGS = (
    "-w --watch -h --headless -d --debug -c --ci --reload --dev --autoreload --admin --no-token "
    "--production --show --no-open --open --unsafe-no-sandbox"
)


def _follow(call: Call) -> Iterator[Step]:
    verb = _VERB[call.name]
    verbs = (verb, "edit", "serve") if verb else ()
    if verb and call.words[1:2] and call.words[1] not in verbs:
        yield Start(program=Program.FOREIGN, target=" ".join(call.words[:2]))
        return
    options = call.options(flags=_FLAGS, first=2 if verb else 1, mixed=True)
    scripts = [n for n in options.operands if call.words[n].partition("::")[0].endswith(".py")]
    if scripts:
        path = call.at(call.words[scripts[0]].partition("::")[0])
        yield Start(program=Program.SCRIPT, target=path, arguments=call.words[scripts[0] + 1 :])
    elif options.operands:
        yield Start(program=Program.APPLICATION, target=call.words[options.operands[0]])
    else:
        yield Start(program=Program.UNKNOWN, target=call.name)


LAUNCHER = Launcher(id="pages", names=tuple(_VERB), follow=_follow)
