"""A workflow's file as what its jobs and steps are, with what GitHub refuses in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from weakref import WeakKeyDictionary

from keyhop.actions.refusals import Refusal, refused_in
from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Mapping, Node, Scalar, YamlError, parse
from keyhop.text.yaml_nodes import entries, items, mapping, text_of

DIRECTORY = ".github/workflows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One entry of an ``env:``, ``with:`` or ``secrets:``, or one output."""

    name: str
    template: Sealed | None = field(repr=False)
    """Its text, expressions and all; None where it is no scalar."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A ``run:``."""

    text: str = field(repr=False)
    span: Span
    lines: tuple[Span, ...] = ()
    """Where each line of it stands, for a block that keeps its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a job, or of a composite action."""

    number: int
    id: str
    name: str
    span: Span
    env: tuple[Variable, ...]
    env_span: Span | None
    run: Script | None
    uses: str
    given: tuple[Variable, ...]
    """Its ``with:``."""
    shell: str
    directory: str
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """``defaults.run``."""

    shell: str = ""
    directory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job: its steps, or the workflow that it calls."""

    id: str
    span: Span
    title: str
    env: tuple[Variable, ...]
    defaults: Defaults
    steps: tuple[Step, ...]
    uses: str
    uses_span: Span
    given: tuple[Variable, ...]
    secrets: tuple[Variable, ...] | None
    """What it hands to the workflow that it calls; None: nothing."""
    inherits: bool
    """It hands on all its secrets."""
    secrets_span: Span | None
    outputs: tuple[Variable, ...]
    needs: tuple[str, ...]
    environment: str
    """Its name, expressions and all; empty for none."""
    matrix: tuple[tuple[tuple[str, Sealed], ...], ...] = field(repr=False)
    """The values of each leg; empty where there is no matrix, or it is computed."""
    self_hosted: bool
    condition: str
    container: str
    """The image that its steps run in; empty for none."""
    container_env: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A secret or an input of a workflow that others call."""

    name: str
    required: bool
    default: Sealed | None = field(default=None, repr=False)
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """One file of ``.github/workflows``."""

    path: str
    title: str
    triggers: frozenset[str]
    inputs: tuple[Declared, ...]
    secrets: tuple[Declared, ...]
    env: tuple[Variable, ...]
    defaults: Defaults
    jobs: tuple[Job, ...]
    document: Mapping
    refusals: tuple[Refusal, ...]

    def job(self, id: str) -> Job | None:
        return next((job for job in self.jobs if job.id == id), None)


_known: WeakKeyDictionary[Source, Workflow | YamlError | None] = WeakKeyDictionary()


def load(source: Source) -> Workflow | YamlError | None:
    """The workflow of a file, why it cannot be read, or None where it is none."""
    if source not in _known:
        try:
            documents = parse(source)
        except YamlError as error:
            _known[source] = error
        else:
            _known[source] = _workflow(source, documents[0]) if documents else None
    return _known[source]


def _workflow(source: Source, document: Node) -> Workflow | None:
    top = mapping(document)
    jobs = mapping(top.get("jobs")) if top else None
    if top is None or jobs is None:
        return None
    # YAML 1.1 reads the key `on` as a boolean; as text it stays what it is.
    on = top.get("on")
    call = mapping(on.get("workflow_call")) if isinstance(on, Mapping) else None
    dispatch = mapping(on.get("workflow_dispatch")) if isinstance(on, Mapping) else None
    inputs = (*_declared(call, "inputs"), *_declared(dispatch, "inputs"))
    return Workflow(
        path=source.path,
        title=text_of(top.get("name")) or source.path.rpartition("/")[2],
        triggers=frozenset(_triggers(on)),
        inputs=inputs,
        secrets=tuple(_declared(call, "secrets")),
        env=variables(top.get("env")),
        defaults=_defaults(top),
        jobs=tuple(_job(entry.key, entry.value, source) for entry in jobs.entries if mapping(entry.value)),
        document=top,
        refusals=tuple(refused_in(top)),
    )


def _triggers(on: Node | None) -> Iterator[str]:
    if isinstance(on, Scalar):
        yield on.text
    elif isinstance(on, Mapping):
        yield from (entry.key.text for entry in on.entries)
    else:
        yield from (text_of(each) for each in items(on))


def _declared(node: Mapping | None, key: str) -> Iterator[Declared]:
    for name, value, span in entries(node.get(key) if node else None):
        about = mapping(value)
        default = about.get("default") if about else None
        yield Declared(
            name=name,
            required=text_of(about.get("required") if about else None) == "true",
            default=default.sealed if isinstance(default, Scalar) else None,
            span=span,
        )


def _defaults(node: Mapping) -> Defaults:
    defaults = mapping(node.get("defaults"))
    run = mapping(defaults.get("run")) if defaults else None
    if run is None:
        return Defaults()
    return Defaults(shell=text_of(run.get("shell")), directory=text_of(run.get("working-directory")))


