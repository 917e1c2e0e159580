"""Databricks: a workspace's address and a token, or a profile."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, setting, variables
from keyhop.citations import CREWAI_TOOLS, GITLEAKS, LITELLM, TRUFFLEHOG

_SHAPES = (Shape(title="personal access token", pattern=r"dapi[0-9a-f]{32}(?:-\d)?", certain=True),)

PROVIDER = Provider(
    id=ProviderId("databricks"),
    title="Databricks",
    url="https://docs.databricks.com/dev-tools/auth/pat",
    credentials=(
        Credential(
            reader="litellm",
            any_of=(
                (
                    key("DATABRICKS_API_KEY", shapes=_SHAPES),
                    setting("DATABRICKS_API_BASE", arguments=("base_url", "api_base")),
                ),
                (
                    setting("DATABRICKS_CLIENT_ID"),
                    key("DATABRICKS_CLIENT_SECRET", arguments=()),
                    setting("DATABRICKS_API_BASE", arguments=("base_url", "api_base")),
                ),
                (key("DATABRICKS_TOKEN", shapes=_SHAPES, arguments=()), setting("DATABRICKS_HOST")),
            ),
        ),
        Credential(
            reader="tool",
            any_of=(
                (key("DATABRICKS_TOKEN", shapes=_SHAPES, arguments=()), setting("DATABRICKS_HOST")),
                (setting("DATABRICKS_CONFIG_PROFILE"),),
            ),
        ),
    ),
    prefixes=("databricks",),
    hosts=("*.cloud.databricks.com", "*.azuredatabricks.net", "*.gcp.databricks.com"),
    probe=Probe(
        method="GET",
        url="https://{host}/api/2.0/preview/scim/v2/Me",
        header="Authorization: Bearer {key}",
        base_names=variables("DATABRICKS_HOST", "DATABRICKS_API_BASE"),
        names=variables("DATABRICKS_TOKEN", "DATABRICKS_API_KEY"),
    ),
    references=(LITELLM, CREWAI_TOOLS, GITLEAKS, TRUFFLEHOG),
)
