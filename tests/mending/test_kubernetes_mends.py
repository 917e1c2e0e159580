"""Mends of manifests, kustomize and charts: rendered by the real programs, and predicted again."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from kubernetes_world import read
from mended_projects import KEY, added, mended

from keyhop.api import check
from keyhop.readers.kubernetes import READER as KUBERNETES
from keyhop.value import Verdict

KUBECTL, HELM = shutil.which("kubectl"), shutil.which("helm")
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: keys\nstringData:\n  openai: sk-proj-1\n"
REFERENCE = """\
        - name: OPENAI_API_KEY
          valueFrom:
            secretKeyRef:
              name: keys
              key: openai
"""
BRACKETS = "{name: OPENAI_API_KEY, valueFrom: {secretKeyRef: {name: keys, key: openai}}}"


def deployment(name: str, more: str = "") -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  template:
    spec:
      containers:
      - name: {name}
        image: crew:1
{more}"""


def manifests(*documents: str) -> dict[str, str]:
    return {"k8s/all.yaml": "---\n".join(documents)}


def test_a_variable_is_added_as_its_sibling_has_it(tmp_path: Path):
    web = deployment("web", f"        env:\n{REFERENCE}")
    repair = mended(tmp_path, manifests(SECRET, web, deployment("worker", "        # by hand\n        tty: true\n")))
    assert added(repair, "k8s/all.yaml") == f"        env:\n{REFERENCE}"
    assert check(tmp_path).findings == ()


@pytest.mark.parametrize(
    ("web", "worker", "expected"),
    [
        (
            f"        env:\n        - {BRACKETS}\n",
            "        env:\n        - {name: MODE, value: fast}  # mode\n        args: [crew.py]\n",
            f"        - {BRACKETS}\n",
        ),
        (
            "        env:\n" + REFERENCE,
            "        env: [{name: MODE, value: fast}]\n",
            f"        env: [{{name: MODE, value: fast}}, {BRACKETS}]\n",
        ),
        (
            "        env:\n" + REFERENCE,
            "        env:\n          -   name: MODE\n              value: fast\n",
            REFERENCE.replace("\n", "\n    ").replace("        - ", "          -   ").rstrip(" "),
        ),
        (
            "        envFrom:\n        - secretRef:\n            name: keys\n          prefix: ''\n",
            "        env:\n        - name: MODE\n          value: fast\n",
            "        envFrom:\n        - secretRef:\n            name: keys\n          prefix: ''\n",
        ),
    ],
    ids=["brackets", "into brackets", "another indent", "envFrom"],
)
def test_the_style_is_that_of_the_block(web: str, worker: str, expected: str, tmp_path: Path):
    secret = SECRET.replace("openai:", f"{KEY}:") if "envFrom" in web else SECRET
    repair = mended(tmp_path, manifests(secret, deployment("web", web), deployment("worker", worker)))
    assert added(repair, "k8s/all.yaml") == expected


def test_a_literal_value_of_a_sibling_is_never_copied(tmp_path: Path):
    web = deployment("web", f"        env:\n        - name: {KEY}\n          value: sk-proj-1\n")
    assert mended(tmp_path, manifests(web, deployment("worker")), unsafe=True).now == {}
    assert "missing-beside-sibling" in {each.rule for each in check(tmp_path).findings}


def test_a_secret_of_another_namespace_is_not_pointed_at(tmp_path: Path):
    web = deployment("web", f"        env:\n{REFERENCE}").replace("\nspec:", "\n  namespace: a\nspec:")
    worker = deployment("worker").replace("\nspec:", "\n  namespace: b\nspec:")
    secret = SECRET.replace("  name: keys", "  name: keys\n  namespace: a")
    repair = mended(tmp_path, manifests(secret, web, worker))
    assert (repair.now, len(repair.refused)) == ({}, 1)


