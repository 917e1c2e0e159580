"""What an installation of a chart starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import VarName, by_name, settings
from keyhop.charts.chart import Installation, chart_at, installations, values_of
from keyhop.facts import Blindspot, Hop, One, Phase, PlaceId, Position, Supply, Text
from keyhop.kubernetes.cluster import Cluster
from keyhop.kubernetes.emission import cluster_readings
from keyhop.kubernetes.resource import Resource, resources
from keyhop.kubernetes.workloads import Container, containers
from keyhop.readers.reader import Desk, Reading
from keyhop.sighting import UNKNOWN, State
from keyhop.span import Source, Span, Undecodable
from keyhop.text.helm import Chart, render
from keyhop.text.yaml import YamlError, parse
from keyhop.tree import Tree

_NAME = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")


def read(source: Source, tree: Tree, desk: Desk) -> Iterator[Reading]:
    """Every installation of a chart that is no part of another."""
    directory = source.path.rpartition("/")[0]
    chart = None if f"/{directory}/".count("/charts/") and _is_inner(directory, tree) else chart_at(directory, tree)
    if chart is None:
        return
    for installation in installations(directory, tree):
        for reading in installed(directory, chart, installation, tree, desk, complete=False):
            yield _left_open(reading)


def installed(
    directory: str,
    chart: Chart,
    installation: Installation,
    tree: Tree,
    desk: Desk,
    *,
    complete: bool = True,
) -> Iterator[Reading]:
    """What one installation starts; where it is `complete`, nobody gives more values than are in view."""
    rendered, problems = render(chart, values_of(directory, installation, tree), complete=complete)
    found: list[Resource] = []
    for source in rendered:
        try:
            found += [each for node in parse(source) for each in resources(node, source.path)]
        except YamlError as error:
            yield _unreadable(source.path, str(error), Span(path=source.path))
    for problem in problems:
        yield _unreadable(problem.span.path, problem.why, problem.span)
    title = f" ({installation.title})" if installation.title else ""
    cluster = Cluster(f"helm install {directory or '.'}{title}", found, tree, desk, label=title)

    def named(container: Container) -> str:
        return f"helm:{directory or '.'}{title}#{_short(container, chart.name)}"

    paths: dict[str, str] = {}
    for resource in found:
        for each in containers(resource):
            paths[named(each)] = resource.path
    written: dict[str, set[str]] = {}
    for reading in cluster_readings(cluster, named):
        match reading:
            case Supply(place=place, name=name):
                written.setdefault(place, set()).add(name)
            case Hop(target=target, passage=One(name=name) | Text(name=name)):
                written.setdefault(target, set()).add(name)
        yield reading
    for process, path in paths.items():
        yield from _conditional(process, path, written.get(process, set()), tree)


def _short(container: Container, chart: str) -> str:
    """The name without the release's, which is the chart's here."""
    whole = container.id
    if whole.partition("/")[0] == chart:
        return whole.partition("/")[2] or container.name
    return whole.removeprefix(f"{chart}-")


def _conditional(process: str, path: str, written: set[str], tree: Tree) -> Iterator[Blindspot]:
    """Names that the workload's template sets where its values say so."""
    source = tree.source(path)
    try:
        text = source.text if source else ""
    except Undecodable:
        return
    names = frozenset(VarName(n) for n in _NAME.findall(text) if n not in written and _is_credential(n))
    if names:
        yield Blindspot(
            place=PlaceId(process),
            why=f"{path} sets it only where its values say so",
            at=Position(Phase.HOST, 1),
            names=names,
            span=Span(path=path),
        )


def _left_open(reading: Reading) -> Reading:
    """What the values leave empty, or fill with a placeholder, is for whoever installs the chart to give."""
    if isinstance(reading, Supply) and reading.seen.state in (State.EMPTY, State.PLACEHOLDER):
        if not _is_credential(reading.name):
            return replace(reading, seen=UNKNOWN)
        return Blindspot(
            place=reading.place,
            why=f"the chart's values leave {reading.name} to whoever installs it",
            at=reading.at,
            names=frozenset({reading.name}),
            span=reading.span,
        )
    return reading


def _is_credential(name: str) -> bool:
    return name in by_name() or name in settings()


def _unreadable(path: str, why: str, span: Span) -> Blindspot:
    return Blindspot(place=None, why=f"{path} cannot be rendered: {why}", writes=False, span=span)


def _is_inner(directory: str, tree: Tree) -> bool:
    """Whether a chart lies in the ``charts/`` of another."""
    above = directory.rpartition("/charts/")[0]
    return tree.has(f"{above}/Chart.yaml" if above else "Chart.yaml")
