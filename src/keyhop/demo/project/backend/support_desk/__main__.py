"""Answers the tickets of a file in this one process: ``python -m support_desk tickets.json``."""

from dotenv import load_dotenv

load_dotenv()

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from support_desk.crew import answer  # noqa: E402
from support_desk.tickets import load  # noqa: E402

for ticket in load(Path(sys.argv[1])):
    reply = answer(ticket)
    print(f"#{ticket.id} {reply.category}: {reply.text}", flush=True)
