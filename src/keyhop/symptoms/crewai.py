"""CrewAI itself: its own checks, and the errors in which it wraps those of clients. 1.0 to 1.15 as read and run.

From 1.0 to 1.14.2 a missing key fails when the LLM is made, later ones when it is first called.
"""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import UNSUPPLIED, Level, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"\b\w+_API_KEY is required|API key required for \w+\. Set |Error importing native provider: "
        r".{0,200}(?:is required|"
        r"Missing credentials|API key required|must be set)|Authentication required\. Provide one of|"
        r"Bedrock connection error: Unable to locate credentials|Snowflake .{0,60}(?:required|Set SNOWFLAKE)",
        also=UNSUPPLIED,
        source=Source.MEASURED,
        samples=(
            "ValueError: OPENAI_API_KEY is required",
            "ImportError: Error importing native provider: OPENAI_API_KEY is required",
            (
                "ImportError: Error importing native provider: 1 validation error for OpenAICompatibleCompletion\n "
                " Value error, API "
                "key required for deepseek. Set DEEPSEEK_API_KEY environment variable or pass api_key parameter."
            ),
        ),
    ),
    Symptom(
        cause=Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER,
        says=r"CHROMA_\w+_API_KEY|Memory requires an embedder|"
        r"embedder.{0,60}initialization failed|"
        r"Failed to (?:initialize|init|add to) (?:\w+ )?(?:memory|knowledge)",
        also=(Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE, Cause.INVALID_KEY),
        level=Level.VALUE,
        provider="openai",
        source=Source.MEASURED,
        samples=("ValueError: The CHROMA_OPENAI_API_KEY environment variable is not set.",),
    ),
    Symptom(
        cause=Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER,
        says=r"OPENAI_API_KEY (?:is required|environment)|api_key client option must be set|Missing "
        r"credentials\. Please pass|"
        r"Did not find openai_api_key|OpenAI API key|No API key .{0,20}openai",
        near=r"crewai/(?:memory|knowledge|rag)/|planning_handler|memory_(?:save|query|retrieval)_failed|"
        r"Memory(?:Save|Query|Retrieval)"
        r"|crewai_tools/(?:rag|tools/rag)|mem0[/. ]|\bfrom mem0\b|\bmem0\b|\bragas\b|embedchain|"
        r"chromadb/utils/embedding|"
        r"OpenAIEmbedding|embedder|(?:default|implicit)\w* .{0,60}OpenAI",
        also=(Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE, Cause.LOADED_TOO_LATE),
        level=Level.VALUE,
        provider="openai",
        source=Source.MEASURED,
        samples=(
            (
                'File "/app/site-packages/crewai/memory/unified_memory.py", line 9, in save\nopenai.OpenAIError: '
                "The api_key client "
                "option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY "
                "environment variable"
            ),
        ),
        not_samples=("ValueError: OPENAI_API_KEY is required",),
    ),
    Symptom(
        cause=Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER,
        says=r"'memory_(?:save|query|retrieval)_failed'",
        also=(Cause.MISSING_IN_PROCESS, Cause.INVALID_KEY, Cause.OTHER_NOT_AUTH),
        certainty=Certainty.POSSIBLE,
        level=Level.STATUS,
        source=Source.MEASURED,
        samples=("[CrewAIEventsBus] Warning: Ending event 'memory_save_failed' emitted with empty",),
        not_samples=("[CrewAIEventsBus] Warning: Ending event 'memory_save_completed' emitted with empty",),
    ),
    Symptom(
        cause=Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER,
        says=r"Incorrect API key provided|invalid_api_key|\bOPENAI_API_KEY is required",
        near=r"planning_handler|_handle_crew_planning|crewai/(?:memory|knowledge|rag)/|in upsert\.|Failed to "
        r"init knowledge",
        also=(Cause.INVALID_KEY, Cause.MISSING_IN_PROCESS, Cause.EXPIRED_OR_REVOKED, Cause.PLACEHOLDER_VALUE),
        level=Level.VALUE,
        provider="openai",
        source=Source.MEASURED,
        samples=(
            (
                'File "/app/site-packages/crewai/utilities/planning_handler.py", line 70, in _handle_crew_planning\n'
                "ValueError: OPENAI_API_KEY is required"
            ),
        ),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"Failed to connect to \w+ API: Connection error",
        also=(Cause.CONTAMINATED_VALUE, Cause.PROXY_OR_GATEWAY, Cause.BASE_URL_MISMATCH, Cause.MISSING_IN_PROCESS),
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
        samples=("RuntimeError: Task execution failed: Failed to connect to OpenAI API: Connection error.",),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"Model \S{1,80} not found",
        also=(Cause.BASE_URL_MISMATCH, Cause.OTHER_NOT_AUTH),
        source=Source.MEASURED,
        samples=("ValueError: Model gpt-9 not found: Error code: 404",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"Invalid response from LLM call - None or empty|native provider not available, to install|"
        r"LLM Provider NOT provided|Unable to initialize LLM with model|Fallback to LiteLLM is not available|"
        r"Maximum iterations reached|did not match any supported native provider|Received None or empty response",
        also=(Cause.MODEL_ACCESS,),
        source=Source.MEASURED,
        samples=(
            "ValueError: Invalid response from LLM call - None or empty.",
            'ImportError: Anthropic native provider not available, to install: uv add "crewai[anthropic]"',
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"Task failed guardrail validation",
        also=(Cause.INVALID_KEY, Cause.QUOTA_NOT_AUTH, Cause.RATE_LIMIT_NOT_AUTH),
        certainty=Certainty.POSSIBLE,
        level=Level.MASK,
        cannot_tell=("whether the guardrail refused the result or its own model call failed",),
        next=("grep -n -i -E 'guardrail|error code' CREW.log", "keyhop check --shell"),
        source=Source.MEASURED,
        samples=("Exception: Task failed guardrail validation after 3 retries. Last error: it is too short",),
    ),
    Symptom(
        cause=Cause.TOOL_CREDENTIAL,
        says=r"ToolExecutionFailedError|Tool .{1,80} failed|Error (?:using|executing) tool|tool_usage_error|I "
        r"encountered an error while trying to use the tool",
        near=r"_(?:API_)?(?:KEY|TOKEN)\b|\b40[13]\b|unauthori[sz]ed|forbidden",
        also=(Cause.MISSING_IN_PROCESS, Cause.INVALID_KEY, Cause.MISSING_EVERYWHERE),
        source=Source.MEASURED,
        samples=(
            "crewai.tools.errors.ToolExecutionFailedError: Tool search failed: 'SERPER_API_KEY' (code: KeyError)",
        ),
    ),
    Symptom(
        cause=Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER,
        says=r"(?:planning|memory|knowledge|embedd\w+|search)\W(?:\w+ ){0,4}(?:requires?|needs?|wants?|defaults? to) "
        r"(?:\w+ ){0,3}OpenAI",
        also=(Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE),
        level=Level.VALUE,
        provider="openai",
        source=Source.FIELD,
        samples=("ERROR the memory needs an OpenAI key",),
    ),
)
