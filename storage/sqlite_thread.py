"""What runs on a SQLite connection's own thread.

Transactions that queue behind one another share one transaction of SQLite's and so
one wait for the disk: the first begins it, each later one is a savepoint inside.
"""

import logging
import sqlite3
from typing import Any, TypeAlias, cast

from storage.database import Row
from storage.errors import DatabaseUnusable, StorageError

log = logging.getLogger(__name__)

Parameters: TypeAlias = dict[str, Any]
Queue: TypeAlias = list[tuple[str, Parameters | list[Parameters]]]


class Group:
    """Transactions that are committed together. Touched on the thread alone, but for ``erases``,
    which is set before the commit is asked for.
    """

    __slots__ = ("begun", "erases", "lost")

    def __init__(self) -> None:
        self.begun = False
        self.erases = False  # what is deleted must not stay in the write-ahead log
        self.lost: Exception | None = None  # why none of them can be committed any more


class Part:
    """One transaction of a group. Touched on the thread alone."""

    __slots__ = ("begun", "group", "inside")

    def __init__(self, group: Group) -> None:
        self.group = group
        self.begun = False
        self.inside = False  # in a savepoint: others of the group came before


def fetch(
    part: Part | None,
    queue: Queue,
    sql: str,
    parameters: Parameters,
    connection: sqlite3.Connection,
) -> list[Row]:
    run(part, queue, connection)
    return connection.execute(sql, parameters).fetchall()


def fetchrow(
    part: Part | None,
    queue: Queue,
    sql: str,
    parameters: Parameters,
    connection: sqlite3.Connection,
) -> Row | None:
    run(part, queue, connection)
    return cast("Row | None", connection.execute(sql, parameters).fetchone())


def run(part: Part | None, queue: Queue, connection: sqlite3.Connection) -> None:
    """Run the queued statements, after the beginning of ``part`` where it has none yet."""
    if part is not None and not part.begun:
        _begin(part, connection)
    for sql, parameters in queue:
        if isinstance(parameters, list):
            connection.executemany(sql, parameters)
        else:
            connection.execute(sql, parameters)


def _begin(part: Part, connection: sqlite3.Connection) -> None:
    group = part.group
    if connection.in_transaction and not group.begun:
        connection.execute("ROLLBACK")  # what an earlier group could not
    part.inside = connection.in_transaction
    connection.execute("SAVEPOINT part" if part.inside else "BEGIN IMMEDIATE")
    part.begun = group.begun = True


def finish(
    part: Part, queue: Queue, last: bool, connection: sqlite3.Connection
) -> Exception | None:
    """Run the rest of ``part`` and, as the ``last`` of its group, commit the group.

    Returns the part's own failure, which leaves the others as they are; raises the
    group's.
    """
    failure: Exception | None = None
    try:
        run(part, queue, connection)
        if part.inside:
            connection.execute("RELEASE part")
    except Exception as error:  # noqa: BLE001 - it is handed on
        failure = error
        _undo(part, error, connection)
    if last:
        commit(part.group, connection)
    return failure


def take_back(part: Part, cause: BaseException, last: bool, connection: sqlite3.Connection) -> None:
    """Undo ``part`` and, as the ``last`` of its group, commit the others."""
    _undo(part, cause, connection)
    if last:
        commit(part.group, connection)


def commit(group: Group, connection: sqlite3.Connection) -> None:
    """Put the group on the disk, whole; raises why it is not there."""
    try:
        if group.lost is not None:
            raise group.lost
        if connection.in_transaction:
            connection.execute("COMMIT")
            if group.erases:
                _empty_log(connection)
    finally:
        if connection.in_transaction:
            _roll_back(connection)


def _empty_log(connection: sqlite3.Connection) -> None:
    """Best effort, for it is committed: while another process reads, the next time will do."""
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        log.warning("the write-ahead log cannot be emptied just now")


def _undo(part: Part, cause: BaseException, connection: sqlite3.Connection) -> None:
    if not part.begun:
        return
    if not part.inside:
        if connection.in_transaction:
            _roll_back(connection)
    elif connection.in_transaction:
        connection.execute("ROLLBACK TO part")
        connection.execute("RELEASE part")
    else:
        # On a full disk, say, SQLite takes back everything, those before us included
        # (https://sqlite.org/lang_transaction.html, "Response To Errors").
        known = isinstance(cause, StorageError | sqlite3.Error)
        part.group.lost = (
            cast("Exception", cause)
            if known
            else DatabaseUnusable("một lần ghi không thành", "Hãy thử lại.")
        )


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("ROLLBACK")
    except sqlite3.Error:
        log.exception("could not roll back")
