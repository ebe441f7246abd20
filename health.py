"""What ``GET /healthz`` says: each part, whether it is well, and if not why."""

import logging
from collections.abc import Mapping
from typing import Any

from channels.base import Channel
from channels.base import Health as Part
from lessons.catalogue import Catalogue
from outbox.schedule import Schedule
from storage.database import Database
from storage.errors import StorageError

log = logging.getLogger("hocso")


class Health:
    """Asks every part. All of them are well, or the whole is not."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        schedule: Schedule,
        channels: Mapping[str, Channel],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._schedule = schedule
        self._channels = channels

    async def __call__(self) -> tuple[bool, dict[str, Any]]:
        parts = {
            "database": await self._database_part(),
            "content": Part(well=bool(self._catalogue.courses)),
            "scheduler": self._scheduler_part(),
            **{f"channel {name}": channel.health() for name, channel in self._channels.items()},
        }
        said = {
            name: {"well": part.well} | ({"detail": part.detail} if part.detail else {})
            for name, part in parts.items()
        }
        return all(part.well for part in parts.values()), said

    def _scheduler_part(self) -> Part:
        if self._schedule.well():
            return Part(well=True)
        return Part(well=False, detail="Đã nhiều giây chưa xem lại được những gì đến hạn gửi.")

    async def _database_part(self) -> Part:
        try:
            async with self._database.read() as connection:
                await connection.fetchval("SELECT 1")
        except StorageError as error:
            # Anybody may ask: which file it is, and where, belongs in the log.
            log.error("database unwell: %s", error)  # noqa: TRY400
            return Part(well=False, detail="không đọc được, xem log")
        return Part(well=True)
