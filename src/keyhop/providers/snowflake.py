"""Snowflake Cortex."""

from keyhop.catalogue import Credential, Provider, ProviderId, Shape, key, setting
from keyhop.citations import CREWAI, CREWAI_TOOLS, LITELLM

_SHAPES = (Shape(title="access token or JWT", pattern=r"(?:pat/)?eyJ[\w-]+\.[\w-]+\.[\w-]+"),)

PROVIDER = Provider(
    id=ProviderId("snowflake"),
    title="Snowflake Cortex",
    url="https://docs.snowflake.com/en/user-guide/programmatic-access-tokens",
    credentials=(
        Credential.of(
            key("SNOWFLAKE_PAT", "SNOWFLAKE_TOKEN", "SNOWFLAKE_JWT", shapes=_SHAPES),
            setting(
                "SNOWFLAKE_ACCOUNT_URL",
                "SNOWFLAKE_ACCOUNT",
                "SNOWFLAKE_ACCOUNT_ID",
                "SNOWFLAKE_ACCOUNT_IDENTIFIER",
                arguments=(
                    "base_url",
                    "api_base",
                    "account_url",
                    "account_identifier",
                    "account",
                    "snowflake_account",
                ),
            ),
        ),
        Credential.of(
            key("SNOWFLAKE_JWT", shapes=_SHAPES),
            setting("SNOWFLAKE_ACCOUNT_ID", arguments=("base_url", "api_base", "account_id")),
            reader="litellm",
        ),
        Credential.of(key("SNOWFLAKE_PASSWORD", arguments=("password",)), reader="tool"),
    ),
    prefixes=("snowflake",),
    hosts=("*.snowflakecomputing.com",),
    references=(CREWAI, LITELLM, CREWAI_TOOLS),
)
