"""OpenAI's client, which many services are spoken to with, and OpenAI's own answers.

Measured with openai 2.54 and 3.54.
"""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import REFUSED, UNSUPPLIED, Level, Source, Symptom

_ALIKE = (
    r"\b(?:40[13]|402|407|429)\b|api[ _-]?key|auth(?:enti|ori)|credential|credit|quota|billing|permission|"
    r"token expired"
)
"""What a status or class that tells little must not be read beside."""

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"api_key client option must be set|Missing credentials\. Please pass (?:one of )?an? `?api_key|"
        r"Missing credentials\. Please pass one of",
        also=UNSUPPLIED,
        source=Source.MEASURED,
        samples=(
            (
                "openai.OpenAIError: The api_key client option must be set either by passing api_key to the "
                "client or by "
                "setting the OPENAI_API_KEY environment variable"
            ),
            (
                "openai.OpenAIError: Missing credentials. Please pass an `api_key`, `workload_identity`, "
                "`admin_api_key`, or "
                "set the `OPENAI_API_KEY` or `OPENAI_ADMIN_KEY` environment variable."
            ),
        ),
        not_samples=("TypeError: option must be set",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"You didn'?t provide an API key|Missing bearer (?:or basic )?authentication in header",
        also=UNSUPPLIED,
        source=Source.MEASURED,
        samples=(
            (
                "openai.AuthenticationError: Error code: 401 - {'error': {'message': \"You didn't provide an API "
                "key. You need "
                "to provide your API key in an Authorization header using Bearer auth\", 'code': None}}"
            ),
            'HTTP 401\n{"error": {"message": "Missing bearer or basic authentication in header", "code": null}}',
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"You didn'?t provide an API key",
        asked=("sambanova",),
        also=(Cause.MISSING_IN_PROCESS, *UNSUPPLIED[:1], *REFUSED),
        source=Source.MEASURED,
        samples=(
            (
                "POST https://api.sambanova.ai/v1/chat/completions\nHTTP 401\n"
                '{"error":{"message":"You didn\'t provide an API key.","type":"authentication_error"}}'
            ),
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Incorrect API key provided|['\"]code['\"]: ?['\"](?:invalid_api_key|wrong_api_key)['\"]",
        also=REFUSED,
        source=Source.MEASURED,
        samples=(
            (
                "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: "
                "sk-proj-****. You can find your API key at https://platform.openai.com/account/api-keys.', 'code': "
                "'invalid_api_key'}}"
            ),
            '{"error": {"message": "Invalid API Key", "type": "invalid_request_error", "code": "invalid_api_key"}}',
        ),
        not_samples=("ValueError: incorrect number of keys",),
    ),
    Symptom(
        cause=Cause.ORG_PROJECT_MISMATCH,
        says=r"OpenAI-Organization header should match|mismatched_(?:organization|project)|no such "
        r"(?:organization|project)"
        r"|OpenAI-Project header should match|invalid_organization|must be a member of an organization|"
        r"project_not_found",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "Error code: 401 - {'error': {'message': 'OpenAI-Organization header should match organization for "
                "API key', "
                "'code': 'mismatched_organization'}}"
            ),
            "HTTP 400\nno such organization: org-1",
        ),
    ),
    Symptom(
        cause=Cause.REGION_MISMATCH,
        says=r"incorrect regional hostname|incorrect_hostname",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "HTTP 401\n{'error': {'message': 'Attempted to access resource with incorrect regional hostname. "
                "Please make "
                "your request to eu.api.openai.com', 'code': 'incorrect_hostname'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=r"account_deactivated|account associated with this API key has been deactivated|"
        r"API key (?:has been )?(?:revoked|deactivated|disabled|deleted)",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "Error code: 401 - {'error': {'message': 'The OpenAI account associated with this API key has been "
                "deactivated.', 'code': 'account_deactivated'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.WRONG_CREDENTIAL_TYPE,
        says=r"not from a valid issuer|invalid_issuer|must be made with a secret key|made with a session key|"
        r"can only be made from the browser",
        also=(Cause.INVALID_KEY,),
        source=Source.MEASURED,
        samples=(
            (
                "Error code: 401 - {'error': {'message': 'Your authentication token is not from a valid issuer.', "
                "'code': "
                "'invalid_issuer'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"Missing scopes?:|rejected_by_access_enforcement|insufficient_permissions?\b|"
        r"not allowed to (?:sample|generate) from this model",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "Error code: 401 - {'error': {'message': 'You have insufficient permissions for this "
                "operation. Missing "
                "scopes: model.request.'}}"
            ),
            'HTTP 401\n{"error": {"message": "Unauthorized", "type": "rejected_by_access_enforcement"}}',
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"You have insufficient permissions for this operation",
        also=(Cause.TRANSIENT_PROVIDER_AUTH, Cause.ORG_PROJECT_MISMATCH),
        samples=(
            "Error code: 403 - {'error': {'message': 'You have insufficient permissions for this operation.'}}",
        ),
    ),
    Symptom(
        cause=Cause.NETWORK_POLICY,
        says=r"ip_not_authorized|Your IP is not authorized|IP address (?:\S+ )?(?:is )?not (?:allowed|"
        r"authorized|whitelisted)",
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "HTTP 401\n{'error': {'code': 'ip_not_authorized', 'message': 'Your IP is not authorized to access "
                "this.'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.GEO_BLOCKED,
        says=r"unsupported_country|Country, region, or territory not supported|not available in your "
        r"(?:country|region|location)"
        r"|services are not available in your country|所在(?:的)?(?:国家|地区|区域).{0,12}不(?:支持|可用)|"
        r"не (?:доступ\w+|поддержива\w+) в (?:вашей|вашем) (?:стране|регионе)|"
        r"(?:no|non|nicht) (?:est[áa] |est |é )?(?:disponib\w+|verfügbar) (?:en|dans|in|no) "
        r"(?:su|votre|tu|seu|sua|Ihrem) ",
        also=(Cause.PERMISSION_OR_SCOPE, Cause.REGION_MISMATCH, Cause.NETWORK_POLICY),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "openai.PermissionDeniedError: Error code: 403 - {'error': {'code': "
                "'unsupported_country_region_territory', "
                "'message': 'Country, region, or territory not supported'}}"
            ),
            "HTTP 403\n您所在的地区不支持使用该模型",
        ),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"(?:does|do|did) not have access to (?:the )?(?:requested )?model|model_not_found|model_not_available|"
        r"The (?:requested )?model [`'\"]?[^`'\"]{1,80}[`'\"]? (?:does not exist|has been deprecated)|"
        r"does not exist or you do not have access|must be verified to use the model",
        also=(Cause.ORG_PROJECT_MISMATCH, Cause.OTHER_NOT_AUTH, Cause.PROXY_OR_GATEWAY),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "openai.NotFoundError: Error code: 404 - {'error': {'message': 'The model `gpt-9` does not exist "
                "or you do "
                "not have access to it.', 'code': 'model_not_found'}}"
            ),
            "Error code: 403 - {'error': {'message': 'Project `proj_1` does not have access to model `gpt-4o`'}}",
        ),
        not_samples=("HTTP 404\nno such file",),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"insufficient_quota|exceeded your current quota|billing_hard_limit_reached|billing_not_active|"
        r"account is not active, please check your billing",
        also=(Cause.RATE_LIMIT_NOT_AUTH,),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, "
                "please check "
                "your plan and billing details.', 'code': 'insufficient_quota'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        says=r"rate_limit_exceeded|Rate limit (?:reached|exceeded) for|tokens per min|requests per (?:min|day)",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o in "
                "organization "
                "org-1 on requests per min (RPM): Limit 3, Used 3', 'code': 'rate_limit_exceeded'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        types=("AuthenticationError", "UnauthorizedError", "AuthError", "Unauthorized"),
        also=(
            Cause.EXPIRED_OR_REVOKED,
            Cause.MISSING_IN_PROCESS,
            Cause.BASE_URL_MISMATCH,
            Cause.PROXY_OR_GATEWAY,
            Cause.PLACEHOLDER_VALUE,
            Cause.WRONG_PROVIDER_KEY,
        ),
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("openai.AuthenticationError: Error code: 401",),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        types=("PermissionDeniedError", "PermissionDenied"),
        also=(Cause.GEO_BLOCKED, Cause.NETWORK_POLICY, Cause.PROXY_OR_GATEWAY, Cause.INVALID_KEY, Cause.MODEL_ACCESS),
        certainty=Certainty.POSSIBLE,
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("openai.PermissionDeniedError: Error code: 403",),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        types=("RateLimitError", "TooManyRequestsError", "TooManyRequests", "ResourceExhausted"),
        also=(Cause.QUOTA_NOT_AUTH,),
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("openai.RateLimitError: Error code: 429",),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        types=("NotFoundError",),
        also=(Cause.BASE_URL_MISMATCH, Cause.OTHER_NOT_AUTH, Cause.AZURE_DEPLOYMENT_NOT_FOUND),
        certainty=Certainty.POSSIBLE,
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("openai.NotFoundError: Error code: 404",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"Invalid '\w[^']*': |context_length_exceeded|maximum context length|"
        r"unsupported_(?:parameter|value)|Unsupported parameter|Unknown parameter|does not support (?:tools|"
        r"images|parameters)|"
        r"content_policy_violation|content management policy|ContentPolicyViolation|invalid_image|"
        r"string_above_max_length|"
        r"decimal_(?:below|above)|integer_(?:below|above)|ContextWindowExceeded",
        certainty=Certainty.CERTAIN,
        unless=r"\b40[13]\b",
        samples=(
            (
                "openai.BadRequestError: Error code: 400 - {'error': {'message': \"Unsupported parameter: "
                "'max_tokens'\", "
                "'code': 'unsupported_parameter'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        types=("BadRequestError", "UnprocessableEntityError", "ConflictError", "UnsupportedParamsError"),
        unless=_ALIKE,
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("openai.BadRequestError: Error code: 400 - {'error': {'message': 'messages must not be empty'}}",),
        not_samples=("litellm.BadRequestError: GroqException - Invalid API Key",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        types=("InternalServerError", "ServiceUnavailableError", "ServerError", "OverloadedError", "APIStatusError"),
        also=(Cause.TRANSIENT_PROVIDER_AUTH, Cause.TLS_OR_NETWORK_NOT_AUTH, Cause.PROXY_OR_GATEWAY),
        unless=_ALIKE,
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("openai.InternalServerError: Error code: 500 - {'error': {'message': 'The server had an error'}}",),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        types=("APITimeoutError", "Timeout"),
        also=(Cause.PROXY_OR_GATEWAY, Cause.BASE_URL_MISMATCH),
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("openai.APITimeoutError: Request timed out.",),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"\bConnection error\b|failed to connect to \w+ API",
        also=(
            Cause.CONTAMINATED_VALUE,
            Cause.PROXY_OR_GATEWAY,
            Cause.BASE_URL_MISMATCH,
            Cause.MISSING_IN_PROCESS,
        ),
        certainty=Certainty.POSSIBLE,
        level=Level.MASK,
        cannot_tell=(
            (
                "why there was no connection: the line that says so is not in the text; a key that ends in a line "
                "break or is "
                "empty looks the same as a network that is down"
            ),
        ),
        next=("keyhop verify --live{require}", "curl -sS -o /dev/null -w '%{{http_code}}\\n' {url}"),
        source=Source.MEASURED,
        samples=("openai.APIConnectionError: Connection error.",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"No such \w+ object|must be followed by tool messages",
        certainty=Certainty.CERTAIN,
        source=Source.FIELD,
        samples=(
            ("openai.NotFoundError: Error code: 404 - {'error': {'message': 'No such Thread object: thread_1'}}"),
        ),
    ),
)
