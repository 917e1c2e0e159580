"""NVIDIA NIM, the hosted models of build.nvidia.com."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, KINGFISHER, LITELLM

_SHAPES = (Shape(title="key", pattern=r"nvapi-[\w-]{60,70}", certain=True),)

PROVIDER = Provider(
    id=ProviderId("nvidia-nim"),
    title="NVIDIA NIM",
    url="https://build.nvidia.com/settings/api-keys",
    credentials=(
        Credential.of(key("NVIDIA_NIM_API_KEY", shapes=_SHAPES), reader="litellm"),
        Credential.of(
            key("NVIDIA_API_KEY", shapes=_SHAPES, arguments=("api_key", "nvidia_api_key")), reader="langchain"
        ),
    ),
    settings=variables("NVIDIA_NIM_API_BASE"),
    prefixes=("nvidia_nim",),
    hosts=("integrate.api.nvidia.com", "api.nvcf.nvidia.com"),
    probe=Probe(
        method="GET",
        url="https://api.nvcf.nvidia.com/v2/nvcf/functions",
        header="Authorization: Bearer {key}",
        limited=(403,),
    ),
    never_read=variables("NVIDIA_API_KEY", "NIM_API_KEY"),
    references=(CREWAI, LITELLM, KINGFISHER),
)
