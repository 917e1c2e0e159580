"""Azure DocumentDB, a vector store."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("azure-documentdb"),
    title="Azure DocumentDB",
    url="https://learn.microsoft.com/azure/documentdb/",
    kind="tool",
    credentials=(
        Credential.of(key("AZURE_DOCUMENTDB_CONNECTION_STRING", arguments=("connection_string",)), reader="tool"),
    ),
    references=(CREWAI_TOOLS,),
)
