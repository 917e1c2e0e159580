"""Times ``keyhop.require`` beside a bare Python, and beside what CrewAI itself says of the same fault.

    python bench/guard.py [ROUNDS]

Asserts no time: it prints medians of one run on one machine. CrewAI asks a provider on this machine, or nobody.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measuring import in_turn

from keyhop.demo.provider import LoopbackProvider

KEY = "keyhop-bench-0123456789abcdef"
ANTHROPIC = f"sk-ant-api03-{'a' * 93}AA"
QUIET = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "OTEL_SDK_DISABLED": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "PYTHON_DOTENV_DISABLED": "1",
}


@dataclass(frozen=True)
class Fault:
    """One way to lack a credential, as a worker is started."""

    title: str
    model: str
    require: str
    shell: Mapping[str, str] = field(default_factory=dict)


FAULTS = (
    Fault("OpenAI: no key", "gpt-4o", "openai"),
    Fault("OpenAI: an empty key", "gpt-4o", "openai", {"OPENAI_API_KEY": ""}),
    Fault("OpenAI: quotes kept", "gpt-4o", "openai", {"OPENAI_API_KEY": f'"{KEY}"'}),
    Fault("OpenAI: a line end", "gpt-4o", "openai", {"OPENAI_API_KEY": f"{KEY}\n"}),
    Fault("OpenAI: a placeholder", "gpt-4o", "openai", {"OPENAI_API_KEY": "your-api-key-here"}),
    Fault("OpenAI: Anthropic's key", "gpt-4o", "openai", {"OPENAI_API_KEY": ANTHROPIC}),
    Fault("Anthropic: no key", "anthropic/claude-sonnet-4-5", "anthropic"),
    Fault("Anthropic: an empty key", "anthropic/claude-sonnet-4-5", "anthropic", {"ANTHROPIC_API_KEY": ""}),
    Fault("Anthropic: a line end", "anthropic/claude-sonnet-4-5", "anthropic", {"ANTHROPIC_API_KEY": f"{KEY}\n"}),
    Fault("Azure: a key, no endpoint", "azure/gpt-4o", "azure", {"AZURE_API_KEY": KEY}),
    Fault("Gemini: no key", "gemini/gemini-2.5-pro", "gemini"),
    Fault("DeepSeek: no key", "deepseek/deepseek-chat", "deepseek"),
    Fault("Groq through LiteLLM: no key", "groq/llama-3.3-70b", "groq"),
)
"""Failures of CrewAI that show in the process itself. The others take a request, as ``keyhop verify`` makes."""

CREW = """\
import sys
from crewai import Agent, Crew, LLM, Task
agent = Agent(role="Researcher", goal="g", backstory="b", llm=LLM(sys.argv[1]))
print(Crew(agents=[agent], tasks=[Task(description="d", expected_output="e", agent=agent)]).kickoff())
"""
BESIDE = """\
import json, time, crewai
took = []
for _ in range(2):
    began = time.perf_counter()
    import keyhop
    keyhop.require("openai")
    took.append(time.perf_counter() - began)
print(json.dumps(took))
"""


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with TemporaryDirectory(prefix="keyhop-bench-") as directory:
        where = Path(directory)
        _start(rounds)
        _beside(where, max(3, rounds // 5))
        _faults(where, max(1, rounds // 5))
    return 0


def _start(rounds: int) -> None:
    os.environ["OPENAI_API_KEY"] = KEY
    programs = {
        "python": [sys.executable, "-c", "pass"],
        "require": [sys.executable, "-c", 'import keyhop; keyhop.require("openai")'],
    }
    runs = in_turn(programs, rounds)
    del os.environ["OPENAI_API_KEY"]
    print("a process that requires a key it has")
    for name, each in runs.items():
        print(f"  {name:8} {each.middle * 1000:6.1f} ms")
    print(f"  more     {(runs['require'].middle - runs['python'].middle) * 1000:6.1f} ms")


def _beside(where: Path, rounds: int) -> None:
    took = [json.loads(_run(["-c", BESIDE], where, {"OPENAI_API_KEY": KEY})[1]) for _ in range(rounds)]
    first, second = (median(each) * 1000 for each in zip(*took, strict=True))
    print(f"\nin a process that has imported CrewAI: {first:.1f} ms the first time, {second:.1f} ms the second")


def _faults(where: Path, rounds: int) -> None:
    (where / "crew.py").write_text(CREW)
    print("\nfrom the start of a worker to its error, seconds: keyhop, CrewAI, and what CrewAI says")
    with LoopbackProvider(KEY, lambda text: "Final Answer: done") as provider:
        hosts = {"OPENAI_BASE_URL": provider.url, "ANTHROPIC_BASE_URL": provider.url.removesuffix("/v1")}
        for fault in FAULTS:
            code = f"import keyhop; keyhop.require({fault.require!r})"
            ours = [_run(["-c", code], where, fault.shell) for _ in range(rounds)]
            theirs = _run(["crew.py", fault.model], where, {**hosts, **fault.shell})
            assert all(status == 1 for _, _, status, _ in ours), f"{fault.title}: keyhop says nothing"
            seconds = median(took for took, *_ in ours)
            print(f"  {fault.title:30} {seconds:5.2f}  {theirs[0]:6.2f}  {_last(theirs[3])}")


def _run(words: list[str], where: Path, shell: Mapping[str, str]) -> tuple[float, str, int, str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(where), **QUIET, **shell}
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *words], cwd=where, env=environment, capture_output=True, text=True)
    return time.perf_counter() - began, done.stdout, done.returncode, done.stderr


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "^"))]
    return lines[-1][:90] if lines else "nothing: it ends well"


if __name__ == "__main__":
    raise SystemExit(main())
