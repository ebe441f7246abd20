"""How many lines each channel sent in each month, for platforms that give or sell so many."""

from dataclasses import dataclass

from storage.database import Connection

_ADD = """
    INSERT INTO channel_month (channel, month, sent) VALUES ($1, $2, $3)
    ON CONFLICT (channel, month) DO UPDATE SET sent = channel_month.sent + excluded.sent
    RETURNING sent
"""
# At most as many as the platform lets a channel have, and found by the index.
_ADDRESSES = "SELECT COUNT(*) FROM (SELECT 1 FROM address WHERE channel = $1 LIMIT $2) AS known"


@dataclass(frozen=True, slots=True)
class Counted:
    """``sent`` lines this month, to anybody; ``addresses`` is counted up to a bound only."""

    sent: int
    addresses: int


async def add(
    connection: Connection, channel: str, month: str, lines: int, *, most_addresses: int
) -> Counted:
    """Count so many lines more in ``month`` ("2026-11"); none only looks."""
    sent = await connection.fetchval(_ADD, channel, month, lines)
    addresses = await connection.fetchval(_ADDRESSES, channel, most_addresses)
    return Counted(int(sent), int(addresses))


_SENT = "SELECT sent FROM channel_month WHERE channel = $1 AND month = $2"


async def look(connection: Connection, channel: str, month: str, *, most_addresses: int) -> Counted:
    """What is counted of that month so far."""
    sent = await connection.fetchval(_SENT, channel, month)
    addresses = await connection.fetchval(_ADDRESSES, channel, most_addresses)
    return Counted(int(sent or 0), int(addresses))
