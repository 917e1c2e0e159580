"""Answers the tickets of a file, one after the other, in this one process."""

import sys
from pathlib import Path

from support_desk.crew import answer
from support_desk.tickets import load


def main() -> None:
    for ticket in load(Path(sys.argv[1])):
        reply = answer(ticket)
        print(f"#{ticket.id} {reply.category}: {reply.text}", flush=True)


if __name__ == "__main__":
    main()
