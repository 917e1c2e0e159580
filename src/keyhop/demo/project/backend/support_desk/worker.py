"""A worker: takes tickets from the inbox, and files the crew's replies."""

import argparse
import time

from support_desk.crew import answer
from support_desk.inbox import Inbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m support_desk.worker")
    parser.add_argument("--urgent", action="store_true", help="take urgent tickets only")
    parser.add_argument("--until-empty", action="store_true", help="stop when no ticket is left")
    arguments = parser.parse_args()
    inbox = Inbox()
    while True:
        with inbox.next(urgent=arguments.urgent) as ticket:
            if ticket is not None:
                reply = answer(ticket)
                inbox.file(reply)
                print(f"#{ticket.id} {reply.category}: {reply.text}", flush=True)
                continue
        if arguments.until_empty:
            return
        time.sleep(1)


if __name__ == "__main__":
    main()
