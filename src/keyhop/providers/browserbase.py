"""Browserbase, browsers in the cloud."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI_TOOLS, KINGFISHER

PROVIDER = Provider(
    id=ProviderId("browserbase"),
    title="Browserbase",
    url="https://www.browserbase.com/settings",
    kind="tool",
    credentials=(
        Credential.of(
            key(
                "BROWSERBASE_API_KEY",
                shapes=(Shape(title="key", pattern=r"bb_(?:live|test)_[\w-]{27}", certain=True),),
            ),
            reader="tool",
        ),
    ),
    settings=variables("BROWSERBASE_PROJECT_ID"),
    hosts=("api.browserbase.com",),
    probe=Probe(method="GET", url="https://api.browserbase.com/v1/sessions", header="X-BB-API-Key: {key}"),
    references=(CREWAI_TOOLS, KINGFISHER),
)
