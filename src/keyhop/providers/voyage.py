"""Voyage AI, embeddings."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key
from keyhop.citations import CREWAI, KINGFISHER, LITELLM

_SHAPES = (Shape(title="key", pattern=r"(?:pa|al)-[\w-]{43}", certain=True),)

PROVIDER = Provider(
    id=ProviderId("voyage"),
    title="Voyage AI",
    url="https://dashboard.voyageai.com/api-keys",
    credentials=(
        Credential.of(
            key("VOYAGE_API_KEY", "VOYAGE_AI_API_KEY", "VOYAGE_AI_TOKEN", shapes=_SHAPES), reader="litellm"
        ),
        Credential.of(key("VOYAGE_API_KEY", shapes=_SHAPES), reader="sdk"),
        Credential.of(key("EMBEDDINGS_VOYAGEAI_API_KEY", "VOYAGEAI_API_KEY", shapes=_SHAPES), reader="embedder"),
    ),
    prefixes=("voyage",),
    hosts=("api.voyageai.com",),
    probe=Probe(
        method="GET",
        url="https://api.voyageai.com/v1/files",
        header="Authorization: Bearer {key}",
        accepted=(200, 403),
    ),
    references=(CREWAI, LITELLM, KINGFISHER),
)
