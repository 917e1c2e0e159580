"""What stands in generated Compose files: variables in every form, references, env files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

NAMES = (
    "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SERPER_API_KEY", "DATABASE_URL", "MODEL", "DEBUG", "A", "B", "C",
    "D",
)  # fmt: skip
"""What services get."""
SCOPE = (*NAMES[:6], "A", "B", "TAG", "EMPTY", "SHELL_ONLY")
"""What ``${…}`` may find."""
UNSET = ("UNSET", "NOBODY")
_TEXTS = (
    "sk-proj-aB3dE5", "sk-ant-api03-x_Y", "redis://cache:6379/0", "postgres://u:p%40@db:5432/app?x=1", "gpt-4o",
    "x", "a b", "c2VjcmV0Cg==", "it's", 'say "hi"', "a#b", "a: b", "- a", "{a}", "[1]", "*x", "&y", "!z", "%d",
    "@at", "`", "|", ">", "é", "日本", "🔑", "\\n", "C:\\new", "a,b", "~", "0x1F", "1_000", "0123", "0o17", "1e3",
    "1.50", "yes", "No", "null", "", "-", "=", "12:30", "2024-01-01", ".5", "+1", "True", ".inf", "~/x", "?q",
)  # fmt: skip
_YAML = (
    "8080", "0123", "0o17", "0x1F", "1e3", "1.50", "true", "True", "no", "~", "null", "", "1_000", "2024-01-01",
    "12:30", ".5", ".NaN", "-0",
)  # fmt: skip
"""Values without quotes, which YAML reads into something."""
_ENV_LINES = (
    "plain", "'single $A'", '"double ${A}"', "${A}", "$B-x", "${UNSET}", "${UNSET:-d}", "${EMPTY:-e}",
    "${A:+set}", "a # note", "a#b", '"a # b"', "'a\\'b'", '"a\\nb"', '"a\\"b"', "a$$b", "'a$b'", "a b ", "",
    '""', "x=y", "${SHELL_ONLY-none}", "é", "$1", '"-----BEGIN\nKEY-----"', "{a: 1}", "[x]", "\\$A", "'$$'",
    "${D:-${A:-deep}}",
)  # fmt: skip


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


def service_keys(draft: Draft, indent: str, anchors: tuple[str, ...]) -> list[str]:
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
            return [f"{indent}environment:", *(mapping(draft, inner, most=5, merge=anchors) or [f"{inner}A: 1"])]
        case "list":
            names = draft.some((*NAMES, "SHELL_ONLY", "UNSET"), 5)
            items = [f"{indent}  - {entry(draft, name)}" for name in names]
            return [f"{indent}environment:", *items] if items else [f"{indent}environment: []"]
        case "flow map":
            pairs = [f"{name}: {quoted(draft, template(draft))}" for name in draft.some(NAMES, 3)]
            return [f"{indent}environment: {{{', '.join(pairs)}}}"]
        case "flow list":
            pairs = [quoted(draft, f"{name}={template(draft)}") for name in draft.some(NAMES, 3)]
            return [f"{indent}environment: [{', '.join(pairs)}]"]
        case "alias" if anchors:
            return [f"{indent}environment: *{draft.one(anchors)}"]
        case "null":
            return [f"{indent}environment:"]
        case _:
            return [f"{indent}environment: {draft.one(('{}', '[]'))}"]


def mapping(draft: Draft, indent: str, most: int, merge: tuple[str, ...]) -> list[str]:
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
            return quoted(draft, template(draft))
        case "plain":
            return draft.one(_YAML)
        case "block":
            return draft.one(("|-", ">-", "|", ">")) + f"\n{indent}  first\n{indent}  ${{A:-second}}"
        case _:
            return draft.one(("'${'", "'${REQUIRED:?say so}'", "[a]", "{a: b}", "'${1}'", '"\\q"', "*nobody"))


def entry(draft: Draft, name: str) -> str:
    kind = draft.random.choices(("value", "bare", "yaml", "trouble"), (70, 18, 6, 50 * draft.trouble))[0]
    match kind:
        case "bare":
            return name
        case "yaml":
            return f"{name}={draft.one(_YAML)}"
        case "trouble":
            return draft.one((f"{name} = x", f"{name}: x", "'${'", f"{name}=${{REQUIRED:?no}}", "1", "${UNSET}=x"))
        case _:
            return quoted(draft, f"{name}={template(draft)}")


def quoted(draft: Draft, text: str) -> str:
    """A text as a YAML scalar: without quotes where it can be."""
    safe = (
        text
        and all(c.isalnum() or c in "_-./=$(){}+@%:" for c in text)
        and text[0].isalpha()
        and not text.endswith(":")
    )
    if safe and "{" not in text and draft.chance(0.7):
        return text
    if draft.chance(0.5):
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def template(draft: Draft, depth: int = 0) -> str:
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
                template(draft, depth + 1)
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


def env_text(draft: Draft, names: tuple[str, ...]) -> str:
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


def add_env_files(draft: Draft, prefix: str) -> None:
    for path in ("a.env", "b.env", "env/c.env"):
        if not draft.chance(draft.trouble):
            draft.files[prefix + path] = env_text(draft, (*NAMES, "SHELL_ONLY"))
    raw = [f"{name}={draft.one(_ENV_LINES)}".replace("\n", "") for name in draft.some(NAMES, 4)]
    draft.files[prefix + "raw.env"] = "\n".join([*raw, draft.one(("", "SHELL_ONLY", "UNSET"))]) + "\n"
