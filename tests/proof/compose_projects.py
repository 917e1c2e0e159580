"""Whole Compose projects as people write them: several files, includes, extends, anchors, builds."""

from __future__ import annotations

from random import Random

from compose_values import (
    NAMES,
    SCOPE,
    Draft,
    add_env_files,
    entry,
    env_text,
    mapping,
    quoted,
    service_keys,
    template,
)

from readers.compose_world import Project

_MISTAKES = ("enviroment: {A: b}", "env_file: missing.env", "ports: x: y", "extends: nobody", "\ttab: x")


def project(random: Random, image: str = "busybox", builds: bool = False) -> Project:
    """One project; with `builds` some services have a Dockerfile of their own."""
    draft = Draft(random=random, image=image, builds=builds, trouble=random.choice((0, 0, 0, 0.03)))
    one, chance = draft.one, draft.chance
    base = one(("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"))
    draft.files[".env"] = env_text(draft, SCOPE)
    arguments: list[str] = []
    services = random.sample(("app", "worker", "db"), random.randint(1, 3))
    layout = random.choices(("one", "override", "several", "directory"), (45, 25, 20, 10))[0]
    prefix = "deploy/" if layout == "directory" and chance(0.6) else ""
    parts = _parts(draft, prefix) if chance(0.3) else ""
    text = _document(draft, services, prefix, parts)
    if layout == "directory":
        draft.files["deploy/.env"] = env_text(draft, SCOPE)
        draft.files["deploy/stack.yml"] = text
        add_env_files(draft, "deploy/")
        arguments = ["-f", "deploy/stack.yml", *([] if prefix else ["--project-directory", "."])]
    else:
        draft.files[base] = text
        if layout == "override":
            draft.files[_override(base)] = _override_document(draft, services)
        if layout == "several":
            draft.files["prod.yaml"] = _override_document(draft, services)
            arguments = ["-f", base, "-f", "prod.yaml"]
    add_env_files(draft, "")
    if chance(0.15):
        draft.files["other.env"] = env_text(draft, SCOPE)
        arguments = [*arguments, "--env-file", "other.env"]
        if chance(0.4):
            arguments = ["--env-file", ".env", *arguments]
    if ".env" not in arguments and chance(0.1):
        del draft.files[".env"]
    shell = {name: one(("from-shell", "", "sh$ll", "sk-shell")) for name in draft.some((*SCOPE, "C"), 3)}
    if chance(0.5):
        shell["SHELL_ONLY"] = "only-in-shell"
    return Project(files=draft.files, arguments=tuple(arguments), shell=shell)


def _override(base: str) -> str:
    stem, _, end = base.rpartition(".")
    return f"{stem}.override.{end}"


def _document(draft: Draft, services: list[str], prefix: str, include: str) -> str:
    """A Compose file; `prefix` is its directory."""
    anchors, lines = _extensions(draft)
    common = draft.chance(0.3)
    if common:
        lines += ["x-common: &common", f"  image: {draft.image}", *service_keys(draft, "  ", anchors)]
    first = draft.chance(0.2)
    lines.append("services:")
    for number, name in enumerate(services):
        lines.append(f"  {name}:" + (" &first" if first and number == 0 else ""))
        merged = ("common",) if common else ("first",) if first and number else ()
        lines += _service(draft, name, prefix, services[0] if number else "", merged, anchors)
    head = ['version: "3.8"'] if draft.chance(0.15) else []
    return "\n".join([*head, *([include] if include else []), *lines]) + "\n"


def _extensions(draft: Draft) -> tuple[tuple[str, ...], list[str]]:
    """Variables under ``x-`` keys, and the anchors that name them."""
    anchors, lines = [], []
    if draft.chance(0.45):
        anchors.append("env")
        lines += ["x-env: &env", *mapping(draft, "  ", most=4, merge=())]
    if draft.chance(0.25):
        anchors.append("more")
        lines += ["x-more:", "  nested: &more", *mapping(draft, "    ", most=3, merge=())]
    return tuple(anchors), lines


