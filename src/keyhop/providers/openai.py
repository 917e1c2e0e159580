"""OpenAI."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, VarName, key, variables
from keyhop.citations import CREWAI, GITLEAKS, LITELLM, TRUFFLEHOG, released

_SHAPES = (
    Shape(
        title="project, service account or admin key",
        pattern=r"sk-(?:proj|svcacct|service|admin)-(?=.{60,})[\w-]+T3BlbkFJ[\w-]+",
        certain=True,
    ),
    Shape(title="legacy user key", pattern=r"sk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}", certain=True),
    Shape(title="key without a project", pattern=r"sk-None-[\w-]{48,}"),
)

PROVIDER = Provider(
    id=ProviderId("openai"),
    title="OpenAI",
    url="https://platform.openai.com/api-keys",
    credentials=(
        Credential.of(key("OPENAI_API_KEY", shapes=_SHAPES)),
        Credential.of(key("OPENAI_API_KEY", shapes=_SHAPES), reader="litellm"),
        # NOTE: the SDK also reads OPENAI_ADMIN_KEY, which opens administration and no model.
        Credential.of(key("OPENAI_API_KEY", shapes=_SHAPES), reader="sdk"),
        Credential.of(
            key("OPENAI_API_KEY", shapes=_SHAPES, arguments=("api_key", "openai_api_key")), reader="langchain"
        ),
        Credential.of(
            key("EMBEDDINGS_OPENAI_API_KEY", "OPENAI_API_KEY", shapes=_SHAPES),
            reader="embedder",
        ),
    ),
    settings=variables(
        "OPENAI_BASE_URL",
        "OPENAI_API_BASE",
        "OPENAI_ORG_ID",
        "OPENAI_ORGANIZATION",
        "OPENAI_PROJECT_ID",
        "EMBEDDINGS_OPENAI_API_BASE",
        "EMBEDDINGS_OPENAI_MODEL_NAME",
        # What CrewAI's default model, which is one of OpenAI's, is chosen and redirected by.
        "MODEL",
        "MODEL_NAME",
        "OPENAI_MODEL_NAME",
        "BASE_URL",
        "API_BASE",
    ),
    prefixes=("openai", "text-completion-openai", "custom_openai"),
    hosts=("api.openai.com", "*.api.openai.com"),
    probe=Probe(
        method="GET",
        url="https://api.openai.com/v1/models",
        header="Authorization: Bearer {key}",
        setting_headers=(
            ("OpenAI-Organization", VarName("OPENAI_ORG_ID")),
            ("OpenAI-Project", VarName("OPENAI_PROJECT_ID")),
        ),
        rejected_when="invalid_api_key|account_deactivated",
        limited=(401, 403),
        limited_when="Missing scopes",
        live_when=r"Missing scopes: (?:api\.)?model\.read\b",
        lists_models=True,
        base="https://api.openai.com/v1",
        base_names=variables("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    ),
    never_read=variables("OPENAI_KEY", "OPENAI_APIKEY", "OPEN_AI_KEY", "OPEN_AI_API_KEY", "OPENAI_TOKEN"),
    references=(CREWAI, LITELLM, released("openai", "2.54.0"), GITLEAKS, TRUFFLEHOG),
)
