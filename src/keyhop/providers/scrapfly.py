"""Scrapfly, web scraping."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key
from keyhop.citations import CREWAI_TOOLS, TRUFFLEHOG

PROVIDER = Provider(
    id=ProviderId("scrapfly"),
    title="Scrapfly",
    url="https://scrapfly.io/dashboard",
    kind="tool",
    credentials=(
        Credential.of(
            key(
                "SCRAPFLY_API_KEY",
                shapes=(Shape(title="key", pattern=r"(?:scp-(?:live|test)-)?[0-9a-z]{32}"),),
            ),
            reader="tool",
        ),
    ),
    hosts=("api.scrapfly.io",),
    probe=Probe(method="GET", url="https://api.scrapfly.io/account", header="?key={key}"),
    references=(CREWAI_TOOLS, TRUFFLEHOG),
)
