"""Transactions of one SQLite connection that share one wait for the disk.

The first of a group begins a transaction of SQLite's, each later one is a savepoint
inside it, and one commit puts all of them on the disk.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import cast

from storage.errors import DatabaseUnusable, StorageError

log = logging.getLogger(__name__)


class Group:
    """Transactions that are committed together."""

    __slots__ = ("begun", "erases", "lost")

    def __init__(self) -> None:
        self.begun = False
        self.erases = False  # what is deleted must not stay in the write-ahead log
        self.lost: Exception | None = None  # why none of them can be committed any more


class Part:
    """One transaction of a group."""

    __slots__ = ("begun", "group", "inside")

    def __init__(self, group: Group) -> None:
        self.group = group
        self.begun = False
        self.inside = False  # in a savepoint: others of the group came before

    def begin(self, connection: sqlite3.Connection) -> None:
        """Raises ``sqlite3.OperationalError`` at once while another process writes."""
        if connection.in_transaction and not self.group.begun:
            connection.execute("ROLLBACK")  # what an earlier group could not
        self.inside = connection.in_transaction
        connection.execute("SAVEPOINT part" if self.inside else "BEGIN IMMEDIATE")
        self.begun = self.group.begun = True

    def begun_elsewhere(self) -> None:
        """``begin_patiently`` has done for this part what ``begin`` could not."""
        self.begun = self.group.begun = True

    def keep(self, connection: sqlite3.Connection) -> None:
        """It is whole, and will be committed with its group."""
        if self.begun and self.inside:
            connection.execute("RELEASE part")

    def undo(self, cause: BaseException, connection: sqlite3.Connection) -> None:
        """Take back this part alone. Never raises."""
        if not self.begun:
            return
        if not self.inside:
            if connection.in_transaction:
                _roll_back(connection)
        elif connection.in_transaction:
            connection.execute("ROLLBACK TO part")
            connection.execute("RELEASE part")
        else:
            # On a full disk, say, SQLite takes back everything, those before us included
            # (https://sqlite.org/lang_transaction.html, "Response To Errors").
            known = isinstance(cause, StorageError | sqlite3.Error)
            self.group.lost = (
                cast("Exception", cause)
                if known
                else DatabaseUnusable("một lần ghi không thành", "Hãy thử lại.")
            )


def begin_patiently(patience: timedelta, connection: sqlite3.Connection) -> None:
    """Begin as the first of a group, waiting so long for another process's write to end."""
    with _patience(patience, connection):
        connection.execute("BEGIN IMMEDIATE")


def commit(group: Group, patience: timedelta, connection: sqlite3.Connection) -> None:
    """Put the group on the disk, whole; raises why it is not there."""
    try:
        if group.lost is not None:
            raise group.lost
        if connection.in_transaction:
            connection.execute("COMMIT")
            if group.erases:
                _empty_log(patience, connection)
    finally:
        if connection.in_transaction:
            _roll_back(connection)


def _empty_log(patience: timedelta, connection: sqlite3.Connection) -> None:
    """Best effort, for it is committed: while another process reads, the next time will do."""
    try:
        with _patience(patience, connection):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        log.warning("the write-ahead log cannot be emptied just now")


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("ROLLBACK")
    except sqlite3.Error:
        log.exception("could not roll back")


@contextmanager
def _patience(patience: timedelta, connection: sqlite3.Connection) -> Iterator[None]:
    wait = round(patience.total_seconds() * 1000)
    connection.execute(f"PRAGMA busy_timeout = {wait}")
    try:
        yield
    finally:
        connection.execute("PRAGMA busy_timeout = 0")
