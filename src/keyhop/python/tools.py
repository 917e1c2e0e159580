"""Tools of crewai_tools that the code makes, and what they ask for."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.crewai_version import CrewAIVersion
from keyhop.facts import Required
from keyhop.python import crews, members
from keyhop.python.arguments import Arguments
from keyhop.python.llms import AT_THE_CALL, Found
from keyhop.python.program import Program
from keyhop.python.scopes import Site
from keyhop.python.uses import assumed, of_credential, of_variable, variables
from keyhop.python.values import EVERY_CASE, Case, Class, Const, External, Table, Value
from keyhop.tools import embeds, tool_needs

_EMBEDDER_KEYS = ("embedding_model", "embedder")


def of_call(program: Program, site: Site, version: CrewAIVersion | None) -> Iterator[Found]:
    """What making one tool needs, itself or through a subclass of the project."""
    for callee in program.callees.get(site, ()):
        for name in _classes(program, callee):
            yield from _of_tool(program, site, name, version)


def of_mention(program: Program, site: Site) -> Iterator[Found]:
    """A tool's class in a table or a list: made for whoever asks for it by name."""
    for value in program.named.get(site, ()):
        for name in _classes(program, value):
            for need in tool_needs(name) or ():
                reads = (program.position(site), AT_THE_CALL)
                yield of_credential(
                    need.credential, site, name, reads, provider=need.provider, floor=Required.CONDITIONAL
                )


def _classes(program: Program, callee: Value) -> Iterator[str]:
    match callee:
        case External() if callee.root == "crewai_tools":
            yield callee.last
        case Class(scope=scope):
            for name in members.foreign_bases(program.ev, scope):
                if name.startswith("crewai_tools."):
                    yield name.rpartition(".")[2]


def _of_tool(program: Program, site: Site, name: str, version: CrewAIVersion | None) -> Iterator[Found]:
    passed = Arguments(program.ev, site)
    given = frozenset(passed.passed())
    because = f"{name}()"
    program.ev.refresh()
    for start in program.ev.conditions.pass_guards(site.guards, site.scope, EVERY_CASE):
        for argument in sorted(given):
            for value, case in passed.outcomes(argument, None, start) if argument.endswith(("key", "token")) else ():
                for read in variables(value):
                    yield assumed(of_variable(program, read, site, because), start, case)
        for need in tool_needs(name, given) or ():
            built = program.position(site)
            reads = (built,) if embeds(name) else (built, AT_THE_CALL)
            floor = Required.ALWAYS if need.credential.required else Required.OPTIONAL
            yield of_credential(
                need.credential,
                site,
                because,
                reads,
                provider=need.provider,
                guards=start.tests,
                floor=floor,
                hidden=embeds(name),
            )
        if embeds(name) and "config" in given:
            yield from _configured(program, site, passed, start, because, version)


def _configured(
    program: Program, site: Site, passed: Arguments, start: Case, because: str, version: CrewAIVersion | None
) -> Iterator[Found]:
    """The embedder that ``config={"embedding_model": {"provider": …}}`` names, else the default one."""
    for config, case in passed.outcomes("config", None, start):
        if not isinstance(config, Table):
            continue
        named = [o for key in _EMBEDDER_KEYS for o in members.entry(program.ev, config, key, case)]
        for embedder, last in named or [(Const(None), case)]:
            yield from crews.embedding(program, site, embedder, last, because, version, start)
