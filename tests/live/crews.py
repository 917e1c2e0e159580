"""Code that runs beside the real CrewAI, in a process of its own, and prints what it saw as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from textwrap import dedent
from typing import Any

QUIET = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "OTEL_SDK_DISABLED": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "PYTHON_DOTENV_DISABLED": "1",
}


def seen(code: str, where: Path, **shell: str) -> dict[str, Any]:
    """What `code` leaves in ``seen``, a dictionary; all that it prints besides is under ``printed``."""
    told = where / "seen.json"
    script = where / "crew.py"
    body = "import json, os, sys\nseen = {}\n" + dedent(code)
    script.write_text(body + f"\njson.dump(seen, open({str(told)!r}, 'w'))\n")
    environment = {
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}/usr/bin:/bin",
        "HOME": str(where),
        **QUIET,
        **shell,
    }
    done = subprocess.run(
        [sys.executable, str(script)], cwd=where, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return {**json.loads(told.read_text()), "printed": done.stdout + done.stderr}
