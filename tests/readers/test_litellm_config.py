"""The configuration of a LiteLLM proxy: what the service that runs it needs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from keyhop.api import check
from keyhop.readers.litellm_config import READER
from keyhop.report import Report

CONFIG = """\
model_list:
  - model_name: gpt
    litellm_params:
      model: azure/gpt-4o
      api_base: https://models.openai.azure.com
      api_key: os.environ/TEAM_AZURE_KEY
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
  - model_name: local
    litellm_params:
      model: ollama/llama3
"""
COMPOSE = """\
services:
  proxy:
    image: ghcr.io/berriai/litellm:main-stable
    command: ["--config", "/app/config.yaml"]
    volumes:
      - ./llm/config.yaml:/app/config.yaml
    environment:
      TEAM_AZURE_KEY: FakeKeyForTests0001
  other:
    image: redis:7
    volumes:
      - ./llm/config.yaml:/app/config.yaml
"""


def report(root: Path, config: str = CONFIG, compose: str = COMPOSE) -> Report:
    (root / "llm").mkdir()
    (root / "llm" / "config.yaml").write_text(config, "utf-8")
    (root / "compose.yaml").write_text(compose, "utf-8")
    return check(root)


@pytest.mark.parametrize("name", ["litellm_config.yaml", "config.yaml", "proxy_server_config.yaml"])
def test_the_usual_names_of_a_configuration_are_looked_at(name: str):
    assert any(fnmatchcase(name, claim) for claim in READER.claims)


def told(found: Report) -> dict[str, str]:
    return {f"{t.need.owner.rpartition('#')[2]} {t.need.credential}": t.verdict.word for t in found.trails}


def test_the_proxy_needs_the_variables_it_names_and_those_that_litellm_reads_by_itself(tmp_path: Path):
    assert told(report(tmp_path)) == {"proxy TEAM_AZURE_KEY": "arrives", "proxy ANTHROPIC_API_KEY": "lost"}


def test_a_key_that_the_proxy_does_not_get_is_a_finding_at_the_model_that_needs_it(tmp_path: Path):
    (found,) = report(tmp_path).findings
    assert "model claude of the proxy" in found.message
    assert [str(note.span) for note in found.related] == ["llm/config.yaml:9"]


@pytest.mark.parametrize(
    ("config", "compose"),
    [
        ("model_list: []\n", COMPOSE),
        ("litellm_params: {model: openai/gpt-4o}\n", COMPOSE),
        ("model_list:\n  - litellm_params: [\n", COMPOSE),
        ("model_list:\n  - litellm_params: {api_key: 7, model: {}}\n  - 5\n", COMPOSE),
        (CONFIG, COMPOSE.replace("/app/config.yaml\n    env", "/app/other.yaml\n    env")),
        (CONFIG, COMPOSE.replace("ghcr.io/berriai/litellm:main-stable", "redis:7")),
    ],
    ids=["empty", "no list", "no YAML", "of other types", "mounted elsewhere", "no proxy"],
)
def test_what_is_no_configuration_of_a_proxy_needs_nothing(tmp_path: Path, config: str, compose: str):
    assert told(report(tmp_path, config, compose)) == {}
