"""Perplexity."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import GITLEAKS, KINGFISHER, LITELLM

_SHAPES = (Shape(title="key", pattern=r"pplx-[0-9A-Za-z]{48}", certain=True),)

PROVIDER = Provider(
    id=ProviderId("perplexity"),
    title="Perplexity",
    url="https://www.perplexity.ai/settings/api",
    credentials=(
        Credential.of(key("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY", shapes=_SHAPES), reader="litellm"),
        Credential.of(key("PERPLEXITY_API_KEY", shapes=_SHAPES), reader="sdk"),
        Credential.of(
            key("PPLX_API_KEY", "PERPLEXITY_API_KEY", shapes=_SHAPES, arguments=("api_key", "pplx_api_key")),
            reader="langchain",
        ),
    ),
    settings=variables("PERPLEXITY_API_BASE"),
    prefixes=("perplexity",),
    hosts=("api.perplexity.ai",),
    probe=Probe(
        method="POST",
        url="https://api.perplexity.ai/chat/completions",
        header="Authorization: Bearer {key}",
        headers=("Content-Type: application/json",),
        body='{"model": "sonar", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 1}',
        cost="paid",
        base="https://api.perplexity.ai",
        base_names=variables("PERPLEXITY_API_BASE"),
    ),
    references=(LITELLM, GITLEAKS, KINGFISHER),
)
