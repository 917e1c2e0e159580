"""What clients' exceptions tell in attributes: status, code, body and address of the answer they report.

The attributes of openai 2.x, anthropic 0.7x, litellm 1.x, azure-core 1.3x, google-genai 1.x, botocore 1.4x, httpx,
requests, urllib and aiohttp; none of them is imported.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_STATUS = ("status_code", "status", "http_status", "code")
_IDS = ("request_id", "_request_id")
_ID_HEADERS = ("x-request-id", "request-id", "x-ms-request-id", "apim-request-id", "x-amzn-requestid", "cf-ray")
_LONGEST_BODY = 20_000


def status_of(error: BaseException) -> int | None:
    """The HTTP status of the answer that it reports."""
    answer = getattr_or(error, "response")
    found = [getattr_or(error, name) for name in _STATUS]
    found += [getattr_or(answer, name) for name in ("status_code", "status")]
    found.append(_metadata(answer).get("HTTPStatusCode"))
    return next((n for each in found if (n := _number(each)) is not None and 100 <= n <= 599), None)


def code_of(error: BaseException) -> str:
    """The provider's code, else the operating system's."""
    answer = getattr_or(error, "response")
    described = answer.get("Error") if isinstance(answer, Mapping) else None
    found = [
        described.get("Code") if isinstance(described, Mapping) else None,
        getattr_or(getattr_or(error, "error"), "code"),
        *(getattr_or(error, name) for name in ("code", "error_code", "status")),
    ]
    told = next((each for each in found if isinstance(each, str) and each and not each.isdigit()), "")
    number = getattr_or(error, "errno")
    return told or (errno.errorcode.get(number, "") if isinstance(number, int) else "")


def body_of(error: BaseException) -> str:
    """The answer's body, as text."""
    for holder, name in ((error, "body"), (error, "details"), (error, "response"), (error, "response_text")):
        found = _text(getattr_or(holder, name))
        if found:
            return found
    return _text(getattr_or(getattr_or(error, "response"), "text"))


def url_of(error: BaseException) -> str:
    """Whom the request went to, without user, query and fragment."""
    answer = getattr_or(error, "response")
    holders = (getattr_or(error, "request"), answer, getattr_or(answer, "request"))
    for url in (*(getattr_or(holder, "url") for holder in holders), getattr_or(error, "url")):
        try:
            parts = urlsplit(str(url or ""))
        except ValueError:
            continue
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname:
            return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return ""


def request_id_of(error: BaseException) -> str:
    """The provider's name for the request."""
    answer = getattr_or(error, "response")
    if isinstance(answer, Mapping):
        return str(_metadata(answer).get("RequestId") or "")
    for name in _IDS:
        found = getattr_or(error, name)
        if isinstance(found, str) and found:
            return found
    return next((found for name in _ID_HEADERS if (found := header_of(answer, name))), "")


def header_of(answer: object, name: str) -> str:
    """One header of an answer; empty where it has none."""
    headers: Any = getattr_or(answer, "headers")
    try:
        found = headers.get(name)
    except Exception:
        return ""
    return found if isinstance(found, str) else ""


def getattr_or(holder: object, name: str) -> object | None:
    """The attribute, or None: an answer that was not read, or a proxy of one, raises whatever it likes."""
    try:
        return getattr(holder, name, None)
    except Exception:
        return None


def _metadata(answer: object) -> Mapping[str, object]:
    found = answer.get("ResponseMetadata") if isinstance(answer, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _number(found: object) -> int | None:
    if isinstance(found, bool) or not isinstance(found, (int, str)):
        return None
    try:
        return int(found)
    except ValueError:
        return None


def _text(found: object) -> str:
    if isinstance(found, bytes):
        return found.decode("utf-8", "replace")[:_LONGEST_BODY]
    if isinstance(found, str):
        return found[:_LONGEST_BODY]
    if isinstance(found, (Mapping, list)) and found:
        try:
            return json.dumps(found, default=str)[:_LONGEST_BODY]
        except (TypeError, ValueError):
            return ""
    return ""
