"""Apify, web scraping."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI_TOOLS, TRUFFLEHOG

PROVIDER = Provider(
    id=ProviderId("apify"),
    title="Apify",
    url="https://console.apify.com/settings/integrations",
    kind="tool",
    credentials=(
        Credential.of(
            key(
                "APIFY_API_TOKEN",
                shapes=(Shape(title="token", pattern=r"apify_api_[0-9A-Za-z-]{36}", certain=True),),
                arguments=(),
            ),
            reader="tool",
        ),
    ),
    hosts=("api.apify.com",),
    probe=Probe(method="GET", url="https://api.apify.com/v2/users/me", header="Authorization: Bearer {key}"),
    never_read=variables("APIFY_TOKEN", "APIFY_API_KEY"),
    references=(CREWAI_TOOLS, TRUFFLEHOG),
)
