"""Azure: azure-ai-inference 1.0.0b9, azure-identity 1.27, OpenAI's Azure client, and Entra's answers."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import UNSUPPLIED, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.AZURE_ENDPOINT_MISMATCH,
        says=r"invalid subscription key or wrong API endpoint",
        also=(
            Cause.INVALID_KEY,
            Cause.WRONG_PROVIDER_KEY,
            Cause.EXPIRED_OR_REVOKED,
            Cause.SHADOWED_OR_STALE_VALUE,
            Cause.PLACEHOLDER_VALUE,
        ),
        provider="azure",
        source=Source.MEASURED,
        samples=(
            (
                "azure.core.exceptions.ClientAuthenticationError: (401) Access denied due to invalid subscription "
                "key or wrong API "
                "endpoint. Make sure to provide a valid key for an active subscription"
            ),
        ),
    ),
    Symptom(
        cause=Cause.AZURE_DEPLOYMENT_NOT_FOUND,
        says=r"DeploymentNotFound|API deployment (?:for this resource|\S+) does not exist|deployment .{1,60} "
        r"(?:not found|does not "
        r"exist)",
        unless=r"deployment\.apps",
        also=(Cause.AZURE_ENDPOINT_MISMATCH, Cause.AZURE_API_VERSION),
        provider="azure",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "openai.NotFoundError: Error code: 404 - {'error': {'code': 'DeploymentNotFound', 'message': 'The "
                "API deployment "
                "for this resource does not exist.'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.AZURE_ENDPOINT_MISMATCH,
        says=r"Resource not found",
        also=(Cause.AZURE_DEPLOYMENT_NOT_FOUND, Cause.AZURE_API_VERSION, Cause.BASE_URL_MISMATCH),
        provider="azure",
        source=Source.MEASURED,
        samples=(
            "openai.NotFoundError: Error code: 404 - {'error': {'code': '404', 'message': 'Resource not found'}}",
        ),
    ),
    Symptom(
        cause=Cause.AZURE_ENDPOINT_MISMATCH,
        says=r"Azure endpoint is required|Must provide one of the `?base_url`? or `?azure_endpoint|"
        r"AZURE_(?:OPENAI_)?ENDPOINT"
        r"\W{0,3} (?:environment variable )?(?:is |was )?(?:not set|missing|required)",
        also=(Cause.MISSING_IN_PROCESS, Cause.WRONG_VARIABLE_NAME, Cause.MISSING_EVERYWHERE, Cause.LOADED_TOO_LATE),
        provider="azure",
        source=Source.MEASURED,
        samples=(
            (
                "ValueError: Azure endpoint is required. Set AZURE_ENDPOINT environment variable or pass endpoint "
                "parameter."
            ),
        ),
    ),
    Symptom(
        cause=Cause.AZURE_API_VERSION,
        says=r"Missing required query parameter: api-version|API version not supported|Must provide either the "
        r"`?api_version|"
        r"api-version query parameter|unsupported api[- ]version|OPENAI_API_VERSION.{0,40}environment variable|"
        r"enabled only for api-version|InvalidApiVersion",
        also=(Cause.AZURE_ENDPOINT_MISMATCH,),
        provider="azure",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=('HTTP 400\n{"error": {"code": "BadRequest", "message": "API version not supported"}}',),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Access token is missing, invalid, audience is incorrect",
        also=(
            Cause.TOKEN_EXPIRED_STS,
            Cause.WRONG_CREDENTIAL_TYPE,
            Cause.MISSING_IN_PROCESS,
            Cause.EXPIRED_OR_REVOKED,
        ),
        provider="azure",
        source=Source.MEASURED,
        samples=(
            (
                "Error code: 401 - {'statusCode': 401, 'message': 'Unauthorized. Access token is missing, invalid, "
                "audience is incorrect'}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"lacks the required data action|Principal does not have access to API/Operation|"
        r"AuthenticationTypeDisabled|Key based authentication is disabled|"
        r"AuthorizationFailed|does not have authorization to perform action",
        provider="azure",
        also=(Cause.WRONG_CREDENTIAL_TYPE,),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "HTTP 401\n{'error': {'code': 'PermissionDenied', 'message': 'The principal `p` lacks the required "
                "data action'}}"
            ),
            (
                "HTTP 403\n{'error': {'code': 'AuthenticationTypeDisabled', 'message': 'Key based authentication "
                "is disabled for "
                "this resource.'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.NETWORK_POLICY,
        says=r"Virtual Network/Firewall rules|Public (?:network )?access is disabled|Traffic is not from an "
        r"approved private "
        r"endpoint",
        provider="azure",
        also=(Cause.PROXY_OR_GATEWAY, Cause.PERMISSION_OR_SCOPE),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            'HTTP 403\n{"error": {"code": "403", "message": "Access denied due to Virtual Network/Firewall rules."}}',
        ),
    ),
    Symptom(
        cause=Cause.ORG_PROJECT_MISMATCH,
        says=r"tenant does not match resource tenant|AADSTS(?:90002|700016|50020)|InvalidAuthenticationTokenTenant",
        also=(Cause.INVALID_KEY, Cause.WRONG_CREDENTIAL_TYPE),
        provider="azure",
        certainty=Certainty.CERTAIN,
        samples=("HTTP 400\nToken tenant does not match resource tenant",),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=r"AADSTS(?:7000222|700082|50173)|client secret keys .{0,60}expired",
        also=(Cause.TOKEN_EXPIRED_STS,),
        provider="azure",
        certainty=Certainty.CERTAIN,
        samples=("ClientAuthenticationError: AADSTS7000222: The provided client secret keys for app are expired.",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"AADSTS(?:7000215|7000216|700027)|Invalid client secret",
        also=(Cause.WRONG_CREDENTIAL_TYPE, Cause.CONTAMINATED_VALUE, Cause.EXPIRED_OR_REVOKED),
        provider="azure",
        samples=("ClientAuthenticationError: AADSTS7000215: Invalid client secret provided.",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"(?:Default|Environment|Chained|ManagedIdentity|AzureCli)\w*Credential.{0,40}(?:failed to "
        r"retrieve a token|"
        r"authentication unavailable|No credential|not available)|EnvironmentCredential: |no managed identity "
        r"endpoint",
        also=(Cause.WRONG_VARIABLE_NAME, *UNSUPPLIED[:2], Cause.WRONG_CREDENTIAL_TYPE, Cause.PERMISSION_OR_SCOPE),
        provider="azure",
        source=Source.MEASURED,
        samples=(
            (
                "azure.core.exceptions.ClientAuthenticationError: DefaultAzureCredential failed to retrieve a "
                "token from the "
                "included credentials.\nAttempted credentials:\n\tEnvironmentCredential: EnvironmentCredential "
                "authentication "
                "unavailable."
            ),
        ),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        says=r"RateLimitReached|have exceeded (?:the )?(?:call |token )?rate limit|"
        r"Please retry after \d+ second",
        also=(Cause.QUOTA_NOT_AUTH,),
        provider="azure",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            'HTTP 429\n{"error": {"code": "RateLimitReached", "message": "Your requests have exceeded rate limit."}}',
        ),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"InsufficientQuota|Operation cannot be completed without additional quota|Out of call volume quota|"
        r"subscription .{0,60}(?:disabled|suspended)",
        provider="azure",
        also=(Cause.EXPIRED_OR_REVOKED,),
        samples=(
            (
                "HTTP 403\n{'error': {'code': '403', 'message': 'Out of call volume quota. Quota will be "
                "replenished in 1 day'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"content management policy|ResponsibleAIPolicyViolation|OperationNotSupported|InvalidRequestBody",
        provider="azure",
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "HTTP 400\n{'error': {'code': 'content_filter', 'message': \"triggering Azure OpenAI's content "
                'management policy"}}'
            ),
        ),
    ),
)
