"""The own words and codes of services that are spoken to by way of OpenAI's client or of none in particular."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import REFUSED, UNSUPPLIED, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"API key format is incorrect|无效的令牌|令牌(?:状态不可用|已被禁用)|身份验证失败|密钥无效",
        also=(Cause.CONTAMINATED_VALUE, Cause.WRONG_PROVIDER_KEY, Cause.PLACEHOLDER_VALUE, Cause.EXPIRED_OR_REVOKED),
        samples=(
            "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'The API key format is incorrect'}}",
        ),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"未提供令牌|未提供(?: ?API ?)?(?:密钥|key)|缺少(?: ?API ?)?(?:密钥|key)",
        also=UNSUPPLIED,
        samples=("Error code: 401 - {'error': {'message': '未提供令牌', 'type': 'new_api_error'}}",),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"额度(?:不足|已用尽)|余额不足|欠费|quota is not enough|insufficient_user_quota|"
        r"pre_consume_token_quota_failed",
        also=(Cause.PROXY_OR_GATEWAY,),
        certainty=Certainty.CERTAIN,
        samples=("Error code: 403 - {'error': {'message': '用户额度不足', 'type': 'new_api_error'}}",),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"无可用渠道|no available channel|模型不存在",
        also=(Cause.PROXY_OR_GATEWAY,),
        samples=("Error code: 503 - {'error': {'message': '当前分组 default 下对于模型 x 无可用渠道'}}",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"Missing Authentication header|No (?:cookie )?auth credentials found",
        also=(Cause.INVALID_KEY, *UNSUPPLIED),
        provider="openrouter",
        source=Source.MEASURED,
        samples=(
            (
                "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'No cookie auth credentials "
                "found', 'code': 401}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=r"['\"]message['\"]: ?['\"]User not found\.?['\"]",
        also=(Cause.INVALID_KEY, Cause.SHADOWED_OR_STALE_VALUE),
        provider="openrouter",
        source=Source.MEASURED,
        samples=(
            "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'User not found.', 'code': 401}}",
        ),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"Insufficient credits\. Add more|Key limit exceeded|requires more credits, or fewer max_tokens",
        provider="openrouter",
        also=(Cause.PROXY_OR_GATEWAY,),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "HTTP 402\n{'error': {'message': 'Insufficient credits. Add more using "
                "https://openrouter.ai/settings/credits', 'code': 402}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        says=r"temporarily rate-limited upstream|free-models-per-(?:day|min)",
        provider="openrouter",
        also=(Cause.QUOTA_NOT_AUTH,),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            "HTTP 429\n{'error': {'code': 429, 'metadata': {'raw': 'x:free is temporarily rate-limited upstream.'}}}",
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"No endpoints found matching your data policy|No allowed providers are available",
        provider="openrouter",
        also=(Cause.MODEL_ACCESS,),
        samples=("HTTP 404\n{'error': {'message': 'No endpoints found matching your data policy', 'code': 404}}",),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"No endpoints found (?:for|that support)|is not a valid model ID",
        provider="openrouter",
        also=(Cause.OTHER_NOT_AUTH,),
        samples=("HTTP 404\n{'error': {'message': 'No endpoints found for x/y.', 'code': 404}}",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"auth header format should be Bearer",
        also=(Cause.INVALID_KEY, *UNSUPPLIED),
        provider="deepseek",
        source=Source.MEASURED,
        samples=("HTTP 401\nAuthentication Fails (auth header format should be Bearer sk-...)",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Authentication Fails, Your api key|Authentication Fails \(no such user\)",
        also=REFUSED,
        provider="deepseek",
        source=Source.MEASURED,
        samples=(
            (
                "litellm.BadRequestError: DeepseekException - {'error': {'message': 'Authentication Fails, Your "
                "api key: ****1111 is invalid'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"Insufficient Balance",
        provider="deepseek",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=("HTTP 402\n{'error': {'message': 'Insufficient Balance', 'code': 'invalid_request_error'}}",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"No credentials presented|unauthenticated:no-credentials",
        also=UNSUPPLIED,
        provider="xai",
        source=Source.MEASURED,
        samples=("HTTP 401\n{'code': 'unauthenticated:no-credentials', 'error': 'No credentials presented.'}",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Wrong API Key|wrong_api_key",
        also=REFUSED,
        provider="cerebras",
        source=Source.MEASURED,
        samples=("litellm.BadRequestError: CerebrasException - Wrong API Key",),
    ),
    Symptom(
        cause=Cause.NETWORK_POLICY,
        says=r"Access denied\. Please check your network settings",
        provider="groq",
        also=(Cause.PROXY_OR_GATEWAY, Cause.GEO_BLOCKED),
        certainty=Certainty.CERTAIN,
        samples=("HTTP 403\n{'error': {'message': 'Access denied. Please check your network settings.'}}",),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=r"organization_restricted|Organization has been restricted",
        provider="groq",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "HTTP 400\n{'error': {'message': 'Organization has been restricted.', 'code': "
                "'organization_restricted'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"model_permission_blocked|model_terms_required|model_decommissioned|has been decommissioned",
        provider="groq",
        certainty=Certainty.CERTAIN,
        samples=("HTTP 403\n{'error': {'message': 'blocked', 'code': 'model_permission_blocked_org'}}",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Invalid credentials in Authorization header|User Access Token .{0,40}(?:expired|invalid)",
        also=REFUSED,
        provider="huggingface",
        samples=("HTTP 401\n{'error': 'Invalid credentials in Authorization header'}",),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"['\"]error['\"]: ?['\"]Invalid username or password|gated repo|Repository Not Found for url|is "
        r"not a local folder and is "
        r"not a valid model identifier|Access to model .{1,80} is restricted",
        also=(Cause.INVALID_KEY, Cause.MISSING_IN_PROCESS, Cause.PERMISSION_OR_SCOPE, Cause.OTHER_NOT_AUTH),
        provider="huggingface",
        source=Source.MEASURED,
        samples=(
            "HTTP 401\n{'error': 'Invalid username or password.'}",
            "GatedRepoError: 403 Client Error. Cannot access gated repo for url",
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"does not have sufficient permissions to call Inference Providers",
        provider="huggingface",
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "HTTP 403\n{'error': 'This authentication method does not have sufficient permissions to call "
                "Inference Providers'}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"depleted your monthly included credits|exceeded your monthly included credits",
        provider="huggingface",
        certainty=Certainty.CERTAIN,
        samples=("HTTP 402\nYou have depleted your monthly included credits",),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"problem-details:not-found|Function .{0,80}Not found for account",
        provider="nvidia-nim",
        also=(Cause.BASE_URL_MISMATCH, Cause.INVALID_KEY),
        samples=(
            (
                "HTTP 404\n{'type': 'urn:inference-service:problem-details:not-found', 'title': 'Not Found', "
                "'status': 404}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"Arrearage|account is in good standing|AllocationQuota",
        provider="dashscope",
        certainty=Certainty.CERTAIN,
        samples=("HTTP 400\n{'error': {'code': 'Arrearage', 'message': 'Access denied.'}}",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"InvalidApiKey|Invalid API-key provided",
        also=(Cause.REGION_MISMATCH, *REFUSED),
        provider="dashscope",
        samples=("HTTP 401\n{'code': 'InvalidApiKey', 'message': 'Invalid API-key provided.'}",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"BXNIM0415E|BXNIM0109E|authentication_token_not_valid|Provided API key could not be found",
        also=REFUSED,
        provider="watsonx",
        samples=("HTTP 400\n{'errorCode': 'BXNIM0415E', 'errorMessage': 'Provided API key could not be found.'}",),
    ),
    Symptom(
        cause=Cause.TOKEN_EXPIRED_STS,
        says=r"authentication_token_expired",
        also=(Cause.INVALID_KEY,),
        provider="watsonx",
        samples=("HTTP 401\n{'errors': [{'code': 'authentication_token_expired'}]}",),
    ),
    Symptom(
        cause=Cause.ORG_PROJECT_MISMATCH,
        says=r"no_associated_service_instance_error|Failed to find project",
        provider="watsonx",
        also=(Cause.PERMISSION_OR_SCOPE,),
        samples=("HTTP 403\n{'errors': [{'code': 'no_associated_service_instance_error'}]}",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Programmatic access token is invalid|\b39440[0-9]\b|JWT token is invalid|Incorrect username or "
        r"password was "
        r"specified",
        also=(Cause.EXPIRED_OR_REVOKED, *REFUSED[1:]),
        provider="snowflake",
        samples=("HTTP 401\nProgrammatic access token is invalid. (code 394400)",),
    ),
    Symptom(
        cause=Cause.WRONG_CREDENTIAL_TYPE,
        says=r"Credential was not sent or was of an unsupported type",
        also=(Cause.MISSING_IN_PROCESS, Cause.INVALID_KEY),
        provider="databricks",
        samples=(
            (
                "HTTP 401\n{'error_code': 401, 'message': 'Credential was not sent or was of an unsupported type "
                "for this API.'}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"default auth: cannot configure default credentials",
        also=UNSUPPLIED,
        provider="databricks",
        samples=("ValueError: default auth: cannot configure default credentials, please check the Databricks docs",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Provided API key is invalid",
        also=REFUSED,
        provider="voyage",
        samples=("HTTP 401\n{'detail': 'Provided API key is invalid.'}",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"You must provide an API key",
        also=UNSUPPLIED,
        samples=("HTTP 401\n{'error': {'message': 'You must provide an API key.', 'code': 'UNAUTHORIZED'}}",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"['\"]detail['\"]: ?['\"]Invalid API Key",
        also=(Cause.MISSING_IN_PROCESS, *REFUSED),
        provider="mistral",
        source=Source.MEASURED,
        samples=(
            'mistralai.models.sdkerror.SDKError: API error occurred: Status 401. Body: {"detail":"Invalid API Key"}',
        ),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"^(?:\S+: )?Not authenticated|['\"]detail['\"]: ?['\"]Not authenticated",
        also=UNSUPPLIED,
        samples=('HTTP 403\n{"detail":"Not authenticated"}',),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"model ['\"\\]*\S{1,80} not found(?:, try pulling|['\"\\]*\})|Model \S{1,60} is not supported\. "
        r"Supported models",
        also=(Cause.OTHER_NOT_AUTH, Cause.BASE_URL_MISMATCH),
        source=Source.MEASURED,
        samples=('HTTP 404\n{"error":"model \'llama9\' not found"}',),
    ),
)
