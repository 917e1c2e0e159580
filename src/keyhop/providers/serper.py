"""Serper, Google results."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CAULDRON, CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("serper"),
    title="Serper",
    url="https://serper.dev/api-keys",
    kind="tool",
    credentials=(
        Credential.of(
            key("SERPER_API_KEY", shapes=(Shape(title="key", pattern=r"[0-9a-f]{40}"),), arguments=()),
            reader="tool",
        ),
    ),
    hosts=("google.serper.dev", "scrape.serper.dev"),
    probe=Probe(
        method="POST",
        url="https://google.serper.dev/search",
        header="X-API-KEY: {key}",
        headers=("Content-Type: application/json",),
        body='{"q": "keyhop", "num": 1}',
        rejected=(401, 403),
        rejected_when="Unauthorized",
        cost="paid",
    ),
    never_read=variables("SERPER_KEY", "SERPER_DEV_API_KEY", "SERPERDEV_API_KEY"),
    references=(CREWAI_TOOLS, CAULDRON),
)
