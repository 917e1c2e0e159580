"""Mem0, memory as a service."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import released

PROVIDER = Provider(
    id=ProviderId("mem0"),
    title="Mem0",
    url="https://app.mem0.ai/dashboard/api-keys",
    kind="tool",
    credentials=(Credential.of(key("MEM0_API_KEY"), reader="sdk"),),
    hosts=("api.mem0.ai",),
    references=(released("crewai", "1.6.0"),),
)
