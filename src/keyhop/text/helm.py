"""Charts of Helm: values files, ``--set``, and what the templates print (Helm 4.3)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import field
from fnmatch import fnmatchcase

from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.text.go_scalars import Kind, resolve
from keyhop.text.go_template.evaluation import Evaluator, Printed
from keyhop.text.go_template.functions import functions
from keyhop.text.go_template.parser import parse as parse_template
from keyhop.text.go_template.printing import MADE, yaml
from keyhop.text.go_template.tree import Node, TemplateError
from keyhop.text.kubernetes_values import old_boolean
from keyhop.text.yaml import Mapping as YamlMapping
from keyhop.text.yaml import Node as YamlNode
from keyhop.text.yaml import Scalar, Sequence, YamlError
from keyhop.text.yaml import parse as parse_yaml

_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)\Z")
_SET = re.compile(r"((?:\\.|[^=,\\])+)=((?:\{[^}]*\}|\\.|[^,\\])*)(?:,|\Z)")


@dataclass(frozen=True, slots=True, repr=False)
class Values:
    """Values of a chart. They may be keys: nothing prints them."""

    tree: dict[str, object]

    @classmethod
    def of_file(cls, source: Source) -> Values:
        """The values of a file.

        Raises:
            YamlError: it is not YAML, or no mapping.
        """
        documents = parse_yaml(source)
        found = _value(documents[0]) if documents else {}
        if found is None:
            found = {}
        if not isinstance(found, dict):
            raise YamlError("it is no mapping")
        return cls(found)

    @classmethod
    def of_setting(cls, text: str, *, as_text: bool = False) -> Values:
        """What ``--set a.b=c,d=e`` gives; a shell's variable in it is a value that only the installation knows."""
        found: dict[str, object] = {}
        for match in _SET.finditer(text):
            value = re.sub(r"\\(.)", r"\1", match[2])
            keys = [re.sub(r"\\(.)", r"\1", key) for key in re.split(r"(?<!\\)\.", match[1])]
            inner = found
            for key in keys[:-1]:
                following = inner.setdefault(key, {})
                if not isinstance(following, dict):
                    following = inner[key] = {}
                inner = following
            inner[keys[-1]] = MADE if "$" in value else value if as_text else _typed(value)
        return cls(found)

    def over(self, lower: Values) -> Values:
        """These values over others: mappings are merged, null takes a value out, all else replaces it."""
        return Values(_over(deepcopy(lower.tree), self.tree))


def _over(lower: dict[str, object], upper: Mapping[str, object]) -> dict[str, object]:
    for key, value in upper.items():
        old = lower.get(key)
        if value is None:
            lower.pop(key, None)
        elif isinstance(old, dict) and isinstance(value, dict):
            _over(old, value)
        else:
            lower[key] = deepcopy(value)
    return lower


def _typed(text: str) -> object:
    if _INTEGER.match(text):
        return int(text)
    if text.startswith("{") and text.endswith("}"):
        return [_typed(part) for part in text[1:-1].split(",") if part]
    return {"true": True, "false": False, "null": None}.get(text, text)