def test_a_key_that_the_secret_does_not_have_is_asked_for_by_the_name_that_it_has(tmp_path: Path):
    asked = REFERENCE.replace("key: openai", 'key: "open_ai"')
    repair = mended(tmp_path, manifests(SECRET, deployment("worker", f"        env:\n{asked}")))
    assert '              key: "openai"\n' in repair.now["k8s/all.yaml"].decode()
    assert check(tmp_path).findings == ()


def test_a_key_of_an_env_file_is_asked_for_by_its_name(tmp_path: Path):
    files = {
        "worker.yaml": deployment("worker", f"        env:\n{REFERENCE.replace('key: openai', 'key: openai-key')}"),
        "kustomization.yaml": "resources: [worker.yaml]\nsecretGenerator: [{name: keys, envs: [keys.env]}]\n",
        "keys.env": "openai_key=sk-proj-1\n",
    }
    assert added(mended(tmp_path, files), "worker.yaml") == "              key: openai_key\n"


@pytest.mark.parametrize("quoted", ["'\"sk-proj-1\"'", "\"'sk-proj-1'\"", '"\\"sk-proj-1\\""', "'''sk-proj-1'''"])
def test_what_is_quoted_twice_is_quoted_once(quoted: str, tmp_path: Path):
    secret = SECRET.replace("sk-proj-1", quoted)
    repair = mended(tmp_path, manifests(secret, deployment("worker", f"        env:\n{REFERENCE}")))
    assert added(repair, "k8s/all.yaml") == f"  openai: {quoted[0]}sk-proj-1{quoted[0]}\n"


def test_a_secret_that_only_lies_beside_is_given_with_leave(tmp_path: Path):
    files = manifests(SECRET.replace("openai:", f"{KEY}:"), deployment("worker"))
    assert mended(tmp_path, files).now == {}
    repair = mended(tmp_path, files, unsafe=True)
    reference = REFERENCE.replace("key: openai", f"key: {KEY}")
    assert added(repair, "k8s/all.yaml") == f"        env:\n{reference}"


@pytest.mark.parametrize("key", ["sk-proj-ab", "sk-proj-abc", "sk-proj-abcd"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_line_end_that_was_encoded_is_cut_off_and_no_value_is_written(key: str, quote: str, tmp_path: Path):
    encoded = b64encode(f"{key}\n".encode()).decode()
    secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: keys}}\ndata:\n  openai: {quote}{encoded}{quote}\n"
    repair = mended(tmp_path, manifests(secret, deployment("worker", f"        env:\n{REFERENCE}")))
    (edit,) = {edit for each in repair.mended for edit in each.fix.edits}
    assert set(edit.text) <= {"="}
    text = repair.now["k8s/all.yaml"].decode()
    written = text.partition("openai: ")[2].partition("\n")[0].strip('"')
    assert b64decode(written, validate=True).decode() == key
    assert "+  openai: ***" in repair.diff()
    assert not [text for text in (key, written) if text in repair.diff()]


OVERLAY = {
    "base/web.yaml": deployment("web", f"        env:\n{REFERENCE}"),
    "base/worker.yaml": deployment("worker"),
    "base/kustomization.yaml": "resources: [web.yaml, worker.yaml]\n",
    "dev/kustomization.yaml": "resources: [../base]\nnamePrefix: dev-\n"
    "secretGenerator: [{name: keys, literals: [openai=sk-1]}]\n",
    "prod/kustomization.yaml": "resources: [../base]\nnamespace: crew\n"
    "secretGenerator: [{name: keys, envs: [keys.env]}]\n",
    "prod/keys.env": "openai=sk-2\n",
}


@pytest.mark.skipif(KUBECTL is None, reason="kubectl is not installed")
def test_a_base_is_mended_for_each_overlay_that_kubectl_renders(tmp_path: Path):
    repair = mended(tmp_path, OVERLAY)
    assert added(repair, "base/worker.yaml") == f"        env:\n{REFERENCE}"
    for overlay in ("dev", "prod"):
        command = [str(KUBECTL), "kustomize", str(tmp_path / overlay)]
        made = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
        again = read(tmp_path / f"{overlay}-made", {"all.yaml": made}, KUBERNETES, closed=True, image={})
        worker = next(each for each in again.processes if each.endswith("worker"))
        assert again.value(worker.rpartition("#")[2], KEY).verdict is Verdict.ARRIVES


CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: crew\nversion: 1.0.0\n",
    "chart/values.yaml": "image: crew\nextra: []\nsecret: ''\n",
    "chart/templates/_names.tpl": '{{- define "crew.name" -}}{{ .Release.Name }}{{- end -}}\n',
    "chart/templates/keys.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n"
    '  name: {{ include "crew.name" . }}-keys\nstringData:\n  openai: sk-proj-1\n',
    "chart/templates/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "crew.name" . }}-web
spec:
  template:
    spec:
      containers:
        - name: web
          image: "{{ .Values.image }}:1"
          env:
            - name: OPENAI_API_KEY
              valueFrom:
                secretKeyRef:
                  name: {{ .Values.secret | default (printf "%s-keys" (include "crew.name" .)) }}
                  key: openai
""",
    "chart/templates/worker.yaml": """\
{{- if .Values.image }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "crew.name" . }}-worker
spec:
  template:
    spec:
      containers:
        - name: worker
          image: "{{ .Values.image }}:1"
          env:
            - name: MODE
              value: fast
            {{- with .Values.extra }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
{{- end }}
""",
}


@pytest.mark.skipif(HELM is None, reason="helm is not installed")
def test_a_template_is_mended_with_its_siblings_own_words_and_rendered_by_helm(tmp_path: Path):
    repair = mended(tmp_path, CHART)
    web = CHART["chart/templates/web.yaml"]
    assert added(repair, "chart/templates/worker.yaml").strip() == web[web.index("- name: OPENAI") :].strip()
    made = rendered(tmp_path / "chart", "--set", "extra[0].name=A,extra[0].value=b")
    again = read(tmp_path / "made", {"all.yaml": made}, KUBERNETES, closed=True, image={})
    assert again.value("prod-worker", KEY).verdict is Verdict.ARRIVES


def test_a_template_gets_its_first_variable_where_no_condition_is(tmp_path: Path):
    head, _, _ = CHART["chart/templates/worker.yaml"].partition("          env:\n")
    tail = (
        "          volumeMounts:\n            {{- with .Values.extra }}\n            {{- toYaml . | nindent 12 }}\n"
        "            {{- end }}\n          {{- with .Values.secret }}\n          tty: true\n          {{- end }}\n"
        "{{- end }}\n"
    )
    repair = mended(tmp_path, {**CHART, "chart/templates/worker.yaml": head + tail})
    web = CHART["chart/templates/web.yaml"]
    assert added(repair, "chart/templates/worker.yaml") == web[web.index("          env:") :]
    text = repair.now["chart/templates/worker.yaml"].decode()
    assert text.startswith(f"{head}          env:")


@pytest.mark.skipif(HELM is None, reason="helm is not installed")
def test_the_chart_that_helm_itself_creates_is_mended(tmp_path: Path):
    subprocess.run([str(HELM), "create", tmp_path / "crew"], check=True, capture_output=True, timeout=60)
    made = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in (tmp_path / "crew").rglob("*.yaml")}
    deployment, values = made["crew/templates/deployment.yaml"], made["crew/values.yaml"]
    name = '{{ include "crew.fullname" . }}'
    files = {
        "crew/values.yaml": values.replace("repository: nginx", "repository: crew") + "openai: sk-proj-1\n",
        "crew/templates/keys.yaml": f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}-keys\n"
        "stringData:\n  openai: {{ .Values.openai | quote }}\n",
        "crew/templates/worker.yaml": deployment.replace(name, f"{name}-worker"),
        "crew/templates/deployment.yaml": deployment.replace(
            "          ports:\n", CHART["chart/templates/web.yaml"].partition('1"\n')[2] + "          ports:\n"
        ),
    }
    files["crew/templates/deployment.yaml"] = files["crew/templates/deployment.yaml"].replace(
        "crew.name", "crew.fullname"
    )
    assert list(mended(tmp_path, files).now) == ["crew/templates/worker.yaml"]
    again = read(tmp_path / "made", {"all.yaml": rendered(tmp_path / "crew")}, KUBERNETES, closed=True, image={})
    assert again.value("prod-crew-worker", KEY).verdict is Verdict.ARRIVES


VALUES = """\
web:
  env:
    - name: OPENAI_API_KEY
      valueFrom:
        secretKeyRef: {name: keys, key: openai}
worker:
  env:@
"""


@pytest.mark.skipif(HELM is None, reason="helm is not installed")
@pytest.mark.parametrize(
    ("env", "expected"),
    [
        (
            "\n    - name: MODE\n      value: fast",
            "    - name: OPENAI_API_KEY\n      valueFrom:\n        secretKeyRef: {name: keys, key: openai}\n",
        ),
        ("", "    - name: OPENAI_API_KEY\n      valueFrom:\n        secretKeyRef: {name: keys, key: openai}\n"),
        (" []", f"  env: [{BRACKETS}]\n"),
    ],
    ids=["a list", "nothing", "an empty list"],
)
def test_a_list_of_the_values_gets_what_the_siblings_list_has(env: str, expected: str, tmp_path: Path):
    def printing(name: str) -> str:
        more = f"          env:\n            {{{{- toYaml .Values.{name}.env | nindent 12 }}}}\n          tty: true\n"
        return (
            deployment(name, more)
            .replace("      - name", "        - name")
            .replace("        image", "          image")
        )

    files = {
        "chart/Chart.yaml": CHART["chart/Chart.yaml"],
        "chart/values.yaml": VALUES.replace("@", env),
        "chart/templates/keys.yaml": SECRET,
        "chart/templates/web.yaml": printing("web"),
        "chart/templates/worker.yaml": printing("worker"),
    }
    repair = mended(tmp_path, files)
    assert added(repair, "chart/values.yaml") == expected
    made = rendered(tmp_path / "chart")
    again = read(tmp_path / "made", {"all.yaml": made}, KUBERNETES, closed=True, image={})
    assert again.value("worker", KEY).verdict is Verdict.ARRIVES


def rendered(chart: Path, *arguments: str) -> str:
    command = [str(HELM), "template", "prod", str(chart), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("            - name: MODE\n              value: fast\n", ""),
        (
            "            - name: MODE\n              value: fast\n",
            (
                "            {{- if .Values.image }}\n            - name: MODE\n              value: fast\n"
                "            {{- end }}\n"
            ),
        ),
        ("      containers:\n", "      {{- with .Values.pod }}\n      containers:\n"),
    ],
    ids=["nothing but values", "a branch around the last item", "another dot"],
)
def test_a_template_of_which_it_is_not_certain_what_it_prints_is_left_alone(old: str, new: str, tmp_path: Path):
    worker = CHART["chart/templates/worker.yaml"].replace(old, new)
    if "with" in new:
        worker = worker.replace("{{ .Values.image }}:1", "{{ .image }}:1").replace(".Values.extra", ".extra")
        worker += "{{- end }}\n"
    values = CHART["chart/values.yaml"] + "pod: {image: crew}\n"
    files = {**CHART, "chart/values.yaml": values, "chart/templates/worker.yaml": worker}
    assert mended(tmp_path, files, unsafe=True).now == {}
    assert "missing-beside-sibling" in {each.rule for each in check(tmp_path).findings}


def test_a_key_is_renamed_in_a_template_too(tmp_path: Path):
    web = CHART["chart/templates/web.yaml"].replace("key: openai", "key: OPENAI")
    repair = mended(tmp_path, {**CHART, "chart/templates/web.yaml": web})
    assert repair.now["chart/templates/web.yaml"].decode() == CHART["chart/templates/web.yaml"]
