"""What providers echo of the key that they were sent: whose it looks like, or that it is none at all.

OpenAI echoes the first eight and the last four characters, short values whole.
"""

from keyhop.causes import Cause
from keyhop.symptoms.symptom import Level, Source, Symptom

_ECHO = r"(?:Incorrect API key provided|API key provided|api key|API_KEY|token|x-api-key)[:=] ?[`'\"(<]*"
_QUOTED = r"(?:Incorrect API key provided|API key provided): ?"
_PLACEHOLDER = (
    r"(?:sk-)?(?:(?:<|\{\{|\[|\{)?(?:your?(?:[-_ *]|openai|api)|my[-_]|insert|enter|change[-_]?me|replace|"
    r"placeholder|dummy|example|"
    r"todo|put[-_]|paste|add[-_]|(?:openai[-_])?api[-_]key\b|key[-_]?here)|x{3}|none\b|null\b|undefined\b|"
    r"\.\.\.|12345|\*+here\b|"
    r"secret\b)"
)

SYMPTOMS = (
    Symptom(
        cause=Cause.PLACEHOLDER_VALUE,
        says=rf"{_ECHO}{_PLACEHOLDER}",
        also=(Cause.INVALID_KEY, Cause.MISSING_IN_PROCESS, Cause.SHADOWED_OR_STALE_VALUE, Cause.EXPIRED_OR_REVOKED),
        unless=r"Received API Key = sk-|\bno API[ _]key\b|"
        r"\b(?:set|export|add|pass)\b[^.]{0,60}_KEY ?= ?['\"<\[{]?(?:your|api|\.\.\.)",
        level=Level.VALUE,
        source=Source.MEASURED,
        samples=(
            "Error code: 401 - {'error': {'message': 'Incorrect API key provided: your_api****here.'}}",
            "Error code: 401 - {'error': {'message': 'Incorrect API key provided: <insert key>.'}}",
        ),
        not_samples=(
            "Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-proj-****3fQA.'}}",
            "ValueError: no key. Please set it with export OPENAI_API_KEY=<API-KEY>",
        ),
    ),
    Symptom(
        cause=Cause.PLACEHOLDER_VALUE,
        says=r"(?:Incorrect API key provided|Your api key): ?['\"]?\S{0,20}\*+_?(?:here|goes_here|_KEY)\b",
        also=(Cause.INVALID_KEY, Cause.MISSING_IN_PROCESS),
        level=Level.VALUE,
        source=Source.MEASURED,
        samples=("Error code: 401 - Authentication Fails, Your api key: ****here is invalid",),
    ),
    Symptom(
        cause=Cause.WRONG_PROVIDER_KEY,
        says=rf"{_ECHO}(?:b')?(?:sk-or-|sk-ant-|gsk_|AIza|xai-|pplx-|hf_|gh[pousr]_|github_pat|tvly-|nvapi-|"
        rf"AKIA|ABSK|csk-|fw_|"
        r"sk-lf-|r8_|dapi|lsv2_|pcsk_|AQ\.|ya29|eyJ)",
        also=(Cause.BASE_URL_MISMATCH, Cause.INVALID_KEY, Cause.SHADOWED_OR_STALE_VALUE),
        asked=("openai", "azure", "deepseek", "cohere", "mistral", ""),
        level=Level.VALUE,
        source=Source.MEASURED,
        samples=(
            (
                "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: "
                "gsk_Ab12****cd34. You can find your API key at https://platform.openai.com/account/api-keys.'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.CONTAMINATED_VALUE,
        says=rf"{_QUOTED}(?:\\?['\"`(“”]|\$\{{|\$|Bearer\b|OPENAI_API_KEY=|export )",
        also=(Cause.INVALID_KEY, Cause.PLACEHOLDER_VALUE),
        level=Level.VALUE,
        source=Source.MEASURED,
        samples=(
            (
                "Error code: 401 - {'error': {'message': 'Incorrect API key provided: \"sk-proj****cd34\". You can "
                "find your "
                "API key at https://platform.openai.com/account/api-keys.'}}"
            ),
            "Error code: 401 - {'error': {'message': 'Incorrect API key provided: ${OPENAI_API_KEY}.'}}",
        ),
    ),
    Symptom(
        cause=Cause.PLACEHOLDER_VALUE,
        says=r"authentication_error|invalid x-api-key|API key not valid|Invalid API Key|API_KEY_INVALID|401",
        near=r"your[-_ ](?:\w{1,30}[-_ ]){0,4}(?:api[-_ ])?key[-_ ]here|sk-ant-your|your_\w*key_here|is "
        r"(?:still )?(?:a "
        r"|the )?placeholder|"
        r"placeholder (?:value|key|api)|=\s*(?:changeme|your[-_])|not configured properly",
        also=(Cause.INVALID_KEY, Cause.MISSING_IN_PROCESS),
        level=Level.VALUE,
        source=Source.FIELD,
        samples=(
            (
                "ANTHROPIC_API_KEY=your-anthropic-api-key-here\nanthropic.AuthenticationError: Error code: 401 - "
                "invalid x-api-key"
            ),
        ),
    ),
)
