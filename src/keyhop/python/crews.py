"""Agents, crews and flows: which models and embedders they use, said or by default."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import provider
from keyhop.crewai_version import CrewAIVersion
from keyhop.facts import Act
from keyhop.implicit import default_llm, knowledge, memory, model_names, planner
from keyhop.python import crew_files, members
from keyhop.python.arguments import Arguments
from keyhop.python.llms import AT_THE_CALL, Asks, Found, Pending, of_model
from keyhop.python.program import Program
from keyhop.python.scopes import Site
from keyhop.python.uses import Use, assumed, of_credential, of_variable, variables
from keyhop.python.values import (
    EVERY_CASE,
    Case,
    Const,
    Env,
    External,
    Items,
    Made,
    Object,
    Table,
    Text,
    Unknown,
    Value,
)

_MODELS_OF = {
    "Agent": ("llm", "function_calling_llm"),
    "LiteAgent": ("llm",),
    "Crew": ("manager_llm", "planning_llm", "function_calling_llm", "chat_llm"),
    "human_feedback": ("llm",),
    "LLMGuardrail": ("llm",),
}
KICKOFFS = frozenset(
    f"{prefix}kickoff{suffix}" for prefix in ("", "a") for suffix in ("", "_async", "_for_each", "_for_each_async")
) | {"execute_task", "execute_sync", "execute_async", "train", "replay"}


def of_call(program: Program, site: Site, kind: str, version: CrewAIVersion | None) -> Iterator[Found]:
    """What one ``Agent(...)`` or ``Crew(...)`` needs beside the models that are built elsewhere."""
    passed = Arguments(program.ev, site)
    program.ev.refresh()
    for start in program.ev.conditions.pass_guards(site.guards, site.scope, EVERY_CASE):
        for key in _MODELS_OF.get(kind, ()):
            yield from _model(program, site, kind, key, passed, version, start)
        if kind in ("Agent", "Crew"):
            yield from _embeddings(program, site, kind, passed, version, start)
        if kind == "Crew":
            yield from _planning(program, site, passed, version, start)


def _model(
    program: Program, site: Site, kind: str, key: str, passed: Arguments, version: CrewAIVersion | None, start: Case
) -> Iterator[Found]:
    what = f"{kind}({key}=…)"
    for value, case in passed.outcomes(key, None, start):
        match value:
            case Const(value=str()) | Env() | Text():
                told = f"{kind}({key}={value.value!r})" if isinstance(value, Const) else what
                yield from of_model(program, site, version, value, case, told, start)
            case Const(value=None) if kind in ("Agent", "LiteAgent") and key == "llm" and not passed.open:
                yield from _unsaid(program, site, passed, version, case)


def _unsaid(
    program: Program, site: Site, passed: Arguments, version: CrewAIVersion | None, case: Case
) -> Iterator[Found]:
    """An agent without ``llm=``: its YAML entry decides, else the default model."""
    owner = next((s.owner for s in site.scope.within() if s.owner), None)
    entry = crew_files.entry_of(program.ev, site, passed.node("config"))
    found = list(crew_files.written(program.ev, owner, entry, "llm"))
    if entry is not None and entry.get("llm") is not None and not found:
        return
    for said in found:
        for use in of_model(program, site, version, Const(said.model), case, f"llm: {said.model}", EVERY_CASE):
            yield replace(use, span=said.span) if isinstance(use, Use) else use
    if not found:
        yield Asks(act=Act.ASKS_DEFAULT, site=site, subject="Agent() without llm=", case=case)
        yield default_model(program, site, version, case)


def default_model(program: Program, site: Site, version: CrewAIVersion | None, case: Case) -> Pending:
    """The model that CrewAI takes where none is said: settings decide, else one of OpenAI's."""
    names = model_names(version)
    spare = default_llm({}, version).model

    def decided(text: str | None) -> tuple[Use, ...]:
        chosen = default_llm({names[0]: text} if text else {}, version)
        because = f"Agent() without llm=, model {chosen.model}" if text else "Agent() without llm="
        found = of_model(program, site, version, Const(chosen.model), case, because, EVERY_CASE)
        return tuple(replace(use, hidden=not text) for use in found if isinstance(use, Use))

    setting = Env(names, site, default=Const(spare))
    return Pending(setting=setting, site=site, uses=decided, because="Agent() without llm=")


