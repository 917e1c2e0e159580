"""SambaNova."""

from keyhop.catalogue import Credential, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, LITELLM

PROVIDER = Provider(
    id=ProviderId("sambanova"),
    title="SambaNova",
    url="https://cloud.sambanova.ai/apis",
    credentials=(
        Credential.of(
            key(
                "SAMBANOVA_API_KEY",
                shapes=(Shape(title="key", pattern=r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),),
            ),
            reader="litellm",
        ),
    ),
    settings=variables("SAMBANOVA_API_BASE"),
    prefixes=("sambanova",),
    hosts=("api.sambanova.ai",),
    references=(CREWAI, LITELLM),
)
