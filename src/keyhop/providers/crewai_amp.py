"""CrewAI's own platform: deployments, integrations, traces, the agent repository."""

from keyhop.catalogue import Credential, Provider, ProviderId, Reference, key, variables
from keyhop.citations import CREWAI, CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("crewai-amp"),
    title="CrewAI AMP",
    url="https://app.crewai.com",
    kind="platform",
    credentials=(
        Credential.of(key("CREWAI_PERSONAL_ACCESS_TOKEN", arguments=("personal_access_token",)), reader="tool"),
        Credential(
            any_of=(
                (key("CREWAI_PLATFORM_INTEGRATION_TOKEN", arguments=()),),
                (key("CREWAI_ENTERPRISE_ACTION_AUTH_TOKEN", arguments=("enterprise_action_token",)),),
                (key("CREWAI_USER_PAT", arguments=()),),
            ),
            required=False,
        ),
    ),
    settings=variables(
        "CREWAI_PLUS_URL",
        "CREWAI_ORGANIZATION_UUID",
        "CREWAI_TRACING_ENABLED",
        "CREWAI_DISABLE_TELEMETRY",
        "CREWAI_STORAGE_DIR",
    ),
    hosts=("app.crewai.com",),
    references=(
        CREWAI,
        CREWAI_TOOLS,
        Reference(
            url="https://github.com/crewAIInc/crewAI/tree/f4731f5025f861c78e3af0487cc80bf5e7c64782",
            seen="2026-11-23",
        ),
    ),
)
