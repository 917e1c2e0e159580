"""Clients of services that the code makes by itself, beside CrewAI's own models."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import Credential, provider
from keyhop.clients import Client, client
from keyhop.crewai_version import CrewAIVersion
from keyhop.facts import Required
from keyhop.python.arguments import Arguments
from keyhop.python.elsewhere import dotted
from keyhop.python.llms import Call, Found, Unseen, host_of, is_local, service_at
from keyhop.python.program import Program
from keyhop.python.scopes import Kind, Site
from keyhop.python.uses import assumed, of_credential, of_variable, variables
from keyhop.python.values import EVERY_CASE, Case, Const, External, Value

_BY_MODULE = {"openai": "openai.OpenAI", "google.generativeai": "google.generativeai.configure"}
"""Libraries that are also called without a client, and the client whose credential they then read."""
_MODULE_CALLS = ("create", "generate_content", "generate_images")


def of_call(program: Program, site: Site, version: CrewAIVersion | None) -> Iterator[Found]:
    """What a call of a client's class or function needs."""
    for callee in program.callees.get(site, ()):
        name = dotted(callee)
        found = client(name, _selector(site)) if isinstance(callee, External) else None
        if found is None and isinstance(callee, External):
            found = _module_client(program, name)
        elif found is not None and _configured_elsewhere(program, name):
            continue
        if found is not None:
            yield from _of_client(program, site, found, name, version)


def asks_a_model(program: Program) -> bool:
    """Whether the process makes a model or a client of a service that has some."""
    for callees in program.callees.values():
        for callee in callees:
            if isinstance(callee, External):
                if callee.root == "crewai" and callee.last == "LLM":
                    return True
                found = client(callee.name)
                if found is not None and (found.provider is None or _has_models(found)):
                    return True
    return False


def _has_models(found: Client) -> bool:
    owner = provider(found.provider) if found.provider else None
    return owner is not None and owner.kind == "llm"


def _of_client(
    program: Program, site: Site, found: Client, name: str, version: CrewAIVersion | None
) -> Iterator[Found]:
    passed = Arguments(program.ev, site)
    because = f"{name.rpartition('.')[2]}()"
    program.ev.refresh()
    for start in program.ev.conditions.pass_guards(site.guards, site.scope, EVERY_CASE):
        if found.provider is None:
            for model, case in passed.first(found.model, start, 0):
                for key, last in passed.first(("api_key",), case):
                    call = Call(program, site, version, passed, start, last, because, litellm=True)
                    yield from call.uses(model, key, passed.first(found.base_url, last)[0][0])
            continue
        credential = found.credential
        if credential is None:
            continue
        for base, case in passed.first(found.base_url, start):
            yield from _asked(program, site, found, credential, passed, base, case, start, because)


def _asked(
    program: Program,
    site: Site,
    found: Client,
    credential: Credential,
    passed: Arguments,
    base: Value,
    case: Case,
    start: Case,
    because: str,
) -> Iterator[Found]:
    host = host_of(base)
    owner = found.provider if base == Const(None) else service_at(host)
    local = is_local(host)
    secret = tuple(dict.fromkeys(a for parts in credential.any_of for p in parts if p.secret for a in p.arguments))
    given = [n for n in passed.passed() if n not in secret]
    asked = False
    for key, last in passed.first(secret, case) if secret else [(Const(None), case)]:
        reads = list(variables(key))
        if reads:
            asked = True
            for read in reads:
                use = of_variable(program, read, site, because, provider=owner, any_value=local)
                yield assumed(use, start, last)
        elif not isinstance(key, Const):
            yield Unseen(site=site, why=f"the key of {because} is chosen at run time")
        elif key == Const(None):
            rest = credential.beside(given)
            if rest is None or asked or passed.open:
                continue
            floor = Required.ALWAYS if credential.required else Required.OPTIONAL
            use = of_credential(
                rest, site, because, (program.position(site),), provider=found.provider, any_value=local
            )
            if found.provider != "ollama":
                yield replace(assumed(use, start, last), floor=floor)


def _selector(site: Site) -> str | None:
    call = site.node
    if isinstance(call, ast.Call):
        first = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "service_name"), None)
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return first.value
    return None


def _module_client(program: Program, name: str) -> Client | None:
    """``openai.chat.completions.create(...)``: the module itself is the client."""
    for package, stands_for in _BY_MODULE.items():
        if name.startswith(f"{package}.") and name.rpartition(".")[2] in _MODULE_CALLS and "()" not in name:
            return None if _sets_key(program, package) else client(stands_for)
    return None


def _configured_elsewhere(program: Program, name: str) -> bool:
    """``genai.configure(api_key=…)`` gives all models of the module their key."""
    package, _, last = name.rpartition(".")
    return (
        package == "google.generativeai"
        and last != "configure"
        and any(
            dotted(callee) == f"{package}.configure" for callees in program.callees.values() for callee in callees
        )
    )


def _sets_key(program: Program, package: str) -> bool:
    """Whether the code assigns ``openai.api_key``."""
    return any(
        site.kind is Kind.STORE
        and isinstance(site.node, ast.Attribute)
        and site.node.attr == "api_key"
        and any(dotted(v) == package for v in program.ev.values(site.node.value, site.scope))
        for site in program.when
    )
