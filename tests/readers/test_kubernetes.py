"""Manifests read as facts: names, roads and what only the cluster knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from kubernetes_world import Cluster, read

from keyhop.catalogue import VarName
from keyhop.facts import PlaceId
from keyhop.readers.helm import READER as HELM
from keyhop.readers.kubernetes import READER as KUBERNETES
from keyhop.readers.kustomize import READER as KUSTOMIZE
from keyhop.sighting import Change, State
from keyhop.value import Loss, Verdict

KEY = "OPENAI_API_KEY"


def pod(container: str, *, kind: str = "Deployment", name: str = "api", more: str = "", top: str = "") -> str:
    """An object of one container, whose settings are lines of YAML."""
    spec = f"containers: [{{name: app, image: python:3.12, {container}}}]{more}"
    body = f"template: {{spec: {{{spec}}}}}"
    if kind == "CronJob":
        body = f"jobTemplate: {{spec: {{{body}}}}}"
    return f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}{top}}}\nspec: {{{body}}}\n"


REF = f"env: [{{name: {KEY}, valueFrom: {{secretKeyRef: {{name: keys, key: openai}}}}}}]"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {openai: sk-proj-1}\n"


def one(root: Path, *documents: str, **files: str) -> Cluster:
    named = {path.replace("__", "/").replace("_md", ".md"): text for path, text in files.items()}
    return read(root, {"k8s/api.yaml": "---\n".join(documents), **named}, KUBERNETES)


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"])
def test_every_workload_is_a_process_named_after_its_file(kind: str, tmp_path: Path):
    cluster = one(tmp_path, pod(REF, kind=kind), SECRET)
    assert cluster.processes == ("k8s:k8s/api.yaml#api",)
    assert cluster.value("api", KEY).verdict is Verdict.ARRIVES


def test_a_sidecar_and_an_init_container_are_processes_of_their_own(tmp_path: Path):
    more = ", initContainers: [{name: migrate, image: python:3.12}]"
    cluster = one(tmp_path, pod(REF, more=more), SECRET)
    assert cluster.processes == ("k8s:k8s/api.yaml#api/migrate", "k8s:k8s/api.yaml#api/app")
    assert cluster.value("api/migrate", KEY).loss is Loss.NOT_SUPPLIED


def test_a_key_of_another_name_is_refused(tmp_path: Path):
    value = one(tmp_path, pod(REF), SECRET.replace("openai:", "OPENAI:")).value("api", KEY)
    assert (value.verdict, value.loss) == (Verdict.LOST, Loss.REFUSED)


def test_a_secret_that_no_file_has_must_be_in_the_cluster(tmp_path: Path):
    value = one(tmp_path, pod(REF)).value("api", KEY)
    assert value.verdict is Verdict.UNKNOWN
    assert value.given == ("Secret keys is not in the repository: it must have openai",)


@pytest.mark.parametrize(
    "store",
    [
        (
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: keys}\n"
            "spec: {encryptedData: {openai: AgBx}}\n"
        ),
        (
            "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: any}\n"
            "spec: {target: {name: keys}, data: [{secretKey: openai, remoteRef: {key: prod/openai}}]}\n"
        ),
        (
            "apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: {name: any}\n"
            "spec: {secretObjects: [{secretName: keys, data: [{key: openai, objectName: o}]}]}\n"
        ),
    ],
)
def test_what_another_store_fills_is_unknown_and_its_keys_are_known(store: str, tmp_path: Path):
    assert one(tmp_path / "right", pod(REF), store).value("api", KEY).verdict is Verdict.UNKNOWN
    wrong = one(tmp_path / "wrong", pod(REF.replace("openai", "other")), store).value("api", KEY)
    assert (wrong.verdict, wrong.loss) == (Verdict.LOST, Loss.REFUSED)


@pytest.mark.parametrize(("key", "verdict"), [("openai", Verdict.ARRIVES), ("other", Verdict.LOST)])
def test_a_secret_that_a_document_makes_by_hand_has_its_keys(key: str, verdict: Verdict, tmp_path: Path):
    readme = f"# Deploy\n\n```sh\nkubectl create secret generic keys --from-literal={key}=$OPENAI\n```\n"
    assert one(tmp_path, pod(REF), README_md=readme).value("api", KEY).verdict is verdict


def test_base64_where_plain_text_is_wanted_is_no_key(tmp_path: Path):
    value = one(tmp_path, pod(REF), SECRET.replace("sk-proj-1", "c2stcHJvai0xMjM0NTY3OA==")).value("api", KEY)
    assert value.loss is Loss.ALTERED


def test_a_reference_sees_only_what_stands_before_it(tmp_path: Path):
    first = f"env: [{{name: {KEY}, value: $(LATER)}}, {{name: LATER, value: sk-1}}]"
    later = f"env: [{{name: LATER, value: sk-1}}, {{name: {KEY}, value: $(LATER)}}]"
    assert one(tmp_path / "a", pod(first)).value("api", KEY).seen.state is State.PLACEHOLDER
    found = one(tmp_path / "b", pod(later))
    assert found.agrees(found.value("api", KEY).seen, "sk-1")


def test_a_mounted_secret_is_a_file_that_nothing_makes_a_variable_of(tmp_path: Path):
    volume = "volumeMounts: [{name: v, mountPath: /run/keys}]"
    more = ", volumes: [{name: v, projected: {sources: [{secret: {name: keys}}]}}]"
    cluster = one(tmp_path, pod(volume, more=more), SECRET)
    assert cluster.value("api", KEY).verdict is Verdict.LOST
    content = cluster.topology.value(PlaceId(f"{cluster.process('api')}:/run/keys/openai"), VarName("@content"))
    assert cluster.agrees(content.seen, "sk-proj-1")


def test_a_service_of_a_name_hides_a_setting_of_the_image(tmp_path: Path):
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: litellm}\nspec: {ports: [{port: 4000}]}\n"
    cluster = one(tmp_path / "on", pod("env: []"), service)
    assert cluster.value("api", "LITELLM_PORT").seen.state is State.PRESENT
    off = one(tmp_path / "off", pod("env: []", more=", enableServiceLinks: false"), service)
    assert off.value("api", "LITELLM_PORT").seen.state is State.ABSENT


def test_a_secret_of_another_namespace_is_not_the_pods(tmp_path: Path):
    elsewhere = SECRET.replace("name: keys", "name: keys, namespace: b")
    value = one(tmp_path, pod(REF, top=", namespace: a"), elsewhere).value("api", KEY)
    assert value.verdict is Verdict.UNKNOWN
    assert "in the namespace b, and the pod is in a" in value.given[0]


def test_two_overlays_of_one_base_are_two_deployments(tmp_path: Path):
    files = {
        "base/api.yaml": pod(REF),
        "base/kustomization.yaml": "resources: [api.yaml]\n",
        "dev/kustomization.yaml": "resources: [../base]\nsecretGenerator: [{name: keys, literals: [openai=sk-1]}]\n",
        "prod/kustomization.yaml": "resources: [../base]\nsecretGenerator: [{name: keys, literals: [OPENAI=sk-1]}]\n",
    }
    cluster = read(tmp_path, files, KUBERNETES, KUSTOMIZE)
    assert set(cluster.processes) == {"kustomize:dev#api", "kustomize:prod#api"}
    verdicts = {id: cluster.topology.value(id, VarName(KEY)).verdict for id in cluster.processes}
    assert verdicts == {"kustomize:dev#api": Verdict.ARRIVES, "kustomize:prod#api": Verdict.LOST}


def test_a_generated_secret_comes_from_the_env_file_of_its_user(tmp_path: Path):
    files = {
        "api.yaml": pod("envFrom: [{secretRef: {name: keys}}]"),
        "kustomization.yaml": "resources: [api.yaml]\nsecretGenerator: [{name: keys, envs: [.env]}]\n",
        ".gitignore": ".env\n",
        ".env.example": f"{KEY}=\n",
    }
    value = read(tmp_path, files, KUBERNETES, KUSTOMIZE).value("api", KEY)
    assert (value.verdict, value.given) == (Verdict.ARRIVES, (".env is made as the project says",))
    quoted = read(tmp_path / "b", {**files, ".env": f'{KEY}="sk-1"\n'}, KUSTOMIZE).value("api", KEY)
    assert quoted.seen.changes == (Change.QUOTES,)


CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: crew\nversion: 1.0.0\n",
    "chart/values.yaml": "openai: ''\nmodel: gpt-4o\nworker: {enabled: true}\n",
    "chart/values-prod.yaml": "model: gpt-4.1\n",
    "chart/templates/_names.tpl": '{{- define "crew.name" -}}{{ .Release.Name | trunc 63 }}{{- end -}}\n',
    "chart/templates/worker.yaml": """{{- if .Values.worker.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "crew.name" . }}-worker
