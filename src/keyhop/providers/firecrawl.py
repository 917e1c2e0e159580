"""Firecrawl, web pages as text."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI_TOOLS, KINGFISHER

PROVIDER = Provider(
    id=ProviderId("firecrawl"),
    title="Firecrawl",
    url="https://www.firecrawl.dev/app/api-keys",
    kind="tool",
    credentials=(
        Credential.of(
            key("FIRECRAWL_API_KEY", shapes=(Shape(title="key", pattern=r"fc-[0-9a-fA-F]{32}", certain=True),)),
            reader="tool",
        ),
    ),
    settings=variables("FIRECRAWL_API_URL", "FIRECRAWL_API_BASE"),
    hosts=("api.firecrawl.dev",),
    probe=Probe(
        method="GET",
        url="https://api.firecrawl.dev/v1/crawl/active",
        header="Authorization: Bearer {key}",
        base="https://api.firecrawl.dev",
        base_names=variables("FIRECRAWL_API_URL", "FIRECRAWL_API_BASE"),
    ),
    references=(CREWAI_TOOLS, KINGFISHER),
)
