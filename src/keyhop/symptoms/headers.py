"""Values that no client will put into a header: httpx with h11, requests, http.client, aiohttp, Node and Go."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import UNSUPPLIED, Level, Source, Symptom

_TRACE = ("keyhop trace {name} --to {process}", "keyhop check --shell")

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"Illegal header value b?['\"](?:Bearer|Basic|Token)? ?['\"]",
        also=(*UNSUPPLIED, Cause.CONTAMINATED_VALUE),
        level=Level.VALUE,
        source=Source.MEASURED,
        samples=(
            "httpx.LocalProtocolError: Illegal header value b'Bearer '\nopenai.APIConnectionError: Connection error.",
        ),
    ),
    Symptom(
        cause=Cause.CONTAMINATED_VALUE,
        says=r"Illegal header value b?['\"](?!(?:Bearer|Basic|Token)? ?['\"])",
        also=(Cause.WRONG_CREDENTIAL_TYPE, Cause.PLACEHOLDER_VALUE),
        certainty=Certainty.CERTAIN,
        level=Level.VALUE,
        next=_TRACE,
        source=Source.MEASURED,
        samples=(
            (
                "httpx.LocalProtocolError: Illegal header value b'Bearer ***\\n'\n"
                "openai.APIConnectionError: Connection error."
            ),
        ),
    ),
    Symptom(
        cause=Cause.CONTAMINATED_VALUE,
        says=r"Invalid (?:leading whitespace|header value|control character|non-printable)|Illegal header "
        r"(?:value|newline)|"
        r"return character\(s\) in header value|invalid header (?:field )?value|Invalid character in header content|"
        r"ERR_INVALID_CHAR|Newline or carriage return (?:character )?detected|failed to parse header value|"
        r"Unexpected char 0x\w+ at|embedded null byte|metadata was invalid|Headers? .{0,40}contains? "
        r"(?:invalid|illegal|a newline)|"
        r"HTTP header (?:value )?(?:contains|must not)|is an invalid header value|Invalid HTTP header value",
        also=(Cause.INVALID_KEY, Cause.PLACEHOLDER_VALUE),
        certainty=Certainty.CERTAIN,
        next=_TRACE,
        source=Source.MEASURED,
        samples=(
            (
                "requests.exceptions.InvalidHeader: Invalid leading whitespace, reserved character(s), or return "
                "character(s) "
                "in header value: '***'"
            ),
            'Post "https://api.openai.com": net/http: invalid header field value for "Authorization"',
        ),
        not_samples=("ValueError: invalid header row in data.csv",),
    ),
    Symptom(
        cause=Cause.CONTAMINATED_VALUE,
        says=r"'(?:ascii|latin-1|iso-8859-1)' codec can'?t encode characters?|Cannot convert argument to a "
        r"ByteString|"
        r"non[- ]ascii characters? in (?:the )?(?:header|api[ _]key)",
        near=r"header|_normalize|authorization|api[ _-]?key|httpx|http[/\\]client|ByteString",
        also=(Cause.PLACEHOLDER_VALUE, Cause.OTHER_NOT_AUTH),
        next=_TRACE,
        source=Source.MEASURED,
        samples=(
            (
                "httpx/_models.py:82 in _normalize_header_value\nUnicodeEncodeError: 'ascii' codec can't encode "
                "character "
                "'\\u201c' in position 7: ordinal not in range(128)"
            ),
        ),
        not_samples=("UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 3",),
    ),
    Symptom(
        cause=Cause.CONTAMINATED_VALUE,
        says=r"(?:trailing|stray|extra|leading|embedded|surrounding|literal|contains? an?) (?:\w+ )?"
        r"(?:new ?lines?|white ?space|carriage return|quotes?|spaces?|\\r|\\n|CRLF|BOM)",
        near=r"api[ _-]?key|token|secret|credential|header",
        also=(Cause.INVALID_KEY,),
        level=Level.WORDS,
        source=Source.FIELD,
        samples=("ERROR the API key has a trailing newline",),
    ),
)
