"""The services behind tools: searches, browsers, sandboxes, stores of vectors. Their keys are not the model's."""

from keyhop.causes import Cause
from keyhop.symptoms.symptom import Level, Source, Symptom

_ALSO = (Cause.INVALID_KEY, Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE, Cause.QUOTA_NOT_AUTH,
         Cause.PERMISSION_OR_SCOPE)  # fmt: skip
_HOSTS = (
    r"google\.serper\.dev|serpapi\.com|api\.tavily\.com|api\.exa\.ai|api\.firecrawl\.dev|api\.search\.brave\.com|"
    r"api\.browserbase\.com|api\.apify\.com|api\.scrapfly\.io|backend\.composio\.dev|api\.e2b\.dev|api\.pinecone\.io|"
    r"api\.serply\.io|realtime\.oxylabs\.io|api\.linkup\.so|api\.spider\.cloud|actions\.zapier\.com"
)

SYMPTOMS = (
    Symptom(
        cause=Cause.TOOL_CREDENTIAL,
        says=r"\b40[0123]\b|\b422\b|unauthorized|forbidden",
        near=_HOSTS,
        also=_ALSO,
        level=Level.WORDS,
        samples=(
            "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://google.serper.dev/search",
            "POST https://api.tavily.com/search\nHTTP 401\nno",
        ),
        not_samples=("requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://example.com/",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"Unauthorized\. Sign up for a free account",
        also=(Cause.MISSING_EVERYWHERE,),
        provider="serper",
        source=Source.MEASURED,
        samples=('HTTP 403\n{"message":"Unauthorized. Sign up for a free account.","statusCode":403}',),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"\{ ?['\"]message['\"]: ?['\"]Unauthorized\.['\"]",
        also=(Cause.EXPIRED_OR_REVOKED, Cause.PLACEHOLDER_VALUE),
        provider="serper",
        source=Source.MEASURED,
        samples=('HTTP 403\n{"message":"Unauthorized.","statusCode":403}',),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"X402_PAYMENT_REQUIRED",
        also=(Cause.MISSING_EVERYWHERE, Cause.QUOTA_NOT_AUTH),
        provider="exa",
        source=Source.MEASURED,
        samples=('HTTP 402\n{"error":"Payment required to access this resource","tag":"X402_PAYMENT_REQUIRED"}',),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"['\"]tag['\"]: ?['\"]INVALID_API_KEY",
        provider="exa",
        source=Source.MEASURED,
        samples=('HTTP 401\n{"error":"Invalid API key","tag":"INVALID_API_KEY"}',),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"SUBSCRIPTION_TOKEN_INVALID",
        provider="brave",
        source=Source.MEASURED,
        samples=('HTTP 422\n{"error":{"code":"SUBSCRIPTION_TOKEN_INVALID"}}',),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"user-or-token-not-found",
        provider="apify",
        samples=('HTTP 401\n{"error":{"type":"user-or-token-not-found"}}',),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Unauthorized: missing or invalid API key",
        also=(Cause.MISSING_IN_PROCESS,),
        provider="tavily",
        source=Source.MEASURED,
        samples=('HTTP 401\n{"detail":{"error":"Unauthorized: missing or invalid API key."}}',),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"Must provide an API key or an Authorization bearer token",
        provider="qdrant",
        samples=("HTTP 401\nMust provide an API key or an Authorization bearer token",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"Invalid API key format|Cannot get the team for the given API key",
        provider="e2b",
        samples=("HTTP 401\nInvalid API key format",),
    ),
    Symptom(
        cause=Cause.TOOL_CREDENTIAL,
        says=r"MCPAuthenticationError|MCP (?:server|connection).{0,120}(?:401|403|unauthori[sz]ed|authentication)|"
        r"Authentication failed for MCP",
        also=(Cause.MISSING_IN_PROCESS, Cause.INVALID_KEY, Cause.TOKEN_EXPIRED_STS),
        source=Source.MEASURED,
        samples=("crewai.mcp.exceptions.MCPAuthenticationError: Authentication failed for MCP server",),
    ),
)