def _value(node: YamlNode) -> object:
    if isinstance(node, YamlMapping):
        return {entry.key.text: _value(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    assert isinstance(node, Scalar)
    kind, text = resolve(node)
    old = old_boolean(node)
    if old is not None:
        return old
    match kind:
        case Kind.NULL:
            return None
        case Kind.BOOLEAN:
            return text.reveal() == "true"
        case Kind.NUMBER:
            return float(text.reveal().replace("+Inf", "inf"))
        case _:
            return node.sealed.reveal()


class Rendered(Source):
    """What a template prints, as a file whose spans are those of the template."""

    def __init__(self, template: Source, pieces: list[Printed]) -> None:
        super().__init__(path=template.path, data="".join(p.text for p in pieces).encode("utf-8", "surrogateescape"))
        object.__setattr__(self, "_template", template)
        object.__setattr__(self, "_pieces", pieces)
        starts = [0]
        for piece in pieces:
            starts.append(starts[-1] + len(piece.text))
        object.__setattr__(self, "_starts", starts)

    def span(self, start: int, end: int | None = None) -> Span:
        template: Source = self.__dict__["_template"]
        first = self._offset(start)
        last = first if end is None else self._offset(end)
        return template.span(first, max(first, last))

    def _offset(self, at: int) -> int:
        pieces: list[Printed] = self.__dict__["_pieces"]
        starts: list[int] = self.__dict__["_starts"]
        number = min(bisect_right(starts, at) - 1, len(pieces) - 1)
        if number < 0:
            return 0
        piece = pieces[number]
        return piece.at + (at - starts[number]) if piece.is_literal else piece.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart's files and what it is told."""

    name: str
    version: str
    app_version: str
    templates: tuple[Source, ...]
    """All of them, those of charts inside it and those that only define names among them."""
    files: Callable[[], tuple[Source, ...]] = field(repr=False)
    """What ``.Files`` reads."""
    inner: Mapping[str, tuple[str, ...]]
    """For the templates of a chart inside it, by path: the keys under which its values are."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A template that cannot be carried out."""

    why: str
    span: Span


def render(chart: Chart, values: Values, *, complete: bool = True) -> tuple[list[Source], list[Problem]]:
    """What each template prints, and what went wrong.

    Args:
        complete: nobody gives more values: Helm stops where one that is required is not there.
    """
    named: dict[str, tuple[Node, ...]] = {}
    bodies: list[tuple[Source, tuple[Node, ...]]] = []
    problems: list[Problem] = []
    for source in chart.templates:
        try:
            template = parse_template(source.text)
        except (TemplateError, ValueError) as error:
            at = error.at if isinstance(error, TemplateError) else 0
            problems.append(Problem(str(error), source.span(at) if at else Span(path=source.path)))
            continue
        named.update(template.defined)
        bodies.append((source, template.body))
    rendered: list[Source] = []
    for source, body in bodies:
        if source.path.rpartition("/")[2].startswith("_") or source.path.endswith((".tpl", ".txt")):
            continue
        root = _root(chart, _inner(values, chart.inner.get(source.path, ())), source)
        evaluator = _evaluator(named, root, complete)
        try:
            rendered.append(Rendered(source, evaluator.run(body, root)))
        except TemplateError as error:
            problems.append(Problem(str(error), source.span(error.at) if error.at else Span(path=source.path)))
    return rendered, problems


def _inner(values: Values, keys: tuple[str, ...]) -> dict[str, object]:
    """The values that a chart inside another sees: its own, and what is global."""
    found: object = deepcopy(values.tree)
    shared = values.tree.get("global")
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    result = found if isinstance(found, dict) else {}
    if keys and isinstance(shared, dict):
        own = result.get("global")
        result["global"] = _over(own if isinstance(own, dict) else {}, shared)
    return result


def _evaluator(named: Mapping[str, tuple[Node, ...]], root: dict[str, object], complete: bool) -> Evaluator:
    known = functions()
    if not complete:
        known["required"] = lambda _message, value: MADE if value in (None, "") else value

    def tpl(text: str, data: object) -> str:
        template = parse_template(text)
        evaluator = Evaluator({**known, "tpl": tpl}, {**named, **dict(template.defined)}, data)
        return "".join(piece.text for piece in evaluator.run(template.body, data))

    def from_yaml(text: str) -> object:
        documents = parse_yaml(Source(path="", data=text.encode("utf-8", "surrogateescape")))
        return _value(documents[0]) if documents else {}

    more: dict[str, Callable[..., object]] = {"tpl": tpl, "fromYaml": from_yaml, "fromYamlArray": from_yaml}
    return Evaluator({**known, **more}, named, root)


def _root(chart: Chart, values: dict[str, object], source: Source) -> dict[str, object]:
    base = f"/{source.path}".partition("/templates/")[0].lstrip("/")

    def found(pattern: str) -> list[Source]:
        return [each for each in chart.files() if fnmatchcase(each.path, f"{base}/{pattern}" if base else pattern)]

    def get(path: str) -> str:
        files = [each for each in chart.files() if each.path == (f"{base}/{path}" if base else path)]
        return files[0].data.decode("utf-8", "replace") if files else ""

    def glob(pattern: str) -> dict[str, object]:
        texts = {each.path.removeprefix(f"{base}/"): each.data.decode("utf-8", "replace") for each in found(pattern)}
        encoded = functions()["b64enc"]
        named = {path.rpartition("/")[2]: text for path, text in texts.items()}
        return {
            **texts,
            "AsConfig": lambda: yaml(named),
            "AsSecrets": lambda: yaml({name: encoded(text) for name, text in named.items()}),
        }

    return {
        "Values": values,
        "Chart": {
            "Name": chart.name,
            "Version": chart.version,
            "AppVersion": chart.app_version,
            "Type": "application",
        },
        "Release": {
            "Name": chart.name,
            "Namespace": "default",
            "Service": "Helm",
            "IsInstall": True,
            "IsUpgrade": False,
            "Revision": 1,
        },
        "Capabilities": {
            "APIVersions": {"Has": lambda *_: True},
            "KubeVersion": {"Version": "v1.34.0", "GitVersion": "v1.34.0", "Major": "1", "Minor": "34"},
            "HelmVersion": {"Version": "v4.3.1"},
        },
        "Files": {"Get": get, "Glob": glob, "GetBytes": get, "Lines": lambda path: get(path).splitlines()},
        "Template": {"Name": source.path, "BasePath": f"{base}/templates" if base else "templates"},
        "Subcharts": {},
    }
