"""Composio, tools with managed sign-in."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key
from keyhop.citations import CREWAI_TOOLS, KINGFISHER

PROVIDER = Provider(
    id=ProviderId("composio"),
    title="Composio",
    url="https://platform.composio.dev",
    kind="tool",
    credentials=(
        Credential.of(
            key(
                "COMPOSIO_API_KEY",
                shapes=(
                    Shape(title="project key", pattern=r"ak_[\w-]{20}", certain=True),
                    Shape(title="consumer key", pattern=r"ck_[\w-]{20}", certain=True),
                ),
            ),
            reader="tool",
        ),
    ),
    hosts=("backend.composio.dev",),
    probe=Probe(method="GET", url="https://backend.composio.dev/api/v3.1/tools", header="x-api-key: {key}"),
    references=(CREWAI_TOOLS, KINGFISHER),
)
