"""Agents, crews and flows: which models and embedders they use, said or by default."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import provider
from keyhop.crewai_version import NEWEST, CrewAIVersion
from keyhop.python import crew_files, members
from keyhop.python.arguments import Arguments
from keyhop.python.llms import AT_THE_CALL, Found, Pending, of_model
from keyhop.python.program import Program
from keyhop.python.summary import Site
from keyhop.python.uses import Use, of_credential, of_variable, variables
from keyhop.python.values import EVERY_CASE, Case, Const, Env, External, Items, Made, Object, Table, Text, Unknown, Value
from keyhop.routing import route

_MODEL_SETTINGS = ("MODEL", "MODEL_NAME", "OPENAI_MODEL_NAME")
_DEFAULT_MODEL = "gpt-4.1-mini"
_PLANNER = "gpt-4o-mini"
_MODELS_OF = {
    "Agent": ("llm", "function_calling_llm"),
    "LiteAgent": ("llm",),
    "Crew": ("manager_llm", "planning_llm", "function_calling_llm", "chat_llm"),
    "human_feedback": ("llm",),
    "LLMGuardrail": ("llm",),
}
_EMBEDDERS = {
    "azure": "azure",
    "amazon-bedrock": "bedrock",
    "bedrock": "bedrock",
    "google": "gemini",
    "google-generativeai": "gemini",
    "google-vertex": "vertex",
    "vertexai": "vertex",
    "voyageai": "voyage",
    "watson": "watsonx",
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


def _unsaid(program: Program, site: Site, passed: Arguments, version: CrewAIVersion | None, case: Case) -> Iterator[Found]:
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
        yield default_model(program, site, version, case)


def default_model(program: Program, site: Site, version: CrewAIVersion | None, case: Case) -> Pending:
    """The model that CrewAI takes where none is said: three settings decide, else one of OpenAI's."""
    setting = Env(_MODEL_SETTINGS, site, default=Const(_DEFAULT_MODEL))

    def decided(text: str | None) -> tuple[Use, ...]:
        model = text or _DEFAULT_MODEL
        because = "Agent() without llm=" if text is None else f"Agent() without llm=, model {model}"
        found = of_model(program, site, version, Const(model), case, because, EVERY_CASE)
        return tuple(replace(use, hidden=text is None) for use in found if isinstance(use, Use))

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
    program: Program, site: Site, embedder: Value, case: Case, because: str, version: CrewAIVersion | None, start: Case
) -> Iterator[Found]:
    """What an embedder's configuration needs; None is the default."""
    service, key = "openai", None
    hidden = embedder == Const(None)
    if isinstance(embedder, Table):
        named = [v for v, _ in members.entry(program.ev, embedder, "provider", case)]
        if not named or not isinstance(named[0], Const):
            return
        service = _EMBEDDERS.get(str(named[0].value), str(named[0].value))
        for config, _ in members.entry(program.ev, embedder, "config", case):
            if isinstance(config, Table):
                for wanted in ("api_key", "google_api_key", "openai_api_key", "cohere_api_key"):
                    key = key or next((v for v, _ in members.entry(program.ev, config, wanted, case)), None)
    elif not hidden:
        return
    if key is not None and not (isinstance(key, Const) and key.value is None):
        for read in variables(key):
            yield replace(of_variable(program, read, site, because), guards=start.tests)
        return
    known = provider(service)
    if known is None or known.keyless:
        return
    credential = known.credential("embedder").as_of(version or NEWEST)
    reads = (program.position(site),) if "knowledge" in because else (program.position(site), AT_THE_CALL)
    tests = case.tests[len(start.tests) :]
    text = f"{because} with the default embedder" if hidden else because
    yield of_credential(
        credential, site, text, reads, provider=known.id, hidden=hidden, guards=start.tests, value=tests
    )


def _planning(
    program: Program, site: Site, passed: Arguments, version: CrewAIVersion | None, start: Case
) -> Iterator[Found]:
    """``planning=True`` without ``planning_llm=`` plans with one of OpenAI's models, whatever MODEL says."""
    for value, case in passed.outcomes("planning", None, start):
        if value != Const(True):
            continue
        for model, last in passed.outcomes("planning_llm", None, case):
            if model == Const(None):
                credential = route(_PLANNER, version=version).credential
                assert credential is not None
                yield of_credential(
                    credential,
                    site,
                    "Crew(planning=True) without planning_llm=",
                    (program.position(site), AT_THE_CALL),
                    provider=route(_PLANNER, version=version).provider,
                    hidden=True,
                    guards=start.tests,
                    value=last.tests[len(start.tests) :],
                )


def kinds(program: Program, site: Site) -> Iterator[str]:
    """Which of CrewAI's classes a call makes, also through subclasses of the project."""
    if not isinstance(site.node, ast.Call):
        return
    for value in program.ev.values(site.node.func, site.scope):
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
        isinstance(site.node, ast.Call | ast.Attribute) and _method(site.node) in KICKOFFS
        for site in program.when
    )


def _method(node: ast.Call | ast.Attribute) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return target.attr if isinstance(target, ast.Attribute) else ""
