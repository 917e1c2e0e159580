"""Anthropic's client and answers. Measured with anthropic 0.73 and 2.12."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import REFUSED, UNSUPPLIED, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"Could not resolve authentication method|x-api-key header is required",
        also=UNSUPPLIED,
        provider="anthropic",
        source=Source.MEASURED,
        samples=(
            'TypeError: "Could not resolve authentication method. Expected either api_key or auth_token to be set."',
            (
                "anthropic.AuthenticationError: Error code: 401 - {'type': 'error', 'error': {'type': "
                "'authentication_error', "
                "'message': 'x-api-key header is required'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"invalid x-api-key|API key is invalid\.",
        also=REFUSED,
        provider="anthropic",
        source=Source.MEASURED,
        samples=(
            (
                "anthropic.AuthenticationError: Error code: 401 - {'type': 'error', 'error': {'type': "
                "'authentication_error', "
                "'message': 'invalid x-api-key'}, 'request_id': 'req_1'}"
            ),
        ),
        not_samples=("HTTP 400\ninvalid x-request-id",),
    ),
    Symptom(
        cause=Cause.WRONG_CREDENTIAL_TYPE,
        says=r"Invalid bearer token|OAuth authentication is currently not supported",
        also=(Cause.INVALID_KEY, Cause.TOKEN_EXPIRED_STS),
        provider="anthropic",
        source=Source.MEASURED,
        samples=(
            (
                "HTTP 401\n{'type': 'error', 'error': {'type': 'authentication_error', 'message': 'Invalid bearer "
                "token'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.TOKEN_EXPIRED_STS,
        says=r"OAuth token has expired|OAuth token expired",
        also=(Cause.EXPIRED_OR_REVOKED,),
        provider="anthropic",
        samples=(
            (
                "HTTP 401\n{'error': {'type': 'authentication_error', 'message': 'OAuth token has expired. Please "
                "obtain a new token'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"does not have permission to use the specified resource|oauth_not_allowed|OAuth authentication "
        r"is currently "
        r"not allowed|OAuth token does not meet scope requirement|only authorized for use with Claude Code",
        provider="anthropic",
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "HTTP 403\n{'type': 'error', 'error': {'type': 'permission_error', 'message': 'Your API key does "
                "not have "
                "permission to use the specified resource.'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"credit balance is too low|specified API usage limits|usage limits\. You will regain access",
        provider="anthropic",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "anthropic.BadRequestError: Error code: 400 - {'type': 'error', 'error': {'type': "
                "'invalid_request_error', "
                "'message': 'Your credit balance is too low to access the Anthropic API.'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=r"This organization has been disabled",
        provider="anthropic",
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "HTTP 400\n{'error': {'type': 'invalid_request_error', 'message': 'This organization has been "
                "disabled.'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.GEO_BLOCKED,
        says=r"['\"]type['\"]: ?['\"]forbidden['\"], ?['\"]message['\"]: ?['\"]Request not allowed",
        provider="anthropic",
        also=(Cause.NETWORK_POLICY, Cause.PROXY_OR_GATEWAY),
        samples=('HTTP 403\n{"error": {"type": "forbidden", "message": "Request not allowed"}}',),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"not_found_error['\"]?, ?['\"]message['\"]: ?['\"]model: |['\"]message['\"]: ?['\"]model: "
        r"\S+['\"], ?['\"]type['\"]: "
        r"?['\"]not_found",
        also=(Cause.OTHER_NOT_AUTH,),
        provider="anthropic",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "anthropic.NotFoundError: Error code: 404 - {'error': {'type': 'not_found_error', 'message': "
                "'model: claude-9'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"anthropic-version: header is required|overloaded_error|prompt is too long|tool_use_id|"
        r"`tool_use` ids|credentials? for Claude Code",
        provider="anthropic",
        unless=r"\b40[13]\b",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "anthropic.BadRequestError: Error code: 400 - {'error': {'message': 'prompt is too long: 300000 "
                "tokens'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        says=r"rate_limit_error|exceed your organization.s rate limit",
        provider="anthropic",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'error': {'type': "
                "'rate_limit_error', 'message': 'x'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"strict tools|is deprecated for this model|tool result's tool id|tool_result",
        types=("BadRequestError", "RuntimeError"),
        unless=r"\b40[13]\b",
        certainty=Certainty.CERTAIN,
        source=Source.FIELD,
        samples=("anthropic.BadRequestError: Error code: 400 - `top_k` is deprecated for this model.",),
    ),
)
