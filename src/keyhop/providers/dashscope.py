"""Alibaba's DashScope, the Qwen models; keys of the mainland and of the international site differ."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Reference, Shape, key, variables
from keyhop.citations import CREWAI, LITELLM

PROVIDER = Provider(
    id=ProviderId("dashscope"),
    title="Alibaba DashScope",
    url="https://bailian.console.aliyun.com",
    credentials=(Credential.of(key("DASHSCOPE_API_KEY", shapes=(Shape(title="key", pattern=r"sk-[0-9a-z]{32}"),))),),
    settings=variables("DASHSCOPE_BASE_URL", "DASHSCOPE_API_BASE", "DASHSCOPE_HTTP_BASE_URL"),
    prefixes=("dashscope",),
    hosts=("dashscope-intl.aliyuncs.com", "dashscope.aliyuncs.com"),
    probe=Probe(
        method="GET",
        url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1/models",
        header="Authorization: Bearer {key}",
        base="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        base_names=variables("DASHSCOPE_BASE_URL", "DASHSCOPE_API_BASE"),
    ),
    never_read=variables("QWEN_API_KEY", "ALIBABA_API_KEY"),
    references=(
        CREWAI,
        LITELLM,
        Reference(url="https://help.aliyun.com/zh/model-studio/error-code", seen="2026-11-23"),
    ),
)
