"""Times ``keyhop explain`` on a large log beside ``grep -c Error``.

    python bench/explain.py [MEGABYTES]

The log is of eight workers and mostly ordinary lines; in between they fail, line by line in turn. Asserts no time.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import in_turn

TRACE = """\
[2026-11-25 06:42:15,123: ERROR/ForkPoolWorker-2] Task crew.run[{id}] raised unexpected: AuthenticationError()
Traceback (most recent call last):
  File "/app/tasks.py", line 12, in run
    return crew.kickoff()
  File "/usr/lib/python3.11/site-packages/crewai/crew.py", line 640, in kickoff
    result = self._run_sequential_process()
  File "/usr/lib/python3.11/site-packages/openai/_base_client.py", line 1047, in request
    raise self._make_status_error_from_response(err.response) from None
openai.AuthenticationError: Error code: 401 - {{'error': {{'message': 'Incorrect API key provided: sk-ab***cd.', \
'type': 'invalid_request_error', 'param': None, 'code': 'invalid_api_key'}}}}
"""
ORDINARY = (
    "[2026-11-25 06:42:15,123: INFO/MainProcess] Task crew.run[{id}] received",
    "2026-11-25 06:42:15,456 INFO crewai.flow.runtime the task {id} has ended well, and some more words besides",
    '172.18.0.7 - - [25/Nov/2026:06:42:15 +0000] "POST /jobs/{id} HTTP/1.1" 200 512 "-" "python-requests/2.32"',
)
EVERY = 4000
"""Ordinary lines to one failure."""


def lines(size: int) -> Iterator[str]:
    """A log of about that many bytes."""
    chance = random.Random(4711)
    written = number = 0
    while written < size:
        number += 1
        if number % EVERY:
            worker, text = chance.randint(1, 8), ORDINARY[number % 3].format(id=f"{number:08x}")
            told = [f"worker-{worker}  | {text}\n"]
        else:
            pair = chance.sample(range(1, 9), 2)
            text = TRACE.format(id=f"{number:08x}")
            told = [f"worker-{worker}  | {line}\n" for line in text.splitlines() for worker in pair]
        yield from told
        written += sum(map(len, told))


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with TemporaryDirectory(prefix="keyhop-bench-") as directory:
        log = Path(directory) / "workers.log"
        with log.open("w") as file:
            file.writelines(lines(size * 1_000_000))
        explain = [sys.executable, "-m", "keyhop", "explain", str(log)]
        grep = ["sh", "-c", 'grep -c Error "$1" | cat', "sh", str(log)]  # into a pipe: into nothing, it stops early
        runs = in_turn({"grep": grep, "keyhop": explain}, 1)
        print(f"a log of {log.stat().st_size / 1e6:.0f} MB")
        for name, each in runs.items():
            ratio = each.middle / runs["grep"].middle
            print(f"  {name:7} {each.middle:6.2f} s  {ratio:5.1f} of grep -c Error  {each.peak / 1e6:4.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
