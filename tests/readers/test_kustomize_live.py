"""A directory read by keyhop, against the manifests that the real `kubectl kustomize` makes of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from kubernetes_world import Cluster, read

from keyhop.catalogue import VarName
from keyhop.facts import Fact, Hop, One, Supply, Text
from keyhop.readers.kubernetes import READER as KUBERNETES
from keyhop.readers.kustomize import READER as KUSTOMIZE
from keyhop.text.seeing import Marker
from planting import plant

KUBECTL = shutil.which("kubectl")
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, labels: {tier: crew}}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
      - name: api
        image: busybox
        envFrom: [{secretRef: {name: keys}}]
        env:
        - {name: MODE, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}
        - {name: PLAIN, value: base}
        - {name: HEADER, value: Bearer $(OPENAI_API_KEY)}
      - name: side
        image: busybox
        env: [{name: OWN, value: side}]
"""
BASE = """
resources: [api.yaml]
secretGenerator: [{name: keys, envs: [keys.env]}]
configMapGenerator: [{name: settings, literals: [mode=test, "quoted='x'"]}]
"""
KEYS = 'OPENAI_API_KEY=sk-base\nQUOTED="a b"\n# comment\nDOLLAR=a$b # c\nEMPTY=\nBARE\n'
FILES = {"base/api.yaml": DEPLOYMENT, "base/kustomization.yaml": BASE, "base/keys.env": KEYS}
MERGE_PATCH = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
      - name: api
        env:
        - {name: PLAIN, value: patched}
        - {name: MODE, valueFrom: null, value: direct}
        - {name: ADDED, value: new}
      - {name: side, $patch: delete}
      - {name: extra, image: busybox, env: [{name: E, value: x}]}
"""
OVERLAYS = {
    "the base alone": "resources: [../base]",
    "a prefix, a suffix and a namespace": "resources: [../base]\nnamePrefix: prod-\nnameSuffix: -v2\nnamespace: crew",
    "a generator that merges": "resources: [../base]\n"
    "secretGenerator: [{name: keys, behavior: merge, literals: [OPENAI_API_KEY=sk-prod, MORE=1]}]",
    "a generator that replaces": "resources: [../base]\n"
    "secretGenerator: [{name: keys, behavior: replace, literals: [OPENAI_API_KEY=sk-prod]}]",
    "a strategic merge patch": "resources: [../base]\npatches: [{path: patch.yaml}]",
    "a patch of the old form": "resources: [../base]\npatchesStrategicMerge: [patch.yaml]",
    "a JSON patch inside the file": "resources: [../base]\npatches:\n- target: {kind: Deployment, name: a.*}\n"
    "  patch: |-\n    - {op: replace, path: /spec/template/spec/containers/0/env/1/value, value: json}\n"
    "    - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: LAST, value: z}}\n"
    "    - {op: remove, path: /spec/template/spec/containers/1}\n",
    "a patch for a label": "resources: [../base]\npatches:\n- target: {labelSelector: tier=crew}\n"
    '  patch: \'[{"op": "remove", "path": "/spec/template/spec/containers/0/env/0"}]\'\n',
    "no hashes": "resources: [../base]\ngeneratorOptions: {disableNameSuffixHash: true}\n"
    "configMapGenerator: [{name: more, literals: [a=b]}]",
    "a component": "resources: [../base]\ncomponents: [../part]",
    "a file of keys": "resources: [../base]\n"
    "secretGenerator: [{name: keys, behavior: merge, files: [OPENAI_API_KEY=key.txt, key.txt]}]",
    "a patch and a prefix": "resources: [../base]\nnamePrefix: x-\npatches: [{path: patch.yaml}]",
}
MORE = {
    "overlay/patch.yaml": MERGE_PATCH,
    "overlay/key.txt": "sk-file\n",
    "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    "secretGenerator: [{name: keys, behavior: merge, literals: [FROM_PART=1]}]\n"
    "patches:\n- target: {kind: Deployment}\n  patch: |-\n"
    "    - {op: add, path: /spec/template/spec/containers/1/env/-, value: {name: P, value: p}}\n",
}


@pytest.mark.skipif(KUBECTL is None, reason="kubectl is not installed")
@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_is_what_kubectl_makes_of_it(name: str, tmp_path: Path):
    files = {**FILES, **MORE, "overlay/kustomization.yaml": f"{OVERLAYS[name]}\n"}
    marker = Marker()
    built = read(tmp_path / "read", files, KUSTOMIZE, closed=True, image={}, marker=marker)
    made = read(tmp_path / "made", {"all.yaml": kustomized(tmp_path / "real", files)}, KUBERNETES, closed=True,
                image={}, marker=marker)  # fmt: skip
    assert not built.refusals
    assert told(built) == told(made)


def kustomized(root: Path, files: Mapping[str, str]) -> str:
    plant(root, files)
    command = [str(KUBECTL), "kustomize", str(root / "overlay")]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def told(cluster: Cluster) -> dict[str, dict[str, object]]:
    """What each process has under each name that either asks for."""
    names = {name for fact in cluster.facts for name in written(fact)}
    found: dict[str, dict[str, object]] = {}
    for process in cluster.processes:
        values = ((name, cluster.topology.value(process, VarName(name)).seen) for name in sorted(names))
        short = re.sub(r"^.*#", "", process)
        found[short] = {name: (seen.state, seen.mark) for name, seen in values if seen.state.name != "ABSENT"}
    return found


def written(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Supply(name=name):
            return (name,)
        case Hop(passage=One(name=name) | Text(name=name)):
            return (name,)
    return ()


@pytest.mark.skipif(KUBECTL is None, reason="kubectl is not installed")
@pytest.mark.parametrize(
    "overlay",
    [
        "resources: [../base, nowhere.yaml]",
        "resources: [../base]\nsecretGenerator: [{name: other, envs: [nowhere/prod.env]}]",
        "resources: [../base]\nsecretGenerator: [{name: other, files: [nowhere.txt]}]",
        "resources: [../base]\nsecretGenerator: [{name: other, behavior: merge, literals: [a=b]}]",
        (
            "resources: [../base]\npatches:\n- target: {kind: Deployment}\n"
            "  patch: |-\n    - {op: replace, path: /spec/none/0, value: x}"
        ),
    ],
)
def test_what_kubectl_refuses_is_never_passed_over(overlay: str, tmp_path: Path):
    files = {**FILES, **MORE, "overlay/kustomization.yaml": f"{overlay}\n"}
    with pytest.raises(subprocess.CalledProcessError):
        kustomized(tmp_path / "real", files)
    assert read(tmp_path / "read", files, KUSTOMIZE).refusals
