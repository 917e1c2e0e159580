"""IBM watsonx: an IAM key, the region's address and a project or space."""

from keyhop.catalogue import Credential, Provider, ProviderId, Shape, key, setting, variables
from keyhop.citations import CREWAI, LITELLM, TRUFFLEHOG

_SHAPES = (Shape(title="IAM key", pattern=r"[\w-]{44}"),)

PROVIDER = Provider(
    id=ProviderId("watsonx"),
    title="IBM watsonx",
    url="https://cloud.ibm.com/iam/apikeys",
    credentials=(
        Credential(
            reader="litellm",
            any_of=tuple(
                (
                    secret,
                    setting(
                        "WATSONX_API_BASE",
                        "WATSONX_URL",
                        "WX_URL",
                        "WML_URL",
                        arguments=("base_url", "api_base"),
                    ),
                    setting(
                        "WATSONX_PROJECT_ID",
                        "WX_PROJECT_ID",
                        "PROJECT_ID",
                        "WATSONX_DEPLOYMENT_SPACE_ID",
                        "WATSONX_SPACE_ID",
                        "WX_SPACE_ID",
                        "SPACE_ID",
                        arguments=("project_id", "space_id"),
                    ),
                )
                for secret in (
                    key("WATSONX_APIKEY", "WATSONX_API_KEY", "WX_API_KEY", shapes=_SHAPES),
                    key("WATSONX_TOKEN", arguments=("token",)),
                    key("WATSONX_ZENAPIKEY", arguments=("zen_api_key",)),
                )
            ),
        ),
        Credential.of(
            key("WATSONX_API_KEY", "WATSONX_APIKEY", shapes=_SHAPES, arguments=("apikey", "api_key")),
            setting("WATSONX_URL", arguments=("url",)),
            reader="langchain",
        ),
        Credential.of(
            key("EMBEDDINGS_WATSONX_API_KEY", "WATSONX_API_KEY", shapes=_SHAPES),
            setting("EMBEDDINGS_WATSONX_URL", "WATSONX_URL", arguments=("url",)),
            reader="embedder",
        ),
    ),
    settings=variables("WATSONX_REGION", "WX_REGION", "WATSONX_IAM_URL"),
    prefixes=("watsonx", "watsonx_text"),
    hosts=("iam.cloud.ibm.com", "*.ml.cloud.ibm.com"),
    references=(CREWAI, LITELLM, TRUFFLEHOG),
)
