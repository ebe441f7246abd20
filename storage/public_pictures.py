"""Public pictures: what a platform may fetch by a name that cannot be guessed, for some days."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """``picture`` and ``content`` (JSON) are what ``pictures.draw`` takes."""

    picture: str
    content: str
    expires_at: datetime


# The same picture published again is the same row, kept longer.
_KEEP = """
    INSERT INTO public_picture (name, address_id, picture, content, expires_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (name) DO UPDATE SET expires_at = excluded.expires_at
    WHERE excluded.expires_at > public_picture.expires_at
"""


async def keep(
    connection: Connection, name: str, address_id: int | None, kept: PublicPicture
) -> None:
    """Published under that name until it expires, or until its owner is erased.

    Without an owner it belongs to nobody and holds nothing of anybody's.
    """
    await connection.execute(
        _KEEP, name, address_id, kept.picture, kept.content, to_ms(kept.expires_at)
    )


_GET = """
    SELECT picture, content, expires_at FROM public_picture WHERE name = $1 AND expires_at > $2
"""


async def get(connection: Connection, name: str, now: datetime) -> PublicPicture | None:
    """The picture of that name; ``None`` when there is none, or none any more."""
    row = await connection.fetchrow(_GET, name, to_ms(now))
    if row is None:
        return None
    picture, content, expires_at = row
    return PublicPicture(picture, content, from_ms(expires_at))


_FORGET = "DELETE FROM public_picture WHERE expires_at <= $1"


async def forget_expired(connection: Connection, now: datetime) -> None:
    await connection.execute(_FORGET, to_ms(now))
