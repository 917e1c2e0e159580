"""Connections that did not come about, in the words of httpx, requests, aiohttp, botocore, Node, Go and curl."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import Level, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|self[- ]signed certificate|unable to get "
        r"local issuer|"
        r"x509: certificate|SELF_SIGNED_CERT|UNABLE_TO_(?:GET|VERIFY)|certificate has expired|"
        r"SSLCertVerificationError|"
        r"certificate signed by unknown authority",
        also=(Cause.PROXY_OR_GATEWAY,),
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "httpx.ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed "
                "certificate in "
                "certificate chain (_ssl.c:1000)"
            ),
        ),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"SSL: WRONG_VERSION_NUMBER|SSL: UNEXPECTED_EOF|EOF occurred in violation of protocol|SSLV3_ALERT|"
        r"TLS handshake|SSLError|packet length too long|HTTP_REQUEST\]",
        also=(Cause.BASE_URL_MISMATCH, Cause.PROXY_OR_GATEWAY),
        source=Source.MEASURED,
        samples=("httpx.ConnectError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1000)",),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"Name or service not known|name resolution|getaddrinfo failed|nodename nor servname|"
        r"NameResolutionError|"
        r"\bENOTFOUND\b|EAI_AGAIN|no such host|Could not resolve host|No address associated with hostname",
        also=(Cause.BASE_URL_MISMATCH, Cause.PROXY_OR_GATEWAY, Cause.NETWORK_POLICY),
        source=Source.MEASURED,
        samples=("httpx.ConnectError: [Errno -2] Name or service not known",),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"Connection refused|ECONNREFUSED|actively refused|Errno 111\]|WinError 10061|All connection "
        r"attempts failed",
        also=(Cause.BASE_URL_MISMATCH, Cause.PROXY_OR_GATEWAY),
        source=Source.MEASURED,
        samples=("httpx.ConnectError: [Errno 111] Connection refused",),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"\bAPI(?:Connection|Timeout)Error\.__init__\(\)",
        also=(Cause.CONTAMINATED_VALUE, Cause.BASE_URL_MISMATCH, Cause.PROXY_OR_GATEWAY),
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("TypeError: APIConnectionError.__init__() takes 1 positional argument but 2 were given",),
        not_samples=("TypeError: APIStatusError.__init__() missing 2 required keyword-only arguments",),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"(?<![a-z_])timed? ?out\b(?! ?[=(])|ReadTimeout|ConnectTimeout|ETIMEDOUT|deadline exceeded|DEADLINE_EXCEEDED",
        unless=r"Max timeout of|lock timeout|\b40[13]\b|api[ _-]?key (?:not valid|invalid)",
        also=(Cause.PROXY_OR_GATEWAY, Cause.NETWORK_POLICY, Cause.MISSING_IN_PROCESS),
        level=Level.WORDS,
        source=Source.MEASURED,
        samples=(
            "httpx.ReadTimeout: The read operation timed out",
            "ConnectionError: Failed to connect to OpenAI API: Request timed out.",
        ),
        not_samples=(
            "    result = self._execute_without_timeout(task_prompt, task)",
            "    return sent.get(timeout=120)",
        ),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"Connection (?:reset|aborted|closed)|ECONNRESET|Server disconnected|peer closed connection|"
        r"RemoteDisconnected|Network is unreachable|No route to host|ENETUNREACH|EHOSTUNREACH|socket hang up|"
        r"incomplete chunked read|Broken pipe|Could not connect to the endpoint URL|EndpointConnectionError",
        also=(Cause.PROXY_OR_GATEWAY, Cause.REGION_MISMATCH, Cause.BASE_URL_MISMATCH),
        level=Level.WORDS,
        source=Source.MEASURED,
        samples=("httpx.RemoteProtocolError: Server disconnected without sending a response.",),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        types=(
            "ConnectError",
            "ConnectTimeout",
            "ReadTimeout",
            "ReadError",
            "WriteError",
            "ClientConnectorError",
            "ConnectionError",
            "NewConnectionError",
            "MaxRetryError",
            "ServiceRequestError",
            "URLError",
            "TimeoutError",
            "ConnectionResetError",
            "ConnectionRefusedError",
            "TransportError",
        ),
        unless=r"credential",
        also=(Cause.PROXY_OR_GATEWAY, Cause.BASE_URL_MISMATCH, Cause.CONTAMINATED_VALUE),
        certainty=Certainty.POSSIBLE,
        level=Level.MASK,
        samples=("httpx.ReadError",),
    ),
    Symptom(
        cause=Cause.PROXY_OR_GATEWAY,
        says=r"Proxy Authentication Required|407 Proxy|ERR_PROXY|Tunnel connection failed|Unable to connect to proxy|"
        r"ProxyConnectionError|Failed to connect to proxy|proxy(?: server)? (?:refused|returned|error)|ERR_TUNNEL|"
        r"Generated by squid|Using SOCKS proxy, but|from proxy after CONNECT",
        also=(Cause.TLS_OR_NETWORK_NOT_AUTH, Cause.NETWORK_POLICY),
        source=Source.MEASURED,
        samples=(
            (
                "urllib3.exceptions.ProxyError: ('Unable to connect to proxy', OSError('Tunnel connection failed: "
                "407 Proxy "
                "Authentication Required'))"
            ),
        ),
    ),
    Symptom(
        cause=Cause.PROXY_OR_GATEWAY,
        types=("ProxyError", "ProxyConnectionError", "ClientProxyConnectionError", "ClientHttpProxyError"),
        also=(Cause.TLS_OR_NETWORK_NOT_AUTH, Cause.NETWORK_POLICY),
        level=Level.CLASS,
        source=Source.MEASURED,
        samples=("httpx.ProxyError: 401 Unauthorized",),
    ),
    Symptom(
        cause=Cause.PROXY_OR_GATEWAY,
        statuses=(407,),
        also=(Cause.TLS_OR_NETWORK_NOT_AUTH,),
        source=Source.MEASURED,
        samples=("openai.APIStatusError: Error code: 407",),
    ),
    Symptom(
        cause=Cause.PROXY_OR_GATEWAY,
        says=r"<title>[^<]{0,60}(?:log ?in|sign ?in|access denied|attention required|just a moment|blocked|"
        r"zscaler|proxy|"
        r"gateway)|error code: 10\d\d|cf-error|zscaler|captive portal|<title>403:? Forbidden",
        also=(Cause.NETWORK_POLICY, Cause.GEO_BLOCKED, Cause.BASE_URL_MISMATCH),
        source=Source.MEASURED,
        samples=("HTTP 403\n<html><head><title>Access denied | example</title></head></html>",),
    ),
    Symptom(
        cause=Cause.BASE_URL_MISMATCH,
        says=r"'str' object has no attribute '(?:choices|output|usage|content|data|error)'|"
        r"<(?:!doctype html|html)\b",
        unless=r"\b(?:401|403|407|429|50[0-4])\b",
        also=(Cause.PROXY_OR_GATEWAY,),
        level=Level.WORDS,
        cannot_tell=(
            "who answered with a page in place of data: a proxy's login page and a wrong base URL look the same",
        ),
        source=Source.MEASURED,
        samples=(
            "AttributeError: 'str' object has no attribute 'choices'",
            "HTTP 200\n<!doctype html><html><body>Welcome</body></html>",
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"Expecting value: line 1 column 1 \(char 0\)|Unexpected token '?<'?.{0,60}JSON|"
        r"Unexpected end of JSON input",
        unless=r"\b40[137]\b|<html|<!doctype",
        also=(Cause.BASE_URL_MISMATCH, Cause.PROXY_OR_GATEWAY, Cause.TLS_OR_NETWORK_NOT_AUTH),
        certainty=Certainty.POSSIBLE,
        level=Level.WORDS,
        cannot_tell=("who answered with something other than JSON: a model, a proxy, or another server at that URL",),
        samples=("json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",),
        not_samples=("json.decoder.JSONDecodeError: Expecting ',' delimiter: line 4 column 2 (char 60)",),
    ),
)
