"""IBM Db2, a vector store."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("db2"),
    title="IBM Db2",
    url="https://www.ibm.com/products/db2",
    kind="tool",
    credentials=(Credential.of(key("DB2_CONNECTION_STRING", arguments=("connection_string",)), reader="tool"),),
    references=(CREWAI_TOOLS,),
)