spec:
  template:
    spec:
      containers:
        - name: worker
          image: python:3.12
          env:
            - name: MODEL
              value: {{ .Values.model | quote }}
            {{- if .Values.openai }}
            - name: OPENAI_API_KEY
              value: {{ .Values.openai | quote }}
            {{- end }}
            - {name: SERPER_API_KEY, value: {{ .Values.openai | quote }}}
{{- end }}
""",
}


def test_each_values_file_of_a_chart_is_a_deployment(tmp_path: Path):
    cluster = read(tmp_path, CHART, HELM, KUBERNETES)
    assert cluster.processes == ("helm:chart#worker", "helm:chart (values-prod.yaml)#worker")
    models = [cluster.topology.value(id, VarName("MODEL")).seen.text for id in cluster.processes]
    assert models == ["gpt-4o", "gpt-4.1"]


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "SERPER_API_KEY"])
def test_what_the_values_leave_empty_is_for_whoever_installs_the_chart(name: str, tmp_path: Path):
    value = read(tmp_path, CHART, HELM).topology.value(PlaceId("helm:chart#worker"), VarName(name))
    assert value.verdict is Verdict.UNKNOWN


def test_what_a_document_sets_arrives(tmp_path: Path):
    readme = "# Deploy\n\n```sh\nhelm upgrade --install crew ./chart --set openai=$OPENAI_API_KEY\n```\n"
    cluster = read(tmp_path, {**CHART, "README.md": readme}, HELM)
    for name in ("OPENAI_API_KEY", "SERPER_API_KEY"):
        assert cluster.topology.value(PlaceId("helm:chart#worker"), VarName(name)).verdict is Verdict.ARRIVES


def test_a_line_of_a_template_is_where_its_value_comes_from(tmp_path: Path):
    value = read(tmp_path, CHART, HELM).topology.value(PlaceId("helm:chart#worker"), VarName("MODEL"))
    assert str(value.origin and value.origin.span) == "chart/templates/worker.yaml:13"


def test_a_value_that_the_chart_requires_is_given_by_whoever_installs_it(tmp_path: Path):
    template = CHART["chart/templates/worker.yaml"]
    worker = template.replace("{{ .Values.openai | quote }}}", '{{ required "" .Values.no }}}')
    cluster = read(tmp_path, {**CHART, "chart/templates/worker.yaml": worker}, HELM)
    value = cluster.topology.value(PlaceId("helm:chart#worker"), VarName("SERPER_API_KEY"))
    assert value.verdict is Verdict.ARRIVES
    assert cluster.refusals == ()
