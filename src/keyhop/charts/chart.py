"""A chart of the project, with the values that it may be installed with."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.documented.commands import typed
from keyhop.records import dataclass
from keyhop.span import Source
from keyhop.text.helm import Chart, Values
from keyhop.text.yaml import YamlError
from keyhop.text.yaml_nodes import text_of, top_of
from keyhop.tree import Tree, join

_VERBS = ("install", "upgrade", "template")
_VALUES = ("values*.yaml", "values*.yml", "*.values.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One way to install a chart."""

    title: str
    """What its users call it: the values files over the chart's own; empty for none."""
    files: tuple[str, ...]
    settings: tuple[str, ...] = ()
    """The texts of ``--set``."""


def chart_at(directory: str, tree: Tree) -> Chart | None:
    """The chart of a directory."""
    node = top_of(tree.source(_in(directory, "Chart.yaml")))
    if node is None:
        return None
    inner = {path: keys for keys, below in _charts_inside(directory, tree) for path in _templates(below, tree)}
    paths = (*_templates(directory, tree), *inner)
    return Chart(
        name=text_of(node.get("name")),
        version=text_of(node.get("version")),
        app_version=text_of(node.get("appVersion")),
        templates=tuple(found for path in paths if (found := tree.source(path)) is not None),
        files=lambda: tuple(_files(directory, tree)),
        inner=inner,
    )


def values_of(directory: str, installation: Installation, tree: Tree) -> Values:
    """The values of an installation: those of charts inside, the chart's own, the files, then ``--set``."""
    values = Values({})
    for keys, below in _charts_inside(directory, tree):
        own = _file(_in(below, "values.yaml"), tree)
        for key in reversed(keys):
            own = Values({key: own.tree})
        values = own.over(values)
    values = _file(_in(directory, "values.yaml"), tree).over(values)
    for path in installation.files:
        values = _file(path, tree).over(values)
    for text in installation.settings:
        values = Values.of_setting(text).over(values)
    return values


def installations(directory: str, tree: Tree) -> tuple[Installation, ...]:
    """The chart's own values, each further values file over them, and what documents tell people to type."""
    found: dict[tuple[str, ...], Installation] = {(): Installation(title="", files=())}
    for path in tree.matching(*_VALUES):
        if path.rpartition("/")[0] == directory and not path.endswith(("/values.yaml", "/values.yml")):
            name = path.rpartition("/")[2]
            if name not in ("values.yaml", "values.yml", "values.schema.yaml"):
                found[(path,)] = Installation(title=name, files=(path,))
    for files, settings in _typed(directory, tree):
        old = found.get(files)
        names = ", ".join(path.rpartition("/")[2] for path in files)
        title = old.title if old else names
        found[files] = Installation(title=title, files=files, settings=(*(old.settings if old else ()), *settings))
    return tuple(found.values())


def _typed(directory: str, tree: Tree) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The values files and settings of each documented command that installs the chart."""
    for each in typed(tree):
        words = each.texts
        if words[:1] != ("helm",) or not any(verb in words for verb in _VERBS):
            continue
        for base in each.directories:
            operands = [join(base, word) for word in words[1:] if not word.startswith("-")]
            if directory not in operands:
                continue
            options = list(_options(words))
            files = [join(base, value) for option, value in options if option in ("-f", "--values")]
            inside = tuple(path for path in files if path and tree.has(path))
            settings = tuple(value for option, value in options if option in ("--set", "--set-string"))
            yield tuple(path for path in inside if path != _in(directory, "values.yaml")), settings
            break


def _options(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    rest = iter(words)
    for word in rest:
        option, sign, value = word.partition("=")
        if option in ("-f", "--values", "--set", "--set-string"):
            yield option, value if sign else next(rest, "")


def _file(path: str, tree: Tree) -> Values:
    source = tree.source(path)
    try:
        return Values.of_file(source) if source else Values({})
    except YamlError:
        return Values({})


def _templates(directory: str, tree: Tree) -> list[str]:
    start = _in(directory, "templates/")
    return [path for path in tree.paths if path.startswith(start) and "/tests/" not in path[len(start) - 1 :]]


def _charts_inside(directory: str, tree: Tree, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The unpacked charts under ``charts/``, each with the keys of its values."""
    start = _in(directory, "charts/")
    for path in tree.named("Chart.yaml"):
        below = path.rpartition("/")[0]
        if path.startswith(start) and "/" not in below[len(start) :]:
            keys = (*above, below.rpartition("/")[2])
            yield keys, below
            yield from _charts_inside(below, tree, keys)


def _files(directory: str, tree: Tree) -> Iterator[Source]:
    start = f"{directory}/" if directory else ""
    for path in tree.paths:
        if path.startswith(start) and not path.startswith((f"{start}templates/", f"{start}charts/")):
            source = tree.source(path)
            if source is not None:
                yield source


def _in(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name