def variables(node: Node | None) -> tuple[Variable, ...]:
    """The entries of a map of texts. A null is an empty text."""
    found = []
    for name, value, span in entries(node):
        template = None
        if isinstance(value, Scalar):
            null = value.plain and value.text in ("", "~", "null", "Null", "NULL")
            template = Sealed("") if null else value.sealed
        found.append(Variable(name=name, template=template, span=span))
    return tuple(found)


def _job(key: Scalar, value: Node, source: Source) -> Job:
    node = mapping(value)
    assert node is not None
    runs_on = node.get("runs-on")
    labels = _texts(runs_on)
    container = node.get("container")
    image = text_of(container.get("image") if isinstance(container, Mapping) else container)
    uses, secrets = node.entry("uses"), node.entry("secrets")
    inherits = secrets is not None and text_of(secrets.value) == "inherit"
    return Job(
        id=key.text,
        span=key.span,
        title=text_of(node.get("name")) or key.text,
        env=variables(node.get("env")),
        defaults=_defaults(node),
        steps=tuple(steps(node.get("steps"), source)),
        uses=text_of(uses.value) if uses else "",
        uses_span=uses.key.span if uses else key.span,
        given=variables(node.get("with")),
        secrets=variables(secrets.value) if secrets and not inherits else None,
        inherits=inherits,
        secrets_span=secrets.key.span if secrets else None,
        outputs=variables(node.get("outputs")),
        needs=_texts(node.get("needs")),
        environment=_environment(node.get("environment")),
        matrix=tuple(_legs(mapping(node.get("strategy")))),
        self_hosted=not labels or "self-hosted" in labels or isinstance(runs_on, Mapping),
        condition=text_of(node.get("if")),
        container=image,
        container_env=variables(container.get("env")) if isinstance(container, Mapping) else (),
    )


def _texts(node: Node | None) -> tuple[str, ...]:
    """A text, or a list of texts."""
    return (node.text,) if isinstance(node, Scalar) else tuple(map(text_of, items(node)))


def _environment(node: Node | None) -> str:
    return text_of(node.get("name") if isinstance(node, Mapping) else node)


def _legs(strategy: Mapping | None) -> Iterator[tuple[tuple[str, Sealed], ...]]:
    """The legs of a matrix that is written out, those that ``include:`` adds too."""
    node = mapping(strategy.get("matrix")) if strategy else None
    if node is None:
        return
    axes = [(e.key.text, items(e.value)) for e in node.entries if e.key.text not in ("include", "exclude")]
    legs: list[tuple[tuple[str, Sealed], ...]] = [()] if axes else []
    for name, values in axes:
        legs = [(*leg, *each) for leg in legs for value in values for each in [tuple(_flat(name, value))]]
    added = [tuple(pair for e in each.entries for pair in _flat(e.key.text, e.value))
             for each in map(mapping, items(node.get("include"))) if each]  # fmt: skip
    yield from legs
    yield from added


def _flat(name: str, value: Node) -> Iterator[tuple[str, Sealed]]:
    if isinstance(value, Scalar):
        yield name, value.sealed
    elif isinstance(value, Mapping):
        for entry in value.entries:
            yield from _flat(f"{name}.{entry.key.text}", entry.value)


def steps(node: Node | None, source: Source) -> Iterator[Step]:
    """The steps of a list."""
    for number, each in enumerate(map(mapping, items(node)), start=1):
        if each is None:
            continue
        run = each.entry("run")
        yield Step(
            number=number,
            id=text_of(each.get("id")),
            name=text_of(each.get("name")),
            span=each.entries[0].key.span if each.entries else each.span,
            env=variables(each.get("env")),
            env_span=env.key.span if (env := each.entry("env")) else None,
            run=_script(run.value, source) if run and isinstance(run.value, Scalar) else None,
            uses=text_of(each.get("uses")),
            given=variables(each.get("with")),
            shell=text_of(each.get("shell")),
            directory=text_of(each.get("working-directory")),
            condition=text_of(each.get("if")),
        )


def _script(node: Scalar, source: Source) -> Script:
    text = node.text
    written = source.text[node.span.start : node.span.end]
    lines: tuple[Span, ...] = ()
    if written.startswith("|"):
        first, count = node.span.line + 1, text.count("\n") + 1
        last = source.text.count("\n") + 1
        lines = tuple(source.span_of_line(min(first + n, last)) for n in range(count))
    return Script(text=text, span=node.span, lines=tuple(_without_indent(line, source) for line in lines))


def _without_indent(line: Span, source: Source) -> Span:
    text = source.text[line.start : line.end]
    return source.span(line.start + len(text) - len(text.lstrip()), line.end)
