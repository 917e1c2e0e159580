"""The pages of families that have no cases of their own: providers, engines, deployment formats, output formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from keyhop import engines, formats, live, readers
from keyhop.catalogue import Credential, Part, Provider, providers
from keyhop.text.dotenv import dialects

_READERS = {
    "crewai": "CrewAI",
    "litellm": "LiteLLM",
    "sdk": "the service's own library",
    "langchain": "LangChain",
    "embedder": "CrewAI's embedder",
    "tool": "the tool",
}


def pages() -> Iterator[tuple[str, str]]:
    """Each page's file name and text."""
    yield "providers.md", providers_page()
    yield "engines.md", engines_page()
    yield "formats.md", formats_page()
    yield "hosts.md", hosts_page()


def providers_page() -> str:
    """Every service that keyhop knows, and the variables under which it is given its key."""
    known = list(providers())
    titles = {"llm": "Models", "tool": "Tools", "platform": "Platforms"}
    head = (
        f"# Providers\n\nThe {len(known)} services that keyhop knows, and the variables that hold their credentials. "
        "A name in parentheses is tried after the one before it; `@…` is a way without a key. "
        "A key is sent nowhere but to the hosts listed.\n"
    )
    parts = [head]
    for kind, title in titles.items():
        parts.append(f"\n## {title}\n")
        parts += [_provider(each) for each in known if each.kind == kind]
    return "".join(parts)


def _provider(provider: Provider) -> str:
    lines = [f"\n### {provider.title}\n", f"`{provider.id}` · {provider.url}\n"]
    for credential in _distinct(provider.credentials):
        optional = "" if credential.required else " (goes on without)"
        lines.append(f"- {_READERS[credential.reader]} reads {_alternatives(credential)}{optional}")
    if provider.keyless:
        lines.append("- needs no key by default")
    if provider.settings:
        lines.append(f"- not secret, but decides where the key goes: {_listed(provider.settings)}")
    if provider.never_read:
        lines.append(f"- often set, never read by CrewAI: {_listed(provider.never_read)}")
    if provider.hosts:
        lines.append(f"- hosts: {_listed(provider.hosts)}")
    if provider.probe is not None and provider.probe.cost == "none":
        lines.append(f"- asked without cost: `{provider.probe.method} {provider.probe.url}`")
    sources = ", ".join(f"[{_site(each.url)}, {each.seen}]({each.url})" for each in provider.references)
    if sources:
        lines.append(f"- sources: {sources}")
    return "\n".join(lines) + "\n"


def _site(url: str) -> str:
    """What a source is called: a package with its version, else its host and project."""
    host, *path = url.split("://")[-1].strip("/").split("/")
    if host == "pypi.org":
        return " ".join(path[1:])
    return "/".join((host.removeprefix("www."), *path[:2])) if host == "github.com" else host.removeprefix("www.")


def _distinct(credentials: Iterable[Credential]) -> Iterator[Credential]:
    """Without those that read just as an earlier one does."""
    seen = set()
    for each in credentials:
        form = (_alternatives(each), each.required)
        if form not in seen:
            seen.add(form)
            yield each


def _alternatives(credential: Credential) -> str:
    return ", or ".join(" with ".join(_part(part) for part in parts) for parts in credential.any_of)


def _part(part: Part) -> str:
    first, *others = part.names
    since = f", from CrewAI {part.since} on" if part.since is not None else ""
    return f"`{first}`" + (f" ({_listed(others)})" if others else "") + since


def engines_page() -> str:
    """What the children of each engine see."""
    rows = "".join(
        f"| {each.title} | {_listed(each.supports)} | {each.inherits} | {each.frozen} |\n"
        for each in _members(engines, "ENGINE")
    )
    return (
        "# Engines\n\nHow Python code gets into other processes, what those see of its environment, and the moment "
        "after which nothing that is set reaches them. Each line is checked with the real engine in "
        "[tests/engines](../tests/engines).\n\n"
        f"| engine | versions | its processes see | frozen at |\n|---|---|---|---|\n{rows}"
    )


def hosts_page() -> str:
    """What `keyhop.attach` takes, and what happens where a key is missing."""
    rows = "".join(
        f"| {each.title} | {_listed(each.supports)} | `{each.line}` | {each.stops} |\n"
        for each in _members(live, "LIVE")
    )
    return (
        "# Hosts of workers\n\nWhat `keyhop.attach` takes, the line that is written, and where a worker that lacks a "
        "key is stopped. Each is tried with the real host, without the key and with it, in "
        "[tests/live](../tests/live); [Workers that start only with their keys](startup.md) says more.\n\n"
        f"| host | versions | line | without the key |\n|---|---|---|---|\n{rows}"
    )


def formats_page() -> str:
    """What is read, and in what form a report is written."""
    read = "".join(f"| {each.title} | {_listed(each.claims)} |\n" for each in _members(readers, "READER"))
    programs = [each for each in dialects().values() if each.id != "author"]
    kinds = "".join(f"| `{each.id}` | {each.title} | {each.measured} |\n" for each in programs)
    written = "".join(f"| `{each.id}` | {each.title} |\n" for each in _members(formats, "FORMAT"))
    return (
        "# Formats\n\n## What is read\n\n"
        "A name without a `/` is looked for in every directory. `.env` files are read only where something that "
        "starts a process, or its code, reads them.\n\n"
        f"| format | files |\n|---|---|\n{read}\n"
        "## Dialects of `.env` files\n\n"
        "One and the same file means different things to different readers. keyhop reads it as the one does that "
        "stands at the hop; generated files are compared with each in [tests/proof](../tests/proof).\n\n"
        f"| dialect | read by | measured with |\n|---|---|---|\n{kinds}\n"
        "## What `keyhop check` writes\n\n"
        f"| `--format` | |\n|---|---|\n{written}"
    )


def _members(family: Any, constant: str) -> list[Any]:
    """The members of a family, by module name."""
    modules = (import_module(f"{family.__name__}.{m.name}") for m in iter_modules(family.__path__))
    return [getattr(module, constant) for module in modules if hasattr(module, constant)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
