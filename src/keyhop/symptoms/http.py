"""HTTP by itself: what a status means where the body is nobody's that is known, and what many services call it."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import REFUSED, UNSUPPLIED, Level, Symptom

_KEY = (
    r"(?:api[ _-]?key|api[ _-]?token|access[ _-]?token|auth(?:entication|orization)? (?:token|key|header)|"
    r"credentials?)"
)

SYMPTOMS = (
    # What many services say.
    Symptom(
        cause=Cause.INVALID_KEY,
        says=rf"(?:invalid|incorrect|wrong|bad|unknown|unrecognized|malformed) (?:or (?:missing|expired|disabled) )?"
        rf"(?:\w+ )?{_KEY}|{_KEY} (?:\S+ )?(?:is|was|you provided is|provided is) "
        r"(?:not valid|invalid|incorrect|wrong|not recogni[sz]ed|unknown)|"
        r"invalid[_ -](?:api[_ -]?key|token|auth|credentials)|authentication_error|Bad credentials|bad_credentials|"
        r"Invalid username or password|Unable to find token|Authentication Fails",
        also=REFUSED,
        level=Level.WORDS,
        samples=(
            'HTTP 401\n{"error": "The API key you provided is invalid."}',
            'HTTP 403\n{"message": "Invalid token"}',
        ),
        not_samples=("ValueError: invalid literal for int()",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=rf"missing or invalid (?:\w+ )?{_KEY}|invalid or missing (?:\w+ )?{_KEY}",
        also=(Cause.MISSING_IN_PROCESS, *REFUSED),
        level=Level.WORDS,
        samples=('HTTP 401\n{"detail": {"error": "Unauthorized: missing or invalid API key."}}',),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=rf"(?:missing|no|without|empty|blank)(?: a| an| any| the)? (?:valid |required )?(?:\w+ )?{_KEY}"
        rf"(?! (?:is|was)? ?(?:valid|match))|{_KEY} (?:\S+ )?(?:is |was |must be |has |are )?(?:not been |not |be )?"
        r"(?:missing|required|provided|set|supplied|configured|found|passed|defined|empty|undefined|given|"
        r"specified)\b|"
        rf"(?:provide|supply|set|pass|specify|need|requires?)(?: us)?(?: a| an| your| the| valid| with)* "
        rf"(?:\w+ )?{_KEY}|"
        r"Header of type .?authorization.? was missing|Missing Authentication header|no (?:cookie )?auth "
        r"credentials found|"
        r"missing (?:required )?authorization|authorization header (?:is )?(?:missing|required)|No credentials "
        r"presented|"
        r"Not authenticated|unregistered callers",
        unless=r"(?:invalid|incorrect|wrong) api[ _-]?key|api[ _-]?key (?:not valid|expired|is invalid)|expired",
        also=UNSUPPLIED,
        level=Level.WORDS,
        samples=(
            'HTTP 401\n{"detail": "Missing API key"}',
            "RuntimeError: API key not found",
            'HTTP 401\n{"message": "Authorization header is missing"}',
        ),
        not_samples=("ValueError: no rows found",),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=rf"{_KEY} (?:\S+ )?(?:has |have |is |was )?(?:been )?(?:expired|revoked|disabled|deactivated|"
        rf"deleted|suspended)|"
        rf"(?:expired|revoked|disabled|deactivated) {_KEY}|account (?:has been |is )?(?:suspended|deactivated|"
        rf"disabled|banned)|"
        r"(?:organization|workspace) has been (?:disabled|restricted)|reported as leaked",
        unless=r"invalid or expired|expired or invalid|security token",
        also=(Cause.INVALID_KEY, Cause.SHADOWED_OR_STALE_VALUE, Cause.TOKEN_EXPIRED_STS),
        level=Level.WORDS,
        samples=('HTTP 401\n{"message": "API key has been revoked"}',),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        says=r"(?:insufficient|not enough|out of|no more|run out of|depleted|exhausted|low)[ _-](?:\w+ ){0,3}"
        r"(?:credits?|balance|funds|quota|budget|tokens left)|credit balance is too low|budget (?:has been |is "
        r")?exceeded|"
        r"budget is exhausted|insufficient_(?:budget|credits?|balance|funds)|payment required|monthly (?:limit|"
        r"quota|credits)|"
        r"(?:usage|spend(?:ing)?|key|plan'?s?(?: set)? usage) limit (?:is |has been )?(?:reached|exceeded)|"
        r"exceeded (?:your|the) (?:\w+ ){0,3}(?:quota|plan|credits|budget)|billing|requires more credits|no credits|"
        r"upgrade your plan|account is in good standing|used all available credits|spending limit|hit your "
        r".{0,20}usage limit|exceeds? your plan|ExceededBudget|depleted your",
        also=(Cause.RATE_LIMIT_NOT_AUTH, Cause.PROXY_OR_GATEWAY),
        level=Level.WORDS,
        samples=('HTTP 403\n{"error": "Not enough credits"}', 'HTTP 402\n{"message": "Insufficient Balance"}'),
        not_samples=("ValueError: balance must be positive",),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        says=r"rate[ _-]?limit(?:ed|ing|s)?\b|too many requests|throttl(?:ed|ing)|requests have exceeded|"
        r"RateLimitReached|"
        r"try again (?:in \d|later, as)|concurrency limit",
        unless=r"insufficient_quota|current quota|credit",
        also=(Cause.QUOTA_NOT_AUTH,),
        level=Level.WORDS,
        samples=('HTTP 429\n{"message": "Too many requests, slow down"}',),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"model (?:[`'\"]?\S{1,80}[`'\"]? )?(?:is )?(?:not (?:found|supported|available|allowed|enabled)|"
        r"does not exist|"
        r"was removed|unavailable)|(?:unknown|invalid|no such|unsupported|nonexistent) model|no access to "
        r"(?:the )?model|"
        r"access to (?:the )?model|not allowed to access model|model .{0,80} is blocked|gated repo|"
        r"is not a valid model|not available for this API key|Invalid model name|try pulling it first",
        also=(
            Cause.OTHER_NOT_AUTH,
            Cause.PERMISSION_OR_SCOPE,
            Cause.REGION_MISMATCH,
            Cause.PROXY_OR_GATEWAY,
            Cause.ORG_PROJECT_MISMATCH,
            Cause.BASE_URL_MISMATCH,
        ),
        level=Level.WORDS,
        samples=(
            'HTTP 404\n{"error": "model \'llama9\' not found"}',
            'HTTP 400\n{"message": "llama9 is not a valid model ID"}',
        ),
        not_samples=("ModuleNotFoundError: No module named 'models'",),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"(?:does not|doesn'?t|do not|not) have (?:the |sufficient |enough |required |necessary "
        r")*(?:permissions?|privileges?|"
        r"rights|scopes?)|insufficient[ _-](?:permissions?|scopes?|privileges|authentication scopes)|not "
        r"authorized to "
        r"(?:perform|access|use|call|invoke)|lacks (?:the )?(?:required |necessary )?(?:permission|scope|data "
        r"action)|"
        r"permission_error|permission denied on|explicit deny|missing (?:required )?(?:permission|scope|role)",
        also=(Cause.MODEL_ACCESS, Cause.ORG_PROJECT_MISMATCH, Cause.PROXY_OR_GATEWAY),
        level=Level.WORDS,
        samples=('HTTP 403\n{"message": "Your token does not have sufficient permissions"}',),
    ),
    Symptom(
        cause=Cause.GEO_BLOCKED,
        says=r"(?:country|region|location|territory|area) (?:is )?(?:not supported|unsupported|restricted|blocked)|"
        r"(?:unsupported|not supported|not available|unavailable) (?:in|for|from) (?:your |this |the |unsupported )*"
        r"(?:countr|region|location|territor)|from unsupported countr|geo[- ]?(?:blocked|restricted)",
        also=(Cause.REGION_MISMATCH, Cause.NETWORK_POLICY, Cause.PERMISSION_OR_SCOPE, Cause.PROXY_OR_GATEWAY),
        level=Level.WORDS,
        samples=('HTTP 403\n{"error": "This service is not available in your country"}',),
    ),
    Symptom(
        cause=Cause.NETWORK_POLICY,
        says=r"(?:virtual network|vnet|firewall) rules?|public (?:network )?access is disabled|ip (?:address "
        r")?(?:\S+ )?(?:is )?"
        r"(?:not (?:allowed|in|on|white)|blocked|denied)|blocked by \w+ IP ACL|ip (?:allow|white)[ -]?list|"
        r"IP/Token \S+ is not allowed|"
        r"check your network settings|private endpoint",
        also=(Cause.PROXY_OR_GATEWAY, Cause.PERMISSION_OR_SCOPE),
        level=Level.WORDS,
        samples=('HTTP 403\n{"message": "Your IP address 192.0.2.1 is not allowed"}',),
    ),
    Symptom(
        cause=Cause.WRONG_CREDENTIAL_TYPE,
        says=rf"(?:{_KEY}|oauth|personal access tokens?) .{{0,40}}(?:not supported|unsupported|not accepted) "
        rf"(?:by|for|with)|"
        r"unsupported (?:token|credential|authentication) type|was of an unsupported type|wrong (?:token|key) type|"
        r"Expected OAuth ?2 access token|ACCESS_TOKEN_TYPE_UNSUPPORTED",
        also=(Cause.INVALID_KEY, Cause.WRONG_PROVIDER_KEY),
        level=Level.WORDS,
        samples=('HTTP 401\n{"message": "Personal access tokens are not supported for this endpoint"}',),
    ),
    Symptom(
        cause=Cause.BASE_URL_MISMATCH,
        says=r"Invalid URL \(\w+ /|/v1/v1/|chat/completions/chat/completions|404 page not found|Cannot (?:POST|"
        r"GET) /|"
        r"no (?:route|Route matched)|unknown (?:request )?(?:url|path|endpoint)|Unrecognized request URL|"
        r"['\"](?:detail|status|error|message)['\"]: ?['\"]not found['\"]|requested resource was not found. "
        r"Please check the URL|"
        r"Method Not Allowed|missing an 'http://' or 'https://' protocol|UnsupportedProtocol|No scheme supplied|"
        r"No connection adapters were found|Invalid port",
        also=(Cause.PROXY_OR_GATEWAY, Cause.MODEL_ACCESS, Cause.AZURE_ENDPOINT_MISMATCH),
        samples=(
            (
                "openai.NotFoundError: Error code: 404 - {'error': {'message': 'Invalid URL (POST "
                "/v1/v1/chat/completions)'}}"
            ),
            "httpx.UnsupportedProtocol: Request URL is missing an 'http://' or 'https://' protocol.",
            'HTTP 404\n{"detail":"Not Found"}',
        ),
        not_samples=("FileNotFoundError: not found",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"overloaded|overloaded_error|service unavailable|bad gateway|internal server error|high demand|"
        r"upstream (?:connect )?error",
        unless=r"\b40[123]\b|\b429\b|api[ _-]?key|Connection refused",
        also=(Cause.TRANSIENT_PROVIDER_AUTH, Cause.RATE_LIMIT_NOT_AUTH, Cause.TLS_OR_NETWORK_NOT_AUTH),
        level=Level.WORDS,
        samples=('HTTP 529\n{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}',),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"context (?:length|window)|too many (?:\w+ )?tokens|token limit|too long|maximum length|max_tokens|"
        r"invalid[ _]params?|does not support|deprecated for this model|tool_use|tool_call|tool result|strict tools|"
        r"response_format|temperature|content filter|safety|failed to parse|validation error|invalid json|schema",
        statuses=(400, 413, 422),
        unless=r"api[ _-]?key|credential|quota|credit|\b40[13]\b",
        level=Level.WORDS,
        samples=('HTTP 400\n{"error": {"message": "prompt is too long: 300000 tokens"}}',),
    ),
    # Statuses by themselves.
    Symptom(
        cause=Cause.INVALID_KEY,
        statuses=(401,),
        also=(
            Cause.MISSING_IN_PROCESS,
            Cause.EXPIRED_OR_REVOKED,
            Cause.PROXY_OR_GATEWAY,
            Cause.BASE_URL_MISMATCH,
            Cause.PLACEHOLDER_VALUE,
            Cause.WRONG_PROVIDER_KEY,
        ),
        certainty=Certainty.POSSIBLE,
        level=Level.STATUS,
        samples=(
            "HTTP 401\nno",
            "requests.exceptions.HTTPError: 401 Client Error: for url: https://api.example.com/v1",
        ),
    ),
    Symptom(
        cause=Cause.QUOTA_NOT_AUTH,
        statuses=(402,),
        also=(Cause.MISSING_IN_PROCESS,),
        level=Level.STATUS,
        samples=("HTTP 402\nno",),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        statuses=(403,),
        also=(
            Cause.INVALID_KEY,
            Cause.NETWORK_POLICY,
            Cause.GEO_BLOCKED,
            Cause.MISSING_IN_PROCESS,
            Cause.PROXY_OR_GATEWAY,
            Cause.QUOTA_NOT_AUTH,
        ),
        certainty=Certainty.POSSIBLE,
        level=Level.STATUS,
        samples=("HTTP 403\nno",),
    ),
    Symptom(
        cause=Cause.BASE_URL_MISMATCH,
        statuses=(404, 405, 410),
        also=(Cause.MODEL_ACCESS, Cause.OTHER_NOT_AUTH, Cause.PROXY_OR_GATEWAY, Cause.AZURE_ENDPOINT_MISMATCH),
        certainty=Certainty.POSSIBLE,
        level=Level.STATUS,
        samples=("HTTP 404\nno",),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        statuses=(429,),
        also=(Cause.QUOTA_NOT_AUTH,),
        level=Level.STATUS,
        samples=("HTTP 429\nno",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        statuses=(400, 409, 413, 415, 422),
        also=(Cause.INVALID_KEY,),
        certainty=Certainty.POSSIBLE,
        level=Level.STATUS,
        samples=("HTTP 400\nno",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        statuses=(500, 502, 503, 504, 520, 522, 524, 529),
        also=(Cause.TRANSIENT_PROVIDER_AUTH, Cause.PROXY_OR_GATEWAY, Cause.TLS_OR_NETWORK_NOT_AUTH),
        level=Level.STATUS,
        samples=("HTTP 503\nno",),
    ),
)
