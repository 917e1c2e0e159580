"""What other programs say of a project does not become worse by its mends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from mended_projects import mended

from keyhop.api import check, fix
from literate import Case, cases
from testbed.compose_program import config, docker_compose

RULES = sorted((Path(__file__).parents[1] / "rules").glob("*.md"))
BAD = [case for page in RULES for case in cases(page) if case.kind == "bad"]
BINARIES = Path(sys.executable).parent

each_compose = pytest.mark.parametrize(
    "case", [case for case in BAD if "compose.yaml" in case.files], ids=lambda case: f"{case.rule}-{case.title}"
)


@pytest.mark.skipif(docker_compose() is None, reason="docker-compose is not installed")
@each_compose
def test_docker_compose_takes_what_it_took(case: Case, tmp_path: Path):
    program = docker_compose()
    assert program is not None
    case.write(tmp_path)
    before = config(program, tmp_path)
    repair, _ = fix(tmp_path, unsafe=True)
    if before is None or not repair.now:
        return
    after = config(program, tmp_path)
    assert after is not None
    assert unmended(after) == unmended(before)


def unmended(said: dict[str, object]) -> object:
    """All that Compose says, but for what processes have in their environment."""
    text = json.dumps(said, sort_keys=True)
    return json.loads(text, object_hook=lambda found: {k: v for k, v in found.items() if k != "environment"})


DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /app
COPY crew.py .
ENV MODE=fast \\
    OPENAI_API_KYE=sk-proj-1
CMD ["python", "crew.py"]
"""


@pytest.mark.skipif(not (BINARIES / "hadolint").is_file(), reason="hadolint is not installed")
def test_a_key_in_a_dockerfile_is_not_named_right_for_hadolint_warns_of_that(tmp_path: Path):
    files = {"Dockerfile": DOCKERFILE, "compose.yaml": "services:\n  crew:\n    build: .\n"}
    assert mended(tmp_path, files, unsafe=True).now == {}
    assert "misspelt-variable-name" in {each.rule for each in check(tmp_path).findings}
    named = found_by_hadolint(tmp_path, DOCKERFILE.replace("KYE", "KEY"))
    assert set(named - found_by_hadolint(tmp_path, DOCKERFILE)) == {"DL3064"}


def found_by_hadolint(root: Path, text: str) -> Counter[str]:
    (root / "Linted").write_text(text)
    command = [BINARIES / "hadolint", "--format", "json", "--no-fail", "Linted"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return Counter(each["code"] for each in json.loads(run.stdout))
