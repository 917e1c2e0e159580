"""What watches a crew: LangSmith, Langfuse, AgentOps, CrewAI's own tracing. The model call goes on."""

from keyhop.causes import Cause
from keyhop.symptoms.symptom import Level, Source, Symptom

_ALSO = (Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE, Cause.INVALID_KEY, Cause.REGION_MISMATCH)

SYMPTOMS = (
    Symptom(
        cause=Cause.TOOL_CREDENTIAL,
        says=r"LangSmith\w*(?:Auth|MissingAPIKey|Key)\w*|smith\.langchain\.com\S* .{0,200}(?:40[13]|"
        r"Unauthorized|Forbidden)|"
        r"hosted LangSmith API",
        also=_ALSO,
        provider="langsmith",
        level=Level.BODY,
        source=Source.DOCUMENTED,
        samples=(
            "langsmith.utils.LangSmithAuthError: Authentication failed for /runs. 401 Client Error: Unauthorized",
        ),
    ),
    Symptom(
        cause=Cause.TOOL_CREDENTIAL,
        says=r"Langfuse client (?:is disabled|initialized without)|langfuse.{0,160}(?:public_key|secret_key|"
        r"40[13]|Unauthorized|"
        r"Invalid credentials)",
        also=_ALSO,
        provider="langfuse",
        samples=("WARNING langfuse: Langfuse client is disabled since no public_key was provided",),
    ),
    Symptom(
        cause=Cause.TOOL_CREDENTIAL,
        says=r"agentops.{0,120}(?:API key|40[13]|Unauthorized)",
        also=_ALSO,
        provider="agentops",
        samples=("ERROR AgentOps: Could not initialize, Invalid API key",),
    ),
    Symptom(
        cause=Cause.TOOL_CREDENTIAL,
        says=r"crewai_plus/api/\S*|app\.crewai\.com\S*|bad_credentials",
        near=r"\b40[13]\b|bad_credentials|unauthori[sz]ed|credentials",
        also=(*_ALSO, Cause.EXPIRED_OR_REVOKED),
        provider="crewai-amp",
        source=Source.MEASURED,
        samples=(
            'POST https://app.crewai.com/crewai_plus/api/v1/tracing/batches\nHTTP 401\n{"error":"bad_credentials"}',
        ),
    ),
    Symptom(
        cause=Cause.TOOL_CREDENTIAL,
        says=r"(?:otlp|opentelemetry|OTEL\w*).{0,200}(?:40[13]\b|Unauthorized|UNAUTHENTICATED)|Failed to "
        r"export .{0,80}"
        r"(?:40[13]\b|UNAUTHENTICATED)",
        also=_ALSO,
        source=Source.DOCUMENTED,
        samples=("ERROR Failed to export batch code: 401, reason: Unauthorized",),
    ),
)
