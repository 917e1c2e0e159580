"""What a request proves itself with: a key in a header or in the query, or a signature made with it."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from keyhop.text.sealed import Sealed

_SENDABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


def is_sendable(key: Sealed) -> bool:
    """Whether it can stand in a header as it is."""
    return _SENDABLE.fullmatch(key.reveal()) is not None


def bearing(form: str, key: Sealed) -> tuple[dict[str, str], str]:
    """The header and the query of a key, as `keyhop.catalogue.Probe.header` says; one of them is empty."""
    if form.startswith("?"):
        return {}, form[1:].replace("{key}", quote(key.reveal(), safe=""))
    name, _, value = form.partition(": ")
    return {name: value.replace("{key}", key.reveal())}, ""


def signed(
    method: str,
    url: str,
    body: str,
    service: str,
    region: str,
    keys: Sequence[Sealed | None],
    at: float | None = None,
) -> dict[str, str]:
    """The headers of AWS Signature Version 4.

    Args:
        keys: the id, the secret and, or None, the token of the session.
        at: seconds since the epoch.
    """
    id, secret, session = (each.reveal() if each is not None else "" for each in (*keys, None, None, None)[:3])
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
    parts = urlsplit(url)
    headers = {"host": parts.netloc, "x-amz-date": moment} | ({"x-amz-security-token": session} if session else {})
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    asked = "\n".join((method, parts.path or "/", query, lines, names, _sha256(body.encode())))
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join(("AWS4-HMAC-SHA256", moment, scope, _sha256(asked.encode())))
    signing = f"AWS4{secret}".encode()
    for each in (moment[:8], region, service, "aws4_request"):
        signing = hmac.digest(signing, each.encode(), "sha256")
    signature = hmac.new(signing, to_sign.encode(), hashlib.sha256).hexdigest()
    proof = f"AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {name: value for name, value in headers.items() if name != "host"} | {"Authorization": proof}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
