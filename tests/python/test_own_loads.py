"""keyhop.load() and keyhop.attach() in code that ``keyhop check`` reads: what they bring, and what they may bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyhop.api import check
from planting import plant

KEY = "OPENAI_API_KEY=sk-proj-Q7w2Er9tYuLp4AsDfGhJkZ1xCvBnM5tY\n"
CREW = "from openai import OpenAI\nOpenAI().models.list()\n"
HOST = {".env": KEY, "README.md": "```sh\npython main.py\n```\n"}
CONTAINER = {
    ".env": KEY,
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
    "compose.yaml": "services:\n  crew:\n    build: .\n",
}
TASKS = 'from celery import Celery\nimport keyhop\napp = Celery("tasks")\nkeyhop.attach(app, "openai")\n\n'
TASKS += "@app.task\ndef work():\n    " + CREW.replace("\n", "\n    ").rstrip() + "\n"
WORKER = {
    **CONTAINER,
    "tasks.py": TASKS,
    "main.py": "from tasks import work\nwork.delay()\n",
    "compose.yaml": "services:\n  worker:\n    build: .\n    command: celery -A tasks worker\n",
}

CASES = {
    "the .env of the project": ({**HOST, "main.py": f"import keyhop\nkeyhop.load()\n{CREW}"}, "arrives"),
    "its provider": ({**HOST, "main.py": f'import keyhop\nkeyhop.load("openai")\n{CREW}'}, "arrives"),
    "a store outside": (
        {**HOST, "main.py": f'import keyhop\nkeyhop.load(stores=[{{"kind": "vault", "path": "x"}}])\n{CREW}'},
        "unknown",
    ),
    "stores that the project declares": (
        {
            **CONTAINER,
            "main.py": f"import keyhop\nkeyhop.load()\n{CREW}",
            "pyproject.toml": '[tool.keyhop]\nstores = [{kind = "vault", path = "crew"}]\n',
        },
        "unknown",
    ),
    "without a load": ({**CONTAINER, "main.py": CREW}, "lost"),
    "a name that is not the one": ({**CONTAINER, "main.py": f'import keyhop\nkeyhop.load("groq")\n{CREW}'}, "lost"),
    "the environment alone": (
        {**CONTAINER, "main.py": f'import keyhop\nkeyhop.load(stores=["environment"])\n{CREW}'},
        "lost",
    ),
    "after the client": ({**CONTAINER, "main.py": f"import keyhop\n{CREW}keyhop.load()\n"}, "lost"),
    "a container, which may have mounted files": (
        {**CONTAINER, ".dockerignore": ".env\n", "main.py": f"import keyhop\nkeyhop.load()\n{CREW}"},
        "unknown",
    ),
    "a container into which the file is copied": (
        {**CONTAINER, "main.py": f"import keyhop\nkeyhop.load()\n{CREW}"},
        "arrives",
    ),
    "a worker of the attached app": (WORKER, "arrives"),
    "a pool that keyhop may be attached to": (
        {
            **HOST,
            "work.py": f"def work(x):\n    {CREW.replace(chr(10), chr(10) + '    ').rstrip()}\n",
            "main.py": (
                "import keyhop, multiprocessing\nfrom work import work\n"
                'if __name__ == "__main__":\n'
                '    pool = keyhop.attach(multiprocessing.Pool(2), "openai")\n'
                "    pool.map(work, [1])\n"
            ),
        },
        "unknown",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_keyhop_brings(case: str, tmp_path: Path):
    files, verdict = CASES[case]
    plant(tmp_path, files)
    found = [str(each.verdict.name).lower() for each in check(tmp_path).trails if each.name == "OPENAI_API_KEY"]
    assert found
    assert set(found) == {verdict}
