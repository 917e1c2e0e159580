"""SingleStore, a database: an address with everything in it, or its parts."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, setting, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("singlestore"),
    title="SingleStore",
    url="https://portal.singlestore.com",
    kind="tool",
    credentials=(
        Credential(
            reader="tool",
            any_of=(
                (key("SINGLESTOREDB_URL", arguments=("host",)),),
                (
                    setting("SINGLESTOREDB_HOST", arguments=("host",)),
                    setting("SINGLESTOREDB_USER", arguments=("user",)),
                    key("SINGLESTOREDB_PASSWORD", arguments=("password",)),
                ),
            ),
        ),
    ),
    settings=variables("SINGLESTOREDB_PORT", "SINGLESTOREDB_DATABASE"),
    references=(CREWAI_TOOLS,),
)
