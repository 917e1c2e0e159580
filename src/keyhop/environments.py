"""Where a project's virtual environment lies: inside the project, as uv puts it, or elsewhere.

It matters since ``import crewai`` loads the ``.env`` that it finds above its own files (CrewAI 1.15.30, llm.py
and project/crew_base.py: ``load_dotenv()`` without a path).
"""

from __future__ import annotations

import re

from keyhop.promises import Promises
from keyhop.span import Undecodable
from keyhop.tree import Tree

_MADE = re.compile(r"\b(?:python3?(?:\.\d+)?\s+-m\s+venv|virtualenv|uv\s+venv)(?:\s+-\S+)*\s+(?![/~$-])[\w.-]+")
_BY_UV = re.compile(r"\buv\s+(?:run|sync|venv)\b|\bcrewai\s+(?:install|run|flow)\b")
_OWN = re.compile(r"^\[tool\.(?:uv|crewai)\b", re.M)


def lies_inside(tree: Tree, promises: Promises, directory: str) -> bool | None:
    """Whether the environment that runs code of `directory` lies inside the project. None: nothing tells.

    uv and ``crewai run`` make it there; so does a document that says ``python -m venv .venv``.
    """
    while True:
        prefix = f"{directory}/" if directory else ""
        if tree.has(f"{prefix}uv.lock") or _has(tree, f"{prefix}pyproject.toml", _OWN):
            return True
        if _has(tree, f"{prefix}poetry.toml", re.compile(r"^\s*in-project\s*=\s*true", re.M)):
            return True
        if not directory:
            break
        directory = directory.rpartition("/")[0]
    told = any(_MADE.search(text) or _BY_UV.search(text) for _, text in promises.documents)
    return True if told else None


def _has(tree: Tree, path: str, pattern: re.Pattern[str]) -> bool:
    source = tree.source(path) if tree.has(path) else None
    try:
        return source is not None and pattern.search(source.text) is not None
    except Undecodable:
        return False