def _service(
    draft: Draft, name: str, prefix: str, sibling: str, merged: tuple[str, ...], anchors: tuple[str, ...]
) -> list[str]:
    """One service, which may rest on a merge key, a sibling or a service of another file."""
    one, chance = draft.one, draft.chance
    below: list[str] = []
    if merged and chance(0.6):
        below = [f"    <<: *{merged[0]}"]
    elif sibling and chance(0.2):
        below = one((f"    extends: {sibling}", f"    extends:\n      service: {sibling}")).split("\n")
    elif chance(0.15):
        draft.files.setdefault(f"{prefix}common/base.yaml", _extended(draft, f"{prefix}common/"))
        below = ["    extends:", f"      file: {one(('', './'))}common/base.yaml", "      service: base"]
    lines = []
    if draft.builds and chance(0.5):
        lines += [f"    image: proof-{draft.random.getrandbits(64):016x}", *_build(draft, name)]
    elif not below or (chance(0.5) and not draft.builds) or "base.yaml" in "".join(below):
        lines.append(f"    image: {draft.image}")
    lines += service_keys(draft, "    ", anchors)
    if draft.builds:
        lines.append("    network_mode: none")  # the engine has few ranges of addresses for networks
    if chance(0.15):
        lines.append(f"    profiles: [{one(('dev', 'prod'))}]")
    if chance(0.15):
        lines += ["    labels:", f"      who: {quoted(draft, template(draft))}"]
    if chance(draft.trouble):
        lines.append(f"    {one(_MISTAKES)}")
    return [*below, *lines] if chance(0.7) else [*lines, *below]


def _extended(draft: Draft, prefix: str) -> str:
    add_env_files(draft, prefix)
    lines = ["services:", "  base:", f"    image: {draft.image}", *service_keys(draft, "    ", ())]
    if draft.chance(0.3):
        lines += ["    extends: root", "  root:", f"    image: {draft.image}", *service_keys(draft, "    ", ())]
    return "\n".join(lines) + "\n"


def _parts(draft: Draft, prefix: str) -> str:
    """An ``include:`` of another project, in a file of the directory `prefix`."""
    form = draft.one(("short", "long", "env", "directory"))
    services = ["cache", *(["queue"] if draft.chance(0.3) else [])]
    inner = prefix if form == "directory" else f"{prefix}part/"
    draft.files[f"{prefix}part/compose.yaml"] = _document(draft, services, inner, "")
    add_env_files(draft, inner)
    if draft.chance(0.6):
        draft.files[f"{prefix}part/.env"] = env_text(draft, SCOPE)
    match form:
        case "short":
            return "include: [part/compose.yaml]"
        case "long":
            return "include:\n  - path: ./part/compose.yaml"
        case "env":
            draft.files[f"{prefix}part.env"] = env_text(draft, SCOPE)
            return "include:\n  - path: part/compose.yaml\n    env_file: part.env"
        case _:
            return "include:\n  - path: part/compose.yaml\n    project_directory: ."


def _override_document(draft: Draft, services: list[str]) -> str:
    lines = ["services:"]
    for name in services:
        if draft.chance(0.25):
            continue
        body = service_keys(draft, "    ", ())
        if body and draft.chance(0.15):
            tag = draft.one(("!override", "!reset"))
            first = body[0]
            key = first.strip().partition(":")[0]
            if tag == "!reset":
                body = [f"    {key}: !reset {draft.one(('null', '[]', '{}'))}"]
            elif first.endswith(":"):
                body[0] = f"    {key}: !override"
        if draft.chance(0.1):
            body = ["    environment:", f"      {draft.one(NAMES)}: !reset null", "      D: own"]
        lines += [f"  {name}:", *body] if body else [f"  {name}: {{}}"]
    if len(lines) == 1:
        lines += [f"  {services[0]}:", "    environment: [D=override]"]
    return "\n".join(lines) + "\n"


def _build(draft: Draft, name: str) -> list[str]:
    """``build:`` with a Dockerfile whose arguments and variables reach the container."""
    args = draft.some(("ARG_A", "ARG_B", "OPENAI_API_KEY"), 2)
    lines = [f"FROM {draft.image}", *("ARG " + each + draft.one(("", "=default", '="a b"')) for each in args)]
    for variable in draft.some((*NAMES, "IMAGE_OWN"), 3):
        value = draft.one(
            ("x", '"a b"', "${A}", "$OPENAI_API_KEY", "${ARG_A:-d}", "'single $ARG_A'", "pre-${ARG_B}", "", "a\\ b")
        )
        lines.append(f"ENV {variable}={value}" if value or draft.chance(0.7) else f"ENV {variable} spaced value")
    draft.files[f"images/{name}/Dockerfile"] = "\n".join(lines) + "\n"
    given = [f"        {each}: {quoted(draft, template(draft))}" for each in args if draft.chance(0.7)]
    listed = [f"        - {entry(draft, each)}" for each in args if draft.chance(0.7)]
    chosen = draft.random.choice((given, listed))
    return ["    build:", f"      context: ./images/{name}", *(["      args:", *chosen] if chosen else [])]