def _embeddings(
    program: Program, site: Site, kind: str, passed: Arguments, version: CrewAIVersion | None, start: Case
) -> Iterator[Found]:
    """Memory and knowledge embed: with ``embedder=``, else with OpenAI's embedder."""
    reasons = ["knowledge_sources"] + (["memory"] if kind == "Crew" else [])
    for reason in reasons:
        for value, case in passed.outcomes(reason, None, start):
            if value == Const(None) or value == Const(False) or (isinstance(value, Items) and not value.values):
                continue
            if isinstance(value, Unknown):
                continue
            because = f"{kind}({reason}=…)"
            for embedder, last in _embedder(program, passed, value, case):
                yield from embedding(program, site, embedder, last, because, version, start)


def _embedder(program: Program, passed: Arguments, memory: Value, case: Case) -> list[tuple[Value, Case]]:
    """The embedder that is passed: beside the memory, or to the memory object itself."""
    found = passed.outcomes("embedder", None, case)
    inner = memory.site if isinstance(memory, Made) else None
    if inner is not None and all(v == Const(None) for v, _ in found):
        found = Arguments(program.ev, inner).first(("embedder", "embedder_config"), case)
    return found


def embedding(
    program: Program,
    site: Site,
    embedder: Value,
    case: Case,
    because: str,
    version: CrewAIVersion | None,
    start: Case,
) -> Iterator[Found]:
    """What an embedder's configuration needs; None is the default."""
    name: str | None = None
    keys: tuple[Value, ...] = ()
    hidden = embedder == Const(None)
    if isinstance(embedder, Table):
        named = [v for v, _ in members.entry(program.ev, embedder, "provider", case)]
        if not named or not isinstance(named[0], Const):
            return
        name = str(named[0].value)
        keys = tuple(_keys_in(program, embedder, case))
    elif not hidden:
        return
    found = knowledge(name, version) if "knowledge" in because else memory(name, version)
    if found.credential is None or not found.required:
        return
    if keys:
        for value in keys:
            for read in variables(value):
                use = of_variable(program, read, site, because, provider=found.provider)
                yield assumed(use, start, case)
        return
    reads = (program.position(site),) if "knowledge" in because else (program.position(site), AT_THE_CALL)
    text = f"{because} with the default embedder" if hidden else because
    use = of_credential(found.credential, site, text, reads, provider=found.provider, hidden=hidden)
    usual = provider(found.provider).credential().id if found.provider else use.credential  # type: ignore[union-attr]
    yield replace(assumed(use, start, case), credential=usual if usual in use.names else use.credential)


def _keys_in(program: Program, embedder: Table, case: Case) -> Iterator[Value]:
    """The keys that an embedder's configuration gives itself."""
    tables = [v for v, _ in members.entry(program.ev, embedder, "config", case) if isinstance(v, Table)]
    for table in (embedder, *tables):
        for name, node in members.rows(program.ev, table, case):
            if isinstance(name, Const) and str(name.value).endswith(("api_key", "api_token")):
                for value, _ in program.ev.outcomes(node, table.scope, case):
                    if value != Const(None):
                        yield value


def _planning(
    program: Program, site: Site, passed: Arguments, version: CrewAIVersion | None, start: Case
) -> Iterator[Found]:
    """``planning=True`` without ``planning_llm=`` plans with one of OpenAI's models, whatever MODEL says."""
    for value, case in passed.outcomes("planning", None, start):
        if value != Const(True):
            continue
        for model, last in passed.outcomes("planning_llm", None, case):
            if model == Const(None):
                planned = planner(version)
                if planned.credential is None:
                    continue
                use = of_credential(
                    planned.credential,
                    site,
                    "Crew(planning=True) without planning_llm=",
                    (program.position(site), AT_THE_CALL),
                    provider=planned.provider,
                    hidden=True,
                )
                yield assumed(use, start, last)


def kinds(program: Program, site: Site) -> Iterator[str]:
    """Which of CrewAI's classes a call makes, also through subclasses of the project."""
    for value in program.callees.get(site, ()):
        match value:
            case External() if value.root == "crewai":
                yield value.last
            case _:
                for name in _foreign(program, value):
                    if name.startswith("crewai."):
                        yield name.rpartition(".")[2]


def _foreign(program: Program, value: Value) -> frozenset[str]:
    scope = getattr(value, "scope", None)
    if scope is None or scope.kind != "class" or isinstance(value, Object):
        return frozenset()
    return members.foreign_bases(program.ev, scope)


def runs(program: Program) -> bool:
    """Whether the process starts a crew, an agent or a flow."""
    return any(
        isinstance(site.node, ast.Call | ast.Attribute) and _method(site.node) in KICKOFFS for site in program.when
    )


def _method(node: ast.Call | ast.Attribute) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return target.attr if isinstance(target, ast.Attribute) else ""
