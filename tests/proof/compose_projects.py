"""Whole Compose projects as people write them: several files, anchors, env files, every form of a variable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from readers.compose_world import Project

NAMES = (
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "SERPER_API_KEY",
    "DATABASE_URL",
    "MODEL",
    "DEBUG",
    "A",
    "B",
    "C",
    "D",
)
"""What services get."""
SCOPE = (*NAMES[:6], "A", "B", "TAG", "EMPTY", "SHELL_ONLY")
"""What ``${…}`` may find."""
UNSET = ("UNSET", "NOBODY")
_TEXTS = (
    *(
        "sk-proj-aB3dE5",
        "sk-ant-api03-x_Y",
        "redis://cache:6379/0",
        "postgres://u:p%40@db:5432/app?x=1",
        "gpt-4o",
        "x",
        "a b",
    ),
    *(
        "c2VjcmV0Cg==",
        "it's",
        'say "hi"',
        "a#b",
        "a: b",
        "- a",
        "{a}",
        "[1]",
        "*x",
        "&y",
        "!z",
        "%d",
        "@at",
        "`",
        "|",
        ">",
    ),
    *(
        "é",
        "日本",
        "🔑",
        "\\n",
        "C:\\new",
        "a,b",
        "~",
        "0x1F",
        "1_000",
        "0123",
        "0o17",
        "1e3",
        "1.50",
        "yes",
        "No",
        "null",
        "",
    ),
    *("-", "=", "12:30", "2024-01-01", ".5", "+1", "True", ".inf", "~/x", "?q"),
)
_YAML = (
    "8080",
    "0123",
    "0o17",
    "0x1F",
    "1e3",
    "1.50",
    "true",
    "True",
    "no",
    "~",
    "null",
    "",
    "1_000",
    "2024-01-01",
    "12:30",
    ".5",
    ".NaN",
    "-0",
)
"""Values without quotes, which YAML reads into something."""
_ENV_LINES = (
    *(
        "plain",
        "'single $A'",
        '"double ${A}"',
        "${A}",
        "$B-x",
        "${UNSET}",
        "${UNSET:-d}",
        "${EMPTY:-e}",
        "${A:+set}",
        "a # note",
    ),
    *(
        "a#b",
        '"a # b"',
        "'a\\'b'",
        '"a\\nb"',
        '"a\\"b"',
        "a$$b",
        "'a$b'",
        "a b ",
        "",
        '""',
        "x=y",
        "${SHELL_ONLY-none}",
        "é",
        "$1",
    ),
    *('"-----BEGIN\nKEY-----"', "{a: 1}", "[x]", "\\$A", "'$$'", "${D:-${A:-deep}}"),
)


@dataclass
class Draft:
    """A project in the making."""

    random: Random
    image: str
    builds: bool
    files: dict[str, str] = field(default_factory=dict)
    trouble: float = 0.0
    """How likely each thing is that Compose refuses."""

    def one(self, items: Iterable[str]) -> str:
        return self.random.choice(tuple(items))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def some(self, items: tuple[str, ...], most: int) -> list[str]:
        return self.random.sample(items, self.random.randint(0, min(most, len(items))))


def project(random: Random, image: str = "busybox", builds: bool = False) -> Project:
    """One project; with `builds` some services have a Dockerfile of their own."""
    draft = Draft(random=random, image=image, builds=builds, trouble=random.choice((0, 0, 0, 0.03)))
    one, chance = draft.one, draft.chance
    base = one(("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"))
    draft.files[".env"] = _env(draft, SCOPE)
    arguments: list[str] = []
    services = random.sample(("app", "worker", "db"), random.randint(1, 3))
    parts = _parts(draft) if chance(0.3) else ""
    text = _document(draft, services, "", parts)
    layout = random.choices(("one", "override", "several", "directory"), (45, 25, 20, 10))[0]
    if layout == "directory":
        draft.files[".env"], draft.files["deploy/.env"] = _env(draft, SCOPE), draft.files[".env"]
        draft.files["deploy/stack.yml"] = text
        _add_env_files(draft, "deploy/")
        arguments = ["-f", "deploy/stack.yml", *(["--project-directory", "."] if chance(0.4) else [])]
    else:
        draft.files[base] = text
        if layout == "override":
            draft.files[_override(base)] = _override_document(draft, services)
        if layout == "several":
            draft.files["prod.yaml"] = _override_document(draft, services)
            arguments = ["-f", base, "-f", "prod.yaml"]
    _add_env_files(draft, "")
    if chance(0.15):
        draft.files["other.env"] = _env(draft, SCOPE)
        arguments = [*arguments, "--env-file", "other.env"]
        if chance(0.4):
            arguments = ["--env-file", ".env", *arguments]
    if chance(0.1):
        del draft.files[".env"]
        arguments = (
            [a for a in arguments if a != ".env"]
            if ".env" not in arguments
            else [a for a in arguments if a not in ("--env-file", ".env", "other.env")]
        )
    shell = {name: one(("from-shell", "", "sh$ll", "sk-shell")) for name in draft.some((*SCOPE, "C"), 3)}
    if chance(0.5):
        shell["SHELL_ONLY"] = "only-in-shell"
    return Project(files=draft.files, arguments=tuple(arguments), shell=shell)


def _override(base: str) -> str:
    stem, _, end = base.rpartition(".")
    return f"{stem}.override.{end}"


def _document(draft: Draft, services: list[str], prefix: str, include: str) -> str:
    one, chance = draft.one, draft.chance
    lines = ['version: "3.8"'] if chance(0.15) else []
    lines += [include] if include else []
    anchors = []
    if chance(0.45):
        anchors.append("env")
        lines += ["x-env: &env", *_map(draft, "  ", most=4, merge=())]
    if chance(0.25):
        anchors.append("more")
        lines += ["x-more:", "  nested: &more", *_map(draft, "    ", most=3, merge=())]
    common = chance(0.3)
    if common:
        lines += ["x-common: &common", f"  image: {draft.image}", *_service_keys(draft, "  ", tuple(anchors))]
    lines.append("services:")
    for number, name in enumerate(services):
        lines.append(f"  {name}:" + (" &first" if number == 0 and chance(0.2) else ""))
        body = []
        extends = None
        if common and chance(0.6):
            body.append("    <<: *common")
        elif (
            number
            and next(line for line in lines if line.startswith(f"  {services[0]}:")).endswith("&first")
            and chance(0.6)
        ):
            body.append("    <<: *first")
        elif number and chance(0.2):
            extends = services[0]
            body += one((f"    extends: {services[0]}", f"    extends:\n      service: {services[0]}")).split("\n")
        elif chance(0.15):
            draft.files.setdefault(f"{prefix}common/base.yaml", _extended(draft, f"{prefix}common/"))
            body += [
                "    extends:",
                f"      file: {one(('common/base.yaml', './common/base.yaml'))}",
                "      service: base",
            ]
        if draft.builds and chance(0.5):
            body += [f"    image: proof-{_unique(draft)}", *_build(draft, name)]
        elif not any("<<" in line for line in body) or chance(0.5):
            body.append(f"    image: {draft.image}")
        body += _service_keys(draft, "    ", tuple(anchors))
        if draft.builds:
            body.append("    network_mode: none")  # the engine's few address ranges would be used up
        if chance(0.15):
            body.append(f"    profiles: [{one(('dev', 'prod'))}]")
        if chance(0.15):
            body.append(f"    labels: {{who: '{_template(draft)}'}}".replace("''", "'"))
        if chance(draft.trouble):
            body.append(
                one(
                    (
                        "    enviroment: {A: b}",
                        "    env_file: missing.env",
                        "    ports: x: y",
                        "    extends: nobody",
                        "\ttab: x",
                    )
                )
            )
        draft.random.shuffle(body) if extends is None and not any("\n" in b for b in body) and all(
            b[4] != " " for b in body
        ) else None
        lines += body
    return "\n".join(lines) + "\n"


def _unique(draft: Draft) -> str:
    """An image's name that no other service has, so that its build is not taken for another's."""
    return f"{draft.random.getrandbits(64):016x}"


def _service_keys(draft: Draft, indent: str, anchors: tuple[str, ...]) -> list[str]:
    found = []
    if draft.chance(0.85):
        found += _environment(draft, indent, anchors)
    if draft.chance(0.5):
        found += _env_file(draft, indent)
    return found


def _environment(draft: Draft, indent: str, anchors: tuple[str, ...] = ()) -> list[str]:
    inner = indent + "  "
    kind = draft.random.choices(
        ("map", "list", "flow map", "flow list", "alias", "null", "empty"), (42, 32, 6, 5, 8, 3, 4)
    )[0]
    match kind:
        case "map":
            return [f"{indent}environment:", *(_map(draft, inner, most=5, merge=anchors) or [f"{inner}A: 1"])]
        case "list":
            names = draft.some((*NAMES, "SHELL_ONLY", "UNSET"), 5)
            items = [f"{indent}{draft.one(('  ', ''))[:0]}  - {_entry(draft, name)}" for name in names]
            return [f"{indent}environment:", *items] if items else [f"{indent}environment: []"]
        case "flow map":
            pairs = [f"{name}: {_quoted(draft, _template(draft))}" for name in draft.some(NAMES, 3)]
            return [f"{indent}environment: {{{', '.join(pairs)}}}"]
        case "flow list":
            pairs = [_quoted(draft, f"{name}={_template(draft)}") for name in draft.some(NAMES, 3)]
            return [f"{indent}environment: [{', '.join(pairs)}]"]
        case "alias" if anchors:
            return [f"{indent}environment: *{draft.one(anchors)}"]
        case "null":
            return [f"{indent}environment:"]
        case _:
            return [f"{indent}environment: {draft.one(('{}', '[]'))}"]


def _map(draft: Draft, indent: str, most: int, merge: tuple[str, ...]) -> list[str]:
    lines = [
        f"{indent}{name}: {_mapped(draft, indent)}".rstrip(" ") for name in draft.some((*NAMES, "SHELL_ONLY"), most)
    ]
    if merge and draft.chance(0.6):
        merged = draft.one(merge) if len(merge) == 1 or draft.chance(0.6) else ""
        line = f"{indent}<<: *{merged}" if merged else f"{indent}<<: [{', '.join(f'*{each}' for each in merge)}]"
        lines.insert(draft.random.randint(0, len(lines)), line)
    return lines or [f"{indent}A: a"]


def _mapped(draft: Draft, indent: str) -> str:
    kind = draft.random.choices(("quoted", "plain", "block", "trouble"), (60, 30, 5, 100 * draft.trouble))[0]
    match kind:
        case "quoted":
            return _quoted(draft, _template(draft))
        case "plain":
            return draft.one(_YAML)
        case "block":
            return draft.one(("|-", ">-", "|", ">")) + f"\n{indent}  first\n{indent}  ${{A:-second}}"
        case _:
            return draft.one(("'${'", "'${REQUIRED:?say so}'", "[a]", "{a: b}", "'${1}'", '"\\q"', "*nobody"))


def _entry(draft: Draft, name: str) -> str:
    kind = draft.random.choices(("value", "bare", "yaml", "trouble"), (70, 18, 6, 50 * draft.trouble))[0]
    match kind:
        case "bare":
            return name
        case "yaml":
            return f"{name}={draft.one(_YAML)}"
        case "trouble":
            return draft.one((f"{name} = x", f"{name}: x", "'${'", f"{name}=${{REQUIRED:?no}}", "1", "${UNSET}=x"))
        case _:
            return _quoted(draft, f"{name}={_template(draft)}")


def _quoted(draft: Draft, text: str) -> str:
    """A text as a YAML scalar: without quotes where it can be."""
    safe = (
        text
        and all(c.isalnum() or c in "_-./=$(){}+@%:" for c in text)
        and text[0].isalpha()
        and not text.endswith(":")
    )
    if safe and "{" not in text and draft.chance(0.7):
        return text
    if (
        safe
        and text.startswith(tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        and "=" in text
        and ": " not in text
        and draft.chance(0)
    ):
        return text
    if draft.chance(0.5):
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _template(draft: Draft, depth: int = 0) -> str:
    """A value with literals and references."""
    kind = draft.random.choices(("text", "sole", "mixed", "dollar"), (35, 40, 20, 5))[0]
    match kind:
        case "text":
            return draft.one(_TEXTS)
        case "sole":
            return _reference(draft, depth)
        case "mixed":
            pieces = (
                _reference(draft, depth) if draft.chance(0.6) else draft.one(_TEXTS)
                for _ in range(draft.random.randint(2, 3))
            )
            return draft.one(("", "Bearer ", "http://")) + "".join(pieces)
        case _:
            return draft.one(("a$$b", "$$A", "$$$A", "5$", "$1", "$$", "$-", "$${A}"))


def _reference(draft: Draft, depth: int) -> str:
    name = draft.one((*SCOPE, *UNSET))
    operator = draft.random.choices(("", "bare", ":-", "-", ":+", "+", ":?", "?"), (34, 10, 25, 10, 7, 5, 4, 2))[0]
    match operator:
        case "":
            return f"${{{name}}}"
        case "bare":
            return f"${name}"
        case ":?" | "?":
            name = name if draft.chance(draft.trouble) else "TAG"
            return f"${{{name}{operator}{draft.one(('', 'set it'))}}}"
        case _:
            operand = (
                _template(draft, depth + 1)
                if depth < 2 and draft.chance(0.35)
                else draft.one(("d", "", "sk-default", "a b", "é"))
            )
            return f"${{{name}{operator}{operand.replace('}', '') if '${' not in operand else operand}}}"


def _env_file(draft: Draft, indent: str) -> list[str]:
    one, chance = draft.one, draft.chance
    if chance(0.35):
        return [f"{indent}env_file: {one(('a.env', './b.env', '.env', 'env/c.env', '${UNSET:-a.env}'))}"]
    lines = [f"{indent}env_file:"]
    for path in draft.random.sample(
        ("a.env", "b.env", "./env/c.env", "raw.env", "perhaps.env"), draft.random.randint(1, 3)
    ):
        if path == "raw.env":
            lines += [f"{indent}  - path: raw.env", f"{indent}    format: raw"]
        elif path == "perhaps.env":
            lines += [f"{indent}  - path: perhaps.env", f"{indent}    required: false"]
        elif chance(0.25):
            lines += [f"{indent}  - path: {path}", *([f"{indent}    required: true"] if chance(0.5) else [])]
        else:
            lines.append(f"{indent}  - {path}")
    return lines


def _env(draft: Draft, names: tuple[str, ...]) -> str:
    lines = []
    for name in draft.some(names, 7):
        value = draft.one(_ENV_LINES)
        lines.append(f"{draft.one(('', '', '', 'export '))}{name}={'' if name == 'EMPTY' else value}")
    if "TAG" in names and not any("TAG=" in line for line in lines):
        lines.append("TAG=latest")
    if draft.chance(0.1):
        lines.insert(0, "# a comment")
    if draft.chance(draft.trouble):
        lines.append(draft.one(("A='open", "TWO WORDS=x", "A=${", "A-B", "A=${REQUIRED:?}")))
    end = draft.one(("\n", "\n", "\n", "\n", "\r\n"))
    return draft.one(("", "", "", "", "", "\ufeff")) + end.join(lines) + end


def _add_env_files(draft: Draft, prefix: str) -> None:
    for path in ("a.env", "b.env", "env/c.env"):
        if not draft.chance(draft.trouble):
            draft.files[prefix + path] = _env(draft, (*NAMES, "SHELL_ONLY"))
    raw = [f"{name}={draft.one(_ENV_LINES)}".replace("\n", "") for name in draft.some(NAMES, 4)]
    draft.files[prefix + "raw.env"] = "\n".join([*raw, draft.one(("", "SHELL_ONLY", "UNSET"))]) + "\n"


def _extended(draft: Draft, prefix: str) -> str:
    _add_env_files(draft, prefix)
    lines = ["services:", "  base:", f"    image: {draft.image}", *_service_keys(draft, "    ", ())]
    if draft.chance(0.3):
        lines += ["    extends: root", "  root:", f"    image: {draft.image}", *_service_keys(draft, "    ", ())]
    return "\n".join(lines) + "\n"


def _parts(draft: Draft) -> str:
    """An ``include:`` of another project."""
    services = ["cache", *(["queue"] if draft.chance(0.3) else [])]
    draft.files["part/compose.yaml"] = _document(draft, services, "part/", "")
    _add_env_files(draft, "part/")
    if draft.chance(0.6):
        draft.files["part/.env"] = _env(draft, SCOPE)
    match draft.one(("short", "long", "env", "directory")):
        case "short":
            return "include: [part/compose.yaml]"
        case "long":
            return "include:\n  - path: ./part/compose.yaml"
        case "env":
            draft.files["part.env"] = _env(draft, SCOPE)
            return "include:\n  - path: part/compose.yaml\n    env_file: part.env"
        case _:
            return "include:\n  - path: part/compose.yaml\n    project_directory: ."


def _override_document(draft: Draft, services: list[str]) -> str:
    lines = ["services:"]
    for name in services:
        if draft.chance(0.25):
            continue
        body = _service_keys(draft, "    ", ())
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
    given = [f"        {each}: {_quoted(draft, _template(draft))}" for each in args if draft.chance(0.7)]
    listed = [f"        - {_entry(draft, each)}" for each in args if draft.chance(0.7)]
    chosen = draft.random.choice((given, listed))
    return ["    build:", f"      context: ./images/{name}", *(["      args:", *chosen] if chosen else [])]
