"""Daytona, sandboxes."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("daytona"),
    title="Daytona",
    url="https://app.daytona.io/dashboard/keys",
    kind="tool",
    credentials=(Credential.of(key("DAYTONA_API_KEY"), reader="tool"),),
    settings=variables("DAYTONA_API_URL", "DAYTONA_TARGET"),
    hosts=("app.daytona.io",),
    references=(CREWAI_TOOLS,),
)
