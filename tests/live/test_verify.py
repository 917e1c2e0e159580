"""keyhop verify: what a process has, what its providers say of it, and what starts only if it holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from live.verified import KEY, Verify, elsewhere, verify
from planting import plant
from testbed.loopback import Asked, Says, serving

__all__ = ["elsewhere", "verify"]

WRONG = {"error": {"message": "Incorrect API key provided: sk-***.", "code": "invalid_api_key"}}
QUOTA = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
RESTRICTED = {"error": {"message": "You have insufficient permissions. Missing scopes: api.model.read."}}
MODELS = '{"object": "list", "data": [{"id": "gpt-4o-mini"}]}'
LOCAL = ("--allow-host", "127.0.0.1")


def checks(asked: Asked) -> Says:
    """A gate that knows one key."""
    if asked.headers.get("authorization") == f"Bearer {KEY}":
        return Says(200, MODELS)
    return Says(401, json.dumps(WRONG))


def test_a_good_key_is_accepted_and_a_wrong_one_rejected(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(checks) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        found = verify.one("--require", "openai", *LOCAL, status=0)
        assert (found["verdict"], found["presence"], found["names"]) == ("accepted", "there", ["OPENAI_API_KEY"])
        (read,) = found["reads"]
        assert (read["origin"], read["moved_by"], read["status"]) == (gate.url, "OPENAI_BASE_URL", 200)
        monkeypatch.setenv("OPENAI_API_KEY", KEY[::-1])
        found = verify.one("--require", "openai", *LOCAL, status=1)
        assert (found["verdict"], found["reads"][0]["cause"]) == ("rejected", "invalid_key")
    assert {(each.method, each.path) for each in gate.asked} == {("GET", "/v1/models")}


def test_an_address_that_answers_without_a_key_proves_nothing(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(lambda _: Says(200, MODELS)) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        found = verify.one("--require", "openai", *LOCAL, status=5)
    assert found["verdict"] == "cannot tell"
    assert "without a key" in found["reads"][0]["because"]
    assert ["authorization" in each.headers for each in gate.asked] == [True, False]


SAYINGS = {
    "no credit": (Says(429, json.dumps(QUOTA)), "not allowed", "quota", 1),
    "too many requests": (Says(429, '{"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}'),
                          "cannot tell", None, 5),
    "a restricted key": (Says(401, json.dumps(RESTRICTED)), "accepted", None, 0),
    "a fault of the server": (Says(500, json.dumps(WRONG)), "cannot tell", None, 5),
    "a gateway's page": (Says(401, "<html><title>Sign in</title></html>", {"Content-Type": "text/html"}),
                         "cannot tell", None, 5),
    "a captive portal": (Says(200, "<!DOCTYPE html><p>Welcome", {"Content-Type": "text/html"}),
                         "cannot tell", None, 5),
    "a proxy": (Says(407, "{}"), "cannot tell", None, 5),
    "another server": (Says(404, '{"detail": "Not Found"}'), "cannot tell", None, 5),
    "a 401 of nobody's": (Says(401, '{"oh": "no"}'), "cannot tell", None, 5),
    "a region": (Says(403, '{"error": {"code": "unsupported_country_region_territory", "message": "Country, region, '
                           'or territory not supported"}}'), "not allowed", "region", 1),
    "nothing": (Says(200, ""), "cannot tell", None, 5),
    "an error that calls itself fine": (Says(200, json.dumps(WRONG)), "rejected", None, 1),
}  # fmt: skip


@pytest.mark.parametrize("said", SAYINGS)
def test_what_is_said_of_a_key_is_told_apart(said: str, verify: Verify, monkeypatch: pytest.MonkeyPatch):
    says, verdict, lacks, status = SAYINGS[said]
    with serving(lambda _: says) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        found = verify.one("--require", "openai", *LOCAL, status=status)
    assert (found["verdict"], found["reads"][0]["lacks"]) == (verdict, lacks)
    assert len(gate.asked) == 1, "nothing is asked twice"


def test_a_wrong_key_is_no_rejection_where_another_variable_sends_it_elsewhere(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
):
    with serving(checks) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        monkeypatch.setenv("BASE_URL", "https://gateway.example/v1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY[::-1])
        found = verify.one("--require", "openai", *LOCAL, status=5)
    assert "BASE_URL" in found["reads"][0]["because"]


def test_the_organisation_and_the_project_are_sent_as_clients_send_them(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
):
    other = {"error": {"message": "OpenAI-Organization header should match", "code": "mismatched_organization"}}

    def checks_organisation(asked: Asked) -> Says:
        sent = (asked.headers.get("openai-organization"), asked.headers.get("openai-project"))
        return checks(asked) if sent == (None, "proj-mine") else Says(401, json.dumps(other))

    with serving(checks_organisation) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-mine")
        verify.one("--require", "openai", *LOCAL, status=0)
        monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-account")
        found = verify.one("--require", "openai", *LOCAL, status=1)
    assert (found["verdict"], found["reads"][0]["lacks"]) == ("not allowed", "organisation")


def test_what_is_missing_or_changed_is_said_and_nobody_is_asked(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(checks) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", f'"{KEY}"')
        report = verify("--live", "--require", "openai", "groq", *LOCAL, status=1)
    found = {each["provider"]: each for each in report["credentials"]}
    assert {each["presence"] for each in found.values()} == {"wrong"}
    assert found["openai"]["findings"][0]["rule"] == "quotes-kept-in-value"
    assert found["groq"]["findings"][0]["seen"] == "not set"
    assert [each["verdict"] for each in found.values()] == [None, None]
    assert gate.asked == []


def test_without_live_nobody_is_asked(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(checks) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        report = verify("--require", "openai", *LOCAL, status=0)
    assert (report["schema"], report["live"]) == ("keyhop.verify.v0", False)
    assert [each["presence"] for each in report["credentials"]] == ["there"]
    assert gate.asked == []


def test_what_costs_is_asked_by_name_alone(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PERPLEXITY_API_KEY", "pplx-" + "a1" * 24)
    with serving(lambda _: Says(401, '{"error": {"type": "invalid_api_key", "code": 401}}')) as gate:
        monkeypatch.setenv("PERPLEXITY_API_BASE", gate.url)
        found = verify.one("--require", "perplexity", *LOCAL, status=5)
        assert gate.asked == []
        assert "--paid perplexity" in found["reads"][0]["advice"]
        found = verify.one("--require", "perplexity", "--paid", "perplexity", *LOCAL, status=1)
    assert found["verdict"] == "rejected"
    assert [each.method for each in gate.asked] == ["POST"]
    assert verify("--paid", "nobody", status=2) == {}


def test_a_service_that_cannot_be_asked_is_not_guessed_at(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SAMBANOVA_API_KEY", "0" * 36)
    found = verify.one("--require", "sambanova", status=5)
    assert "no request is known" in found["reads"][0]["because"]


@pytest.mark.parametrize("live", [(), ("--live",)], ids=["seen", "live"])
def test_an_identity_that_may_be_there_is_not_told(live: tuple[str, ...], verify: Verify):
    (found,) = verify("--require", "bedrock", *live, status=5)["credentials"]
    assert (found["presence"], found["verdict"]) == ("unknown", None)


def test_a_process_without_names_is_judged_by_what_it_holds(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    assert verify(status=3) == {}
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("SERPER_API_KEY", "a1" * 20)
    report = verify(status=0)
    assert {each["provider"] for each in report["credentials"]} == {"groq", "serper"}
    assert report["scope"] == "the credentials that the environment holds"


PROJECT = {
    "pyproject.toml": '[project]\nname = "crew"\nversion = "1"\ndependencies = ["crewai==1.15.30"]\n',
    "main.py": (
        "from crewai import Agent, Crew, LLM, Task\n"
        "one = Agent(role='r', goal='g', backstory='b', llm=LLM(model='groq/llama-3.3-70b'))\n"
        "Crew(agents=[one], tasks=[Task(description='d', expected_output='e', agent=one)]).kickoff()\n"
    ),
    "Procfile": "worker: python main.py\n",
}


def test_a_project_says_what_its_process_needs(verify: Verify, elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    plant(elsewhere, PROJECT)
    monkeypatch.setenv("SERPER_API_KEY", "a1" * 20)
    report = verify(status=1)
    assert report["scope"] == "what this project needs"
    assert [(each["provider"], each["presence"]) for each in report["credentials"]] == [("groq", "wrong")]
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    assert [each["presence"] for each in verify(status=0)["credentials"]] == ["there"]


def crew(*models: str) -> str:
    """A program whose agents ask these models."""
    agents = "".join(f"Agent(role='r', goal='g', backstory='b', llm=LLM({each})), " for each in models)
    return (
        "import os\nfrom crewai import Agent, Crew, LLM, Task\n"
        f"agents = [{agents}]\n"
        "Crew(agents=agents, tasks=[Task(description='d', expected_output='e', agent=agents[0])]).kickoff()\n"
    )


def test_one_process_of_a_project_is_named(verify: Verify, elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    other = {"web.py": crew("model='openai/gpt-4o'"), "Procfile": "worker: python main.py\nweb: python web.py\n"}
    plant(elsewhere, {**PROJECT, **other})
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert verify(status=1)["scope"] == "what this project needs, in 2 processes"
    assert [each["provider"] for each in verify("--process", "web", status=0)["credentials"]] == ["openai"]


def test_an_address_that_code_takes_from_a_variable_is_followed(
    verify: Verify, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
):
    code = crew("model='openai/gpt-4o', base_url=os.environ['GATEWAY']")
    plant(elsewhere, {**PROJECT, "main.py": code})
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(checks) as gate, serving(checks) as other:
        monkeypatch.setenv("GATEWAY", f"{gate.url}/v1")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{other.url}/v1")
        assert "GATEWAY sends it to" in verify.one(status=5)["reads"][0]["because"]
        assert gate.asked == []
        found = verify.one("--allow-host", f"127.0.0.1:{gate.port}", status=0)
    assert (found["verdict"], found["reads"][0]["moved_by"], other.asked) == ("accepted", "GATEWAY", [])


def test_an_address_that_is_written_in_the_code_is_not_asked(
    verify: Verify, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", KEY[::-1])
    with serving(checks) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        moved = "model='openai/gpt-4o', base_url='https://gateway.example/v1'"
        plant(elsewhere, {**PROJECT, "main.py": crew(moved)})
        assert "the code itself sends all" in verify.one(*LOCAL, status=5)["reads"][0]["because"]
        assert gate.asked == []
        plant(elsewhere, {"main.py": crew(moved, "model='openai/gpt-4o'")})
        assert "whose key it may be" in verify.one(*LOCAL, status=5)["reads"][0]["because"]


def test_a_variable_of_the_projects_own_name_is_sent_to_the_service_it_is_for(
    verify: Verify, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
):
    plant(elsewhere, {**PROJECT, "main.py": crew("model='openai/gpt-4o', api_key=os.environ['CREW_OWN_KEY']")})
    monkeypatch.setenv("CREW_OWN_KEY", KEY)
    with serving(checks) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        found = verify.one(*LOCAL, status=0)
    assert (found["names"], found["verdict"]) == (["CREW_OWN_KEY"], "accepted")


def test_a_key_that_the_program_itself_loads_is_not_called_missing(verify: Verify, elsewhere: Path):
    loads = "from dotenv import load_dotenv\nload_dotenv()\n"
    plant(elsewhere, {**PROJECT, ".env": f"GROQ_API_KEY={KEY}\n"})
    main = elsewhere / "main.py"
    main.write_text(loads + main.read_text())
    (found,) = verify(status=5)["credentials"]
    assert found["presence"] == "unknown"
    assert "load_dotenv" in found["brought_by"]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """As from a shell."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME")}
    return subprocess.run(
        [sys.executable, "-m", "keyhop", "verify", *words],
        env={**kept, "PYTHONPATH": ":".join(sys.path), **environment},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_command_takes_the_process_over_only_if_all_holds():
    shows = ("--", sys.executable, "-c", "import os, sys; print(os.getppid(), sys.argv[1:]); sys.exit(7)", "--", "-x")
    started = run("--require", "openai", *shows, OPENAI_API_KEY=KEY)
    assert (started.returncode, started.stdout.split(" ", 1)) == (7, [str(os.getpid()), "['--', '-x']\n"])
    assert "there: OPENAI_API_KEY" in started.stderr
    refused = run("--require", "openai", *shows)
    assert (refused.returncode, refused.stdout) == (78, "")
    assert "is not started" in refused.stderr
    absent = run("--require", "openai", "--", "no-such-program", OPENAI_API_KEY=KEY)
    assert (absent.returncode, "no-such-program" in absent.stderr) == (78, True)


def test_a_command_that_reads_a_pipe_ends_with_it_as_ever():
    """Python ignores SIGPIPE, and what takes its place would inherit that."""
    words = f"{sys.executable} -m keyhop verify --require openai -- sh -c 'yes; echo status $? >&2' | head -1"
    done = subprocess.run(
        ["sh", "-c", words], env={**os.environ, "OPENAI_API_KEY": KEY, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "Broken pipe" not in done.stderr


def test_what_cannot_be_told_starts_a_command_only_by_request():
    with serving(lambda _: Says(503)) as gate:
        asked = ("--live", "--require", "openai", *LOCAL)
        environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{gate.url}/v1"}
        kept = run(*asked, "--", "echo", "started", **environment)
        assert (kept.returncode, kept.stdout) == (78, "")
        begun = run(*asked, "--unless-rejected", "--", "echo", "started", **environment)
        assert (begun.returncode, begun.stdout) == (0, "started\n")


def test_the_report_for_people_says_what_was_asked_and_what_to_do(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(lambda _: Says(401, json.dumps(WRONG))) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        text = verify.text("--live", "--require", "openai", *LOCAL)
    assert text.splitlines()[0] == "rejected: OPENAI_API_KEY  OpenAI"
    assert f"asked {gate.url}, which OPENAI_BASE_URL names, status 401" in text
    assert text.splitlines()[-1].startswith("1 rejected")
