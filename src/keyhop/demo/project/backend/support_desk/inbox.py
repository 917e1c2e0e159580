"""The inbox that the web process fills and the workers empty: one SQLite file on a volume they share."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support_desk.tickets import Reply, Ticket, load

TICKETS = "CREATE TABLE IF NOT EXISTS tickets (id INTEGER PRIMARY KEY, customer, urgent, text, taken DEFAULT 0)"
REPLIES = "CREATE TABLE IF NOT EXISTS replies (ticket INTEGER PRIMARY KEY, category, text)"


class Inbox:
    def __init__(self, path: Path = Path("data/inbox.db")) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._transaction() as db:
            db.execute(TICKETS)
            db.execute(REPLIES)

    def put(self, ticket: Ticket) -> None:
        with self._transaction() as db:
            db.execute(
                "INSERT INTO tickets (id, customer, urgent, text) VALUES (?, ?, ?, ?)",
                (ticket.id, ticket.customer, ticket.urgent, ticket.text),
            )

    @contextmanager
    def next(self, *, urgent: bool) -> Iterator[Ticket | None]:
        """The next ticket, kept from other workers meanwhile. It goes back to the inbox if the body fails."""
        ticket = self._take(urgent)
        try:
            yield ticket
        except BaseException:
            if ticket is not None:
                self._put_back(ticket)
            raise

    def file(self, reply: Reply) -> None:
        with self._transaction() as db:
            db.execute("INSERT INTO replies VALUES (?, ?, ?)", (reply.ticket, reply.category, reply.text))

    def replies(self) -> list[Reply]:
        with self._transaction() as db:
            return [Reply(*row) for row in db.execute("SELECT ticket, category, text FROM replies ORDER BY ticket")]

    def _take(self, urgent: bool) -> Ticket | None:
        with self._transaction() as db:
            row = db.execute(
                "SELECT id, customer, urgent, text FROM tickets WHERE urgent = ? AND NOT taken ORDER BY id LIMIT 1",
                (urgent,),
            ).fetchone()
            if row is None:
                return None
            db.execute("UPDATE tickets SET taken = 1 WHERE id = ?", (row[0],))
        return Ticket(id=row[0], customer=row[1], urgent=bool(row[2]), text=row[3])

    def _put_back(self, ticket: Ticket) -> None:
        with self._transaction() as db:
            db.execute("UPDATE tickets SET taken = 0 WHERE id = ?", (ticket.id,))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()


def main() -> None:
    """Puts the tickets of a file into the inbox."""
    inbox = Inbox()
    for ticket in load(Path(sys.argv[1])):
        inbox.put(ticket)


if __name__ == "__main__":
    main()
