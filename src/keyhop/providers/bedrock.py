"""Amazon Bedrock: AWS keys, a Bedrock key, or the identity of the machine."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, identity, key, setting, variables
from keyhop.citations import CREWAI, GITLEAKS, KINGFISHER, LITELLM, released

_ID = key(
    "AWS_ACCESS_KEY_ID",
    arguments=("aws_access_key_id",),
    shapes=(
        Shape(
            title="AWS access key id",
            pattern=r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z2-7]{16}",
            certain=True,
        ),
    ),
)
_SECRET = key(
    "AWS_SECRET_ACCESS_KEY",
    arguments=("aws_secret_access_key",),
    shapes=(Shape(title="AWS secret key", pattern=r"[A-Za-z0-9/+]{40}"),),
)
_SESSION = key("AWS_SESSION_TOKEN", arguments=("aws_session_token",))
_BEARER = key(
    "AWS_BEARER_TOKEN_BEDROCK",
    arguments=("api_key",),
    shapes=(
        Shape(title="long-lived Bedrock key", pattern=r"ABSK[A-Za-z0-9+/]{100,}={0,2}", certain=True),
        Shape(
            title="short-lived Bedrock key",
            pattern=r"bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]+",
            certain=True,
        ),
    ),
)
# NOTE: botocore prefers the Bedrock key to the others, even an empty one.
_ANY_OF = (
    (_ID, _SECRET, _SESSION),
    (_ID, _SECRET),
    (_BEARER,),
    (setting("AWS_PROFILE", arguments=("aws_profile_name", "credentials_profile_name")), identity("@aws profile")),
    (identity("@aws identity"),),
)

PROVIDER = Provider(
    id=ProviderId("bedrock"),
    title="Amazon Bedrock",
    url="https://console.aws.amazon.com/bedrock",
    credentials=(
        Credential(any_of=_ANY_OF),
        Credential(any_of=_ANY_OF, reader="litellm"),
        Credential(any_of=_ANY_OF, reader="sdk"),
        Credential(any_of=_ANY_OF, reader="embedder"),
    ),
    settings=variables(
        "AWS_DEFAULT_REGION",
        "AWS_REGION_NAME",
        "AWS_REGION",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "AWS_BEDROCK_RUNTIME_ENDPOINT",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_BEDROCK",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "BEDROCK_AGENT_ID",
        "BEDROCK_AGENT_ALIAS_ID",
        "BEDROCK_KB_ID",
    ),
    prefixes=("bedrock",),
    hosts=("bedrock.*.amazonaws.com", "bedrock-runtime.*.amazonaws.com", "sts.*.amazonaws.com"),
    probe=Probe(
        method="GET",
        url="https://bedrock.{region}.amazonaws.com/foundation-models",
        header="Authorization: Bearer {key}",
        rejected=(403,),
        rejected_when="API Key is valid|UnrecognizedClientException|ExpiredToken",
        limited=(403,),
        limited_when="is not authorized to perform",
        base="https://bedrock.{region}.amazonaws.com",
        base_names=variables("AWS_ENDPOINT_URL_BEDROCK", "AWS_ENDPOINT_URL"),
        names=variables("AWS_BEARER_TOKEN_BEDROCK"),
    ),
    other_probes=(
        Probe(
            method="POST",
            url="https://sts.{region}.amazonaws.com/",
            header="Authorization: {key}",
            headers=("Content-Type: application/x-www-form-urlencoded; charset=utf-8",),
            body="Action=GetCallerIdentity&Version=2011-06-15",
            rejected=(403,),
            rejected_when="InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken",
            base="https://sts.{region}.amazonaws.com",
            base_names=variables("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"),
            names=variables("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
            signature="sts",
            tells="whether it may call Amazon Bedrock: AWS was only asked whose key it is",
        ),
    ),
    never_read=variables("AWS_ACCESS_KEY", "AWS_SECRET_KEY", "BEDROCK_API_KEY"),
    references=(CREWAI, LITELLM, released("boto3", "1.43.46"), GITLEAKS, KINGFISHER),
)
