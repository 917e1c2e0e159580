"""E2B, sandboxes."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI_TOOLS, KINGFISHER

PROVIDER = Provider(
    id=ProviderId("e2b"),
    title="E2B",
    url="https://e2b.dev/dashboard",
    kind="tool",
    credentials=(
        Credential.of(
            key("E2B_API_KEY", shapes=(Shape(title="key", pattern=r"e2b_[0-9a-f]{40}", certain=True),)),
            reader="tool",
        ),
    ),
    settings=variables("E2B_DOMAIN"),
    hosts=("api.e2b.dev",),
    probe=Probe(method="GET", url="https://api.e2b.dev/sandboxes", header="X-API-Key: {key}"),
    never_read=variables("E2B_ACCESS_TOKEN"),
    references=(CREWAI_TOOLS, KINGFISHER),
)
