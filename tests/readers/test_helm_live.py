"""Charts as keyhop renders them, against the real `helm template` where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from kubernetes_world import Cluster, installed, read

from keyhop.catalogue import VarName
from keyhop.facts import Hop, One, Supply
from keyhop.readers.kubernetes import READER as KUBERNETES
from keyhop.span import Source
from keyhop.text.helm import Chart, Values, render
from keyhop.text.yaml import Mapping as YamlMapping
from keyhop.text.yaml import Node, Scalar, parse
from planting import plant

HELM = shutil.which("helm")
VALUES = """
name: crew
number: 7
big: 12345678
ratio: 0.25
flag: true
old: yes
short: y
out: Off
octal: 0123
date: 2024-01-02
empty: ""
nothing:
key: sk-abc
list: [b, a, a]
tree: {b: {c: 1}, a: x}
lines: |
  one
  two
"""
EXPRESSIONS = [
    ".Values.name",
    '.Values.name | upper | printf "%s-%d-%s" "x" 3 | quote',
    ".Values.old | quote",
    ".Values.short | quote",
    ".Values.out | quote",
    ".Values.octal | quote",
    ".Values.date | quote",
    ".Values.number | quote",
    ".Values.big",
    ".Values.big | quote",
    ".Values.big | int | quote",
    ".Values.ratio | quote",
    ".Values.flag | quote",
    '.Values.empty | default "d"',
    '.Values.nothing | default "d"',
    '.Values.missing | default .Values.key | b64enc',
    '.Values.key | b64enc | b64dec',
    '.Values.key | sha256sum | trunc 8',
    '.Values.list | join ","',
    '.Values.list | uniq | sortAlpha | join ","',
    '.Values.list | first',
    'index .Values.list 1',
    'index .Values.tree "b" "c"',
    '.Values.tree.a',
    '(.Values.tree).a',
    'get .Values.tree "nope" | quote',
    'dig "b" "c" "d" .Values.tree',
    'dig "b" "nope" "d" .Values.tree',
    'hasKey .Values.tree "a"',
    'keys .Values.tree | sortAlpha | join "+"',
    'ternary "a" "b" .Values.flag',
    'ternary "a" "b" (eq .Values.name "other")',
    'and .Values.flag .Values.name',
    'or .Values.empty .Values.name',
    'not .Values.empty',
    'eq .Values.name "x" "crew"',
    'gt 3 2',
    'len .Values.list',
    'add 1 2 3',
    'sub 5 2',
    'mul 2 3',
    'div 7 2',
    'mod 7 2',
    'max 1 5 2',
    'coalesce .Values.empty .Values.nothing "c"',
    'list 1 2 "x" | join "-"',
    '"a,b" | split "," | toJson',
    'splitList "," "a,b" | last',
    'replace "r" "R" .Values.name',
    '.Values.name | trimPrefix "cr" | trimSuffix "w"',
    '" x " | trim',
    'contains "re" .Values.name',
    'hasPrefix "cr" .Values.name',
    '.Values.lines | trim | indent 2 | quote',
    'toJson .Values.tree',
    'toYaml .Values.list | quote',
    '.Values.tree | toJson | fromJson | toJson',
    'printf "%v %q" .Values.number .Values.name | quote',
    'regexReplaceAll "c(r)" .Values.name "${1}x"',
    'regexMatch "^c" .Values.name',
    'include "named" (dict "who" .Values.name)',
    'tpl "{{ .Values.name }}!" .',
    '.Release.Name',
    '.Release.Namespace',
    '.Chart.Name',
    '.Chart.AppVersion',
    '.Files.Get "note.txt" | quote',
    'kindIs "map" .Values.tree',
    'kindOf .Values.list',
    'snakecase "HelloWorld"',
    'kebabcase "HelloWorld"',
    'title "hello"',
    'repeat 3 "ab"',
    'substr 1 3 "hello"',
    'cat "a" "b"',
    'squote "it"',
    'merge (dict "a" 1) (dict "a" 2 "b" 3) | toJson',
    'mergeOverwrite (dict "a" 1) (dict "a" 2 "b" 3) | toJson',
    'omit .Values.tree "b" | toJson',
    'pick .Values.tree "a" | toJson',
    'without .Values.list "a" | join ","',
    'has "a" .Values.list',
    'until 3 | join ","',
    'compact (list "" "x") | join ","',
    'concat (list 1) (list 2) | join ","',
    'ceil 1.2',
    'round 1.256 2',
    'nospace "a b"',
    '`raw "text"` | quote',
    "\"tab\\tquote\\\"\" | quote",
]  # fmt: skip
CHART_FILE = "apiVersion: v2\nname: crew\nversion: 0.1.0\nappVersion: '2.5'\n"
NAMED = '{{- define "named" -}}\n{{- with .who }}{{ . }}{{ else }}nobody{{ end -}}\n{{- end -}}\n'
FLOW = """apiVersion: v1
kind: ConfigMap
metadata: {name: flow}
data:
  {{- range $key, $value := .Values.tree }}
  tree-{{ $key }}: {{ $value | toJson | quote }}
  {{- end }}
  {{- range $n, $item := .Values.list }}{{ if eq $n 2 }}{{ break }}{{ end }}
  list-{{ $n }}: {{ $item }}
  {{- else }}
  none: x
  {{- end }}
  {{- $count := 0 }}
  {{- range .Values.list }}{{ $count = add $count 1 }}{{ end }}
  count: {{ $count | quote }}
  {{- if and .Values.flag (not .Values.empty) }}
  both: "1"
  {{- else if .Values.name }}
  other: "1"
  {{- end }}
  {{- with .Values.nothing }}
  with: x
  {{- end }}
  {{- /* a comment */}}
  {{ template "named" . }}: "2"
  block: {{ .Values.lines | quote }}
  yaml: |
    {{- toYaml .Values.tree | nindent 4 }}
