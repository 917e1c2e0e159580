"""Pinecone, a vector store."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, key
from keyhop.citations import TRUFFLEHOG

PROVIDER = Provider(
    id=ProviderId("pinecone"),
    title="Pinecone",
    url="https://app.pinecone.io",
    kind="tool",
    credentials=(Credential.of(key("PINECONE_API_KEY"), reader="sdk"),),
    hosts=("api.pinecone.io", "*.pinecone.io"),
    probe=Probe(
        method="GET",
        url="https://api.pinecone.io/indexes",
        header="Api-Key: {key}",
        headers=("X-Pinecone-Api-Version: 2025-10",),
        limited=(403,),
    ),
    references=(TRUFFLEHOG,),
)
