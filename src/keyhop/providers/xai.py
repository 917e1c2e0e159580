"""xAI, the maker of Grok."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import LITELLM, TRUFFLEHOG

PROVIDER = Provider(
    id=ProviderId("xai"),
    title="xAI",
    url="https://console.x.ai",
    credentials=(
        Credential.of(
            key(
                "XAI_API_KEY",
                shapes=(Shape(title="key", pattern=r"xai-\w{80}", certain=True),),
                arguments=("api_key", "xai_api_key"),
            ),
            reader="litellm",
        ),
    ),
    settings=variables("XAI_API_BASE"),
    prefixes=("xai",),
    hosts=("api.x.ai",),
    probe=Probe(
        method="GET",
        url="https://api.x.ai/v1/api-key",
        header="Authorization: Bearer {key}",
        rejected=(400, 401),
        rejected_when="API key|invalid-argument|unauthenticated",
        base="https://api.x.ai/v1",
        base_names=variables("XAI_API_BASE"),
    ),
    never_read=variables("GROK_API_KEY", "X_AI_API_KEY"),
    references=(LITELLM, TRUFFLEHOG),
)
