"""``supervisord -c file``: its programs, each with ``environment=`` over what supervisord has (supervisor 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import dirname

from keyhop.launcher import Call, Launcher, Obscure, Put, Run, Step
from keyhop.span import Source, Undecodable
from keyhop.text.expansion import Plain
from keyhop.text.supervisor import Section, parse, settings

_DEFAULTS = (
    "supervisord.conf",
    "etc/supervisord.conf",
    "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
)


def _follow(call: Call) -> Iterator[Step]:
    if call.name == "supervisorctl":
        return
    options = call.options(flags="-n --nodaemon -s --silent -h --help -v --version -k --nocleanup -t --strip_ansi")
    named = options.get("-c", "--configuration")
    places = [call.at(named)] if named else [call.at(p) for p in _DEFAULTS]
    path = next((p for p in places if call.view.has(p)), None)
    sources = list(_with_included(call, path)) if path else []
    if not sources:
        yield Obscure(why=f"the configuration of {call.name} is not in view")
    for source, section in sources:
        if section.name == "supervisord":
            yield from _puts(source, section, "supervisord environment=")
    for source, section in sources:
        if section.name.startswith(("program:", "fcgi-program:", "eventlistener:")) and section.get("command"):
            yield from _puts(source, section, "supervisor environment=")
            yield _program(call, source, section)


def _program(call: Call, source: Source, section: Section) -> Run:
    here = dirname(call.view.inside(source.path) or "") or "/"
    command = section.values["command"]
    text = command.text.replace("\n", " ").replace("%(here)s", here).replace("%%", "%")
    directory = section.get("directory").replace("%(here)s", here)
    return Run(
        text=text,
        cwd=call.at(directory) if directory else None,
        role=section.name.partition(":")[2],
        span=source.span(command.start, command.end),
    )


def _puts(source: Source, section: Section, via: str) -> Iterator[Step]:
    environment = section.values.get("environment")
    if environment is None:
        return
    for name, value in settings(environment.text):
        yield Put(
            name=name,
            value=(Plain(value),),
            via=via,
            span=source.span(environment.start, environment.end),
        )


def _with_included(call: Call, path: str) -> Iterator[tuple[Source, Section]]:
    source = call.view.source(path)
    try:
        sections = parse(source.text) if source else ()
    except Undecodable:
        return
    for section in sections:
        if source is None:
            continue
        if section.name != "include":
            yield source, section
            continue
        for pattern in section.get("files").split():
            wanted = call.at(pattern.replace("%(here)s", dirname(path)), dirname(path))
            for found in call.view.tree.matching("*.conf", "*.ini"):
                inside = call.view.inside(found)
                if inside is not None and inside != path and fnmatchcase(inside, wanted):
                    yield from _with_included(call, inside)


LAUNCHER = Launcher(id="supervisor", names=("supervisord", "supervisor", "supervisorctl"), follow=_follow)
