"""Google's Gemini and Vertex AI: google-genai 1.65 and 3.4, and Google's API errors in general."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import REFUSED, UNSUPPLIED, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"No API key was provided|Missing key inputs argument|doesn'?t allow unregistered callers|"
        r"API_KEY_MISSING|Authentication required\. Provide one of",
        also=UNSUPPLIED,
        provider="gemini",
        source=Source.MEASURED,
        samples=(
            "ValueError: No API key was provided. Please pass a valid API key.",
            (
                "google.genai.errors.ClientError: 403 PERMISSION_DENIED. {'error': {'code': 403, 'message': "
                "\"Method doesn't "
                "allow unregistered callers\", 'status': 'PERMISSION_DENIED'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"API key not valid|API_KEY_INVALID(?!.{0,40}expired)",
        unless=r"API key expired",
        also=REFUSED,
        provider="gemini",
        source=Source.MEASURED,
        samples=(
            (
                "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': 'API "
                "key not valid. "
                "Please pass a valid API key.', 'details': [{'reason': 'API_KEY_INVALID'}]}}"
            ),
        ),
        not_samples=("400 INVALID_ARGUMENT. {'error': {'message': 'API key expired. Please renew the API key.'}}",),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=r"API key expired|API key was reported as leaked|API Key not found\. Please pass a valid",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': 'API "
                "key expired. "
                "Please renew the API key.', 'details': [{'reason': 'API_KEY_INVALID'}]}}"
            ),
            "HTTP 403\nYour API key was reported as leaked. Please use another API key.",
        ),
    ),
    Symptom(
        cause=Cause.WRONG_CREDENTIAL_TYPE,
        says=r"ACCESS_TOKEN_TYPE_UNSUPPORTED|API keys are not supported by this API|Multiple authentication "
        r"credentials "
        r"received|Expected OAuth ?2 access token|CREDENTIALS_MISSING",
        also=(Cause.INVALID_KEY, Cause.WRONG_PROVIDER_KEY),
        source=Source.MEASURED,
        samples=(
            "HTTP 401\n{'error': {'code': 401, 'message': 'API keys are not supported by this API.'}}",
            "HTTP 400\nMultiple authentication credentials received. Please pass only one.",
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"SERVICE_DISABLED|has not been used in project|API_KEY_SERVICE_BLOCKED|IAM_PERMISSION_DENIED|"
        r"ACCESS_TOKEN_SCOPE_INSUFFICIENT|Requests to this API .{1,120} are blocked|Permission '[\w.]+' denied",
        also=(Cause.ORG_PROJECT_MISMATCH,),
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "google.genai.errors.ClientError: 403 PERMISSION_DENIED. {'error': {'code': 403, 'message': "
                "'Generative Language "
                "API has not been used in project 1 before or it is disabled.', 'details': [{'reason': "
                "'SERVICE_DISABLED'}]}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.NETWORK_POLICY,
        says=r"API_KEY_(?:IP_ADDRESS|HTTP_REFERRER|ANDROID_APP|IOS_APP)_BLOCKED|IP address restriction|referer "
        r"<?empty|"
        r"Requests from (?:this|referer)",
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "HTTP 403\n{'error': {'message': 'Requests from referer <empty> are blocked.', 'status': "
                "'PERMISSION_DENIED'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.ORG_PROJECT_MISMATCH,
        says=r"USER_PROJECT_DENIED|CONSUMER_INVALID|CONSUMER_SUSPENDED|Project .{1,60} not found or deleted|"
        r"Project .{1,60} has been (?:suspended|deleted)|quota project",
        also=(Cause.PERMISSION_OR_SCOPE, Cause.EXPIRED_OR_REVOKED),
        samples=(
            "HTTP 403\n{'error': {'status': 'PERMISSION_DENIED', 'details': [{'reason': 'CONSUMER_INVALID'}]}}",
        ),
    ),
    Symptom(
        cause=Cause.GEO_BLOCKED,
        says=r"User location is not supported",
        also=(Cause.REGION_MISMATCH, Cause.NETWORK_POLICY),
        certainty=Certainty.CERTAIN,
        samples=("HTTP 400\n{'error': {'code': 400, 'message': 'User location is not supported for the API use.'}}",),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"models/\S{1,80} is not found for API version|Publisher Model .{1,200} (?:was )?not found|is not "
        r"supported for "
        r"(?:generateContent|embedContent|countTokens)|models?(?: \S+)? is no longer available",
        also=(Cause.REGION_MISMATCH, Cause.OTHER_NOT_AUTH),
        source=Source.MEASURED,
        samples=("HTTP 404\n{'error': {'code': 404, 'message': 'models/nope is not found for API version v1beta'}}",),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"exceeded your current quota|prepayment credits are depleted|Quota exceeded for (?:metric|quota)|"
        r"billing account",
        near=r"google|gemini|RESOURCE_EXHAUSTED|generative|vertex",
        also=(Cause.RATE_LIMIT_NOT_AUTH,),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "google.genai.errors.ClientError: 429 RESOURCE_EXHAUSTED. {'error': {'message': 'You exceeded your "
                "current quota'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        says=r"Resource (?:has been )?exhausted|RESOURCE_EXHAUSTED",
        unless=r"exceeded your current quota|Quota exceeded|credits|spending limit",
        also=(Cause.QUOTA_NOT_AUTH,),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=("HTTP 429\n{'error': {'code': 429, 'message': 'Resource exhausted. Please try again later.'}}",),
    ),
)
