"""Hugging Face."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, LITELLM, TRUFFLEHOG

_SHAPES = (
    Shape(title="user token", pattern=r"hf_[A-Za-z0-9]{34}", certain=True),
    Shape(title="organisation token", pattern=r"api_org_[A-Za-z0-9]{34}", certain=True),
)

PROVIDER = Provider(
    id=ProviderId("huggingface"),
    title="Hugging Face",
    url="https://huggingface.co/settings/tokens",
    credentials=(
        Credential.of(key("HF_TOKEN", "HUGGINGFACE_API_KEY", shapes=_SHAPES), reader="litellm"),
        Credential.of(key("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", shapes=_SHAPES, arguments=("token",)), reader="sdk"),
        Credential.of(
            key(
                "HUGGINGFACEHUB_API_TOKEN",
                "HF_TOKEN",
                shapes=_SHAPES,
                arguments=("huggingfacehub_api_token",),
            ),
            reader="langchain",
        ),
        Credential.of(
            key("EMBEDDINGS_HUGGINGFACE_API_KEY", "HUGGINGFACE_API_KEY", "HF_TOKEN", shapes=_SHAPES),
            reader="embedder",
            required=False,
        ),
    ),
    settings=variables("HF_API_BASE", "HUGGINGFACE_API_BASE"),
    prefixes=("huggingface",),
    hosts=("huggingface.co", "router.huggingface.co", "api-inference.huggingface.co"),
    probe=Probe(method="GET", url="https://huggingface.co/api/whoami-v2", header="Authorization: Bearer {key}"),
    never_read=variables("HUGGINGFACE_TOKEN", "HUGGING_FACE_API_KEY", "HF_API_KEY"),
    references=(CREWAI, LITELLM, TRUFFLEHOG),
)