"""
POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    image: busybox
    env:
    {{- toYaml .Values.env | nindent 4 }}
    {{- range $k, $v := .Values.extra }}
    - name: {{ $k | upper }}
      value: {{ $v | quote }}
    {{- end }}
"""
POD_VALUES = "env:\n- {name: A, value: a}\n- {name: B, value: '1'}\nextra: {one: 1, two: sk-2}\n"


def helm_template(root: Path, files: Mapping[str, str], arguments: Sequence[str] = ()) -> str:
    plant(root, files)
    command = [str(HELM), "template", "crew", str(root), *arguments]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, cwd=root)
    return run.stdout


def data_of(text: Source) -> dict[str, str]:
    """The data of the ConfigMaps of a text, as API objects."""
    maps = [node for node in parse(text) if isinstance(node, YamlMapping)]
    entries = [entry for node in maps for entry in _mapping(node.get("data")).entries]
    return {entry.key.text: _text(entry.value) for entry in entries}


def _mapping(node: Node | None) -> YamlMapping:
    assert isinstance(node, YamlMapping)
    return node


def _text(node: Node) -> str:
    assert isinstance(node, Scalar)
    return node.text


def ours(files: Mapping[str, str]) -> list[Source]:
    sources = [Source(path=path, data=text.encode()) for path, text in files.items()]
    chart = Chart(
        name="crew",
        version="0.1.0",
        app_version="2.5",
        templates=tuple(source for source in sources if source.path.startswith("templates/")),
        files=lambda: tuple(source for source in sources if not source.path.startswith("templates/")),
        inner={},
    )
    values = next(source for source in sources if source.path == "values.yaml")
    rendered, problems = render(chart, Values.of_file(values))
    assert problems == []
    return rendered


def chart(template: str) -> dict[str, str]:
    return {
        "Chart.yaml": CHART_FILE,
        "values.yaml": VALUES,
        "note.txt": "a note\n",
        "templates/_named.tpl": NAMED,
        "templates/a.yaml": template,
    }


@pytest.mark.skipif(HELM is None, reason="helm is not installed")
def test_every_function_gives_what_helm_gives(tmp_path: Path):
    lines = [f'  k{n}: {{{{ printf "%v" ({each}) | toJson }}}}' for n, each in enumerate(EXPRESSIONS)]
    files = chart("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n" + "\n".join(lines) + "\n")
    real = data_of(Source(path="", data=helm_template(tmp_path, files).encode()))
    found = data_of(ours(files)[0])
    differing = {
        EXPRESSIONS[int(key[1:])]: (found.get(key), text) for key, text in real.items() if found.get(key) != text
    }
    assert differing == {}
    assert len(real) == len(EXPRESSIONS)


@pytest.mark.skipif(HELM is None, reason="helm is not installed")
def test_branches_loops_and_templates_go_as_in_helm(tmp_path: Path):
    files = chart(FLOW)
    real = data_of(Source(path="", data=helm_template(tmp_path, files).encode()))
    found = data_of(ours(files)[0])
    assert found.keys() == real.keys()
    assert {k: v for k, v in found.items() if k != "yaml"} == {k: v for k, v in real.items() if k != "yaml"}


@pytest.mark.skipif(HELM is None, reason="helm is not installed")
@pytest.mark.parametrize("arguments", [(), ("--set", "extra.two=null,extra.three=x"), ("-f", "prod.yaml")])
def test_a_pod_has_what_helm_gives_it(arguments: tuple[str, ...], tmp_path: Path):
    files = {
        "Chart.yaml": CHART_FILE,
        "values.yaml": POD_VALUES,
        "prod.yaml": "env: [{name: A, value: x}]\nextra: {two: sk-prod}\n",
        "templates/a.yaml": POD,
    }
    real = read(tmp_path / "b", {"all.yaml": helm_template(tmp_path / "a", files, arguments)}, KUBERNETES, image={})
    assert told(installed(tmp_path / "c", files, arguments)) == told(real)


def told(cluster: Cluster) -> dict[str, tuple[str, bool]]:
    names = {fact.name for fact in cluster.facts if isinstance(fact, Supply)}
    names |= {f.passage.name for f in cluster.facts if isinstance(f, Hop) and isinstance(f.passage, One)}
    (process,) = cluster.processes
    values = ((name, cluster.topology.value(process, VarName(name)).seen) for name in sorted(names))
    texts = ("a", "1", "x", "sk-2", "sk-prod")
    return {n: (seen.state.name, next((t for t in texts if cluster.agrees(seen, t)), "") != "") for n, seen in values}
