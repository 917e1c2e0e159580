"""Oxylabs, web scraping: a user and a password."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("oxylabs"),
    title="Oxylabs",
    url="https://dashboard.oxylabs.io",
    kind="tool",
    credentials=(
        Credential.of(
            key("OXYLABS_USERNAME", arguments=("username",)),
            key("OXYLABS_PASSWORD", arguments=("password",)),
            reader="tool",
        ),
    ),
    hosts=("realtime.oxylabs.io",),
    references=(CREWAI_TOOLS,),
)
