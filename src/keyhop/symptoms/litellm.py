"""LiteLLM, whose class and status are no verdict, and its proxy. Measured with litellm 1.106.

A 401 of Groq, DeepSeek, Cerebras and often OpenAI comes as BadRequestError, a 400 of Gemini as AuthenticationError.
"""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import REFUSED, UNSUPPLIED, Level, Source, Symptom

_PROXY = "litellm-proxy"

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"No api key passed in",
        also=(*UNSUPPLIED[:2], Cause.PROXY_OR_GATEWAY),
        provider=_PROXY,
        source=Source.MEASURED,
        samples=(
            '{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","code":"401"}}',
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Invalid proxy server token|token_not_found_in_db|Unable to find token in cache|No connected "
        r"db\.|no_db_connection",
        also=(Cause.PLACEHOLDER_VALUE, Cause.PROXY_OR_GATEWAY, *REFUSED),
        provider=_PROXY,
        source=Source.MEASURED,
        samples=(
            (
                '{"error":{"message":"Authentication Error, Invalid proxy server token passed. Received API Key = '
                "sk-...1111, Unable to "
                "find token in cache or "
                '`LiteLLM_VerificationTokenTable`","type":"token_not_found_in_db","code":"401"}}'
            ),
            '{"error":{"message":"No connected db.","type":"no_db_connection","code":"400"}}',
        ),
    ),
    Symptom(
        cause=Cause.WRONG_CREDENTIAL_TYPE,
        says=r"Malformed API Key passed in",
        also=(Cause.INVALID_KEY,),
        provider=_PROXY,
        source=Source.MEASURED,
        samples=(
            (
                '{"error":{"message":"Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` '
                'prefix."}}'
            ),
        ),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=r"Authentication Error - Expired Key|expired_key",
        provider=_PROXY,
        certainty=Certainty.CERTAIN,
        samples=(
            (
                '{"error":{"message":"Authentication Error - Expired Key. Key Expiry time '
                '2026-01-01","type":"expired_key"}}'
            ),
        ),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"Budget has been exceeded|ExceededBudget|budget_exceeded|"
        r"crossed (?:its |the )?(?:max )?budget",
        also=(Cause.PROXY_OR_GATEWAY,),
        certainty=Certainty.CERTAIN,
        provider=_PROXY,
        samples=(
            (
                '{"error":{"message":"Budget has been exceeded! Current cost: 1.2, Max budget: '
                '1.0","type":"budget_exceeded"}}'
            ),
        ),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"Invalid model name passed in|not allowed to access model|key_model_access_denied|"
        r"team_model_access_denied|"
        r"no healthy deployments|not available for this API key",
        also=(Cause.PROXY_OR_GATEWAY, Cause.OTHER_NOT_AUTH),
        provider=_PROXY,
        source=Source.MEASURED,
        samples=('{"error":{"message":"/chat/completions: Invalid model name passed in model=nope."}}',),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        says=r"Rate limit exceeded for (?:api_key|user|team)|Limit type: (?:requests|tokens)|Max parallel "
        r"request limit",
        provider=_PROXY,
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit exceeded for api_key: "
                "1. Limit type: requests.'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"LLM Provider NOT provided",
        also=(Cause.MODEL_ACCESS,),
        certainty=Certainty.LIKELY,
        source=Source.MEASURED,
        samples=(
            "litellm.BadRequestError: LLM Provider NOT provided. Pass in the LLM provider you are trying to call.",
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"(?:AuthenticationError|Invalid Authentication)\b",
        near=r"litellm",
        also=(
            Cause.MISSING_IN_PROCESS,
            Cause.EXPIRED_OR_REVOKED,
            Cause.PROXY_OR_GATEWAY,
            Cause.PLACEHOLDER_VALUE,
            Cause.WRONG_PROVIDER_KEY,
        ),
        level=Level.CLASS,
        samples=("litellm.AuthenticationError: AnyException - refused",),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"insufficient_budget|budget is exhausted",
        also=(Cause.PROXY_OR_GATEWAY,),
        certainty=Certainty.CERTAIN,
        source=Source.FIELD,
        samples=("openai.PermissionDeniedError: Error code: 403 - {'error': 'insufficient_budget'}",),
    ),
)
