"""A LiteLLM proxy: one's own gateway, with virtual keys."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, setting, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("litellm-proxy"),
    title="LiteLLM proxy",
    url="https://docs.litellm.ai/docs/simple_proxy",
    credentials=(
        Credential.of(
            key("LITELLM_PROXY_API_KEY", shapes=(Shape(title="virtual key", pattern=r"sk-[\w-]{3,}"),)),
            setting("LITELLM_PROXY_API_BASE", arguments=("base_url", "api_base")),
            reader="litellm",
        ),
    ),
    prefixes=("litellm_proxy",),
    hosts=("localhost", "127.0.0.1"),
    probe=Probe(
        method="GET",
        url="{base}/v1/models",
        header="Authorization: Bearer {key}",
        rejected_when="auth_error",
        base_names=variables("LITELLM_PROXY_API_BASE"),
    ),
    references=(LITELLM,),
)
