"""vLLM, a server of one's own; it asks for a key only if started with one."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI, LITELLM

PROVIDER = Provider(
    id=ProviderId("vllm"),
    title="vLLM",
    url="https://docs.vllm.ai",
    credentials=(
        Credential.of(key("VLLM_API_KEY"), required=False),
        Credential.of(key("HOSTED_VLLM_API_KEY"), reader="litellm", required=False),
    ),
    settings=variables("VLLM_BASE_URL", "HOSTED_VLLM_API_BASE"),
    prefixes=("hosted_vllm", "vllm"),
    hosts=("localhost", "127.0.0.1"),
    probe=Probe(
        method="GET",
        url="{base}/models",
        header="Authorization: Bearer {key}",
        base="http://localhost:8000/v1",
        base_names=variables("VLLM_BASE_URL", "HOSTED_VLLM_API_BASE"),
    ),
    keyless=True,
    references=(CREWAI, LITELLM),
)
