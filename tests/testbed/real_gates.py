"""Programs of others that check keys: moto's STS, aimock, and LiteLLM's proxy."""

from __future__ import annotations

import os
import re
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines.programs import free_port, running

PLACES = tuple(Path(each) for each in os.environ.get("KEYHOP_GATES", "").split(os.pathsep) if each)
"""Where ``make gates`` has put programs."""
GOOD = "sk-good-gate-key-0123456789"
OWN_CHECK = f'''
from litellm.proxy._types import ProxyException, UserAPIKeyAuth


async def check(request, api_key):
    if api_key != "{GOOD}":
        raise ProxyException(message="Authentication Error, Invalid proxy server token passed.", type="auth_error",
                             param="key", code=401)
    return UserAPIKeyAuth(api_key=api_key)
'''


def program(name: str) -> Path | None:
    """Of ``make gates``, beside this Python, or on PATH."""
    places = (*PLACES, Path(sys.executable).parent)
    beside = (place / name for place in places if (place / name).is_file())
    on_path = shutil.which(name)
    return next(beside, Path(on_path) if on_path else None)


@contextmanager
def moto(where: Path) -> Iterator[str]:
    """An STS that checks signatures."""
    port = free_port()
    shell = {"PATH": os.environ["PATH"], "HOME": str(where), "INITIAL_NO_AUTH_ACTION_COUNT": "3"}
    words = [program("moto_server"), "-H", "127.0.0.1", "-p", port]
    with running(words, where, shell, re.compile("Running on")):
        yield f"http://127.0.0.1:{port}"


def moto_key(url: str) -> tuple[str, str]:
    """The id and the secret of a user that is allowed everything; the only requests that need no signature."""
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    _iam(url, Action="CreateUser", UserName="crew")
    _iam(url, Action="PutUserPolicy", UserName="crew", PolicyName="all", PolicyDocument=policy)
    made = _iam(url, Action="CreateAccessKey", UserName="crew")
    found = [re.search(rf"<{tag}>([^<]+)</{tag}>", made) for tag in ("AccessKeyId", "SecretAccessKey")]
    id, secret = (each[1] for each in found if each is not None)
    return id, secret


def _iam(url: str, **form: str) -> str:
    from urllib.parse import urlencode

    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request"}
    request = urllib.request.Request(url, urlencode({"Version": "2010-05-08", **form}).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text: str = answer.read().decode()
        return text


@contextmanager
def aimock(where: Path) -> Iterator[str]:
    """A mock of providers with a gate of its own."""
    port = free_port()
    (where / "fixtures").mkdir(exist_ok=True)
    (where / "fixtures" / "none.json").write_text('{"fixtures": []}')
    shell = {"PATH": os.environ["PATH"], "HOME": str(where), "AIMOCK_API_KEYS": GOOD}
    words = [program("llmock"), "-p", port, "-f", where / "fixtures"]
    with running(words, where, shell, re.compile(r"listening|127\.0\.0\.1|localhost", re.IGNORECASE)):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def litellm_proxy(where: Path, *, own_check: bool) -> Iterator[str]:
    """LiteLLM's proxy without a database: with its master key alone, or with a check of the project's own."""
    port = free_port()
    (where / "own_check.py").write_text(OWN_CHECK)
    config = [
        "model_list:",
        "  - model_name: small",
        "    litellm_params: {model: openai/gpt-4o-mini, api_key: none, api_base: 'http://127.0.0.1:9'}",
        "general_settings:",
        f"  master_key: {'sk-master-of-nobody-42a7c1d9' if own_check else GOOD}",
        *(["  custom_auth: own_check.check"] if own_check else []),
    ]
    (where / "config.yaml").write_text("\n".join(config) + "\n")
    shell = {"PATH": os.environ["PATH"], "HOME": str(where), "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    words = [
        program("litellm"), "--config", where / "config.yaml", "--host", "127.0.0.1", "--port", port,
        "--telemetry", "False",
    ]  # fmt: skip
    with running(words, where, shell, re.compile("Uvicorn running on")):
        yield f"http://127.0.0.1:{port}"
