"""keyhop verify, called as on the command line: its report as data, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keyhop.commands import main

KEY = "sk-plain-verified-key-0123456789"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy")
AUTHORITIES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, and a process without proxies and authorities of its own."""
    for name in (*PROXIES, *AUTHORITIES):
        monkeypatch.delenv(name, raising=False)
    directory = tmp_path / "elsewhere"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory


class Verify:
    """Calls the command."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.status = 0
        self.err = ""

    def __call__(self, *words: str, status: int | None = None) -> dict[str, Any]:
        """The report."""
        self.status = main(["verify", "--format", "json", *words])
        told = self._capsys.readouterr()
        self.err = told.err
        assert status is None or self.status == status, told.out + told.err
        report: dict[str, Any] = json.loads(told.out) if told.out else {}
        return report

    def one(self, *words: str, status: int | None = None) -> dict[str, Any]:
        """The only credential of it, asked live."""
        (found,) = self("--live", "--timeout", "5", *words, status=status)["credentials"]
        return dict(found)

    def text(self, *words: str) -> str:
        """The report for people, and what is said beside it."""
        self.status = main(["verify", *words])
        told = self._capsys.readouterr()
        return told.out + told.err


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    return Verify(capsys)
