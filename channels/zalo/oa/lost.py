"""Telling the administrators that the account's tokens are lost: once, where they can read it."""

from collections.abc import Callable
from datetime import datetime, time, timedelta, tzinfo

from markupsafe import Markup

from channels.zalo.oa.receive import CHANNEL
from conversation.replies import Say, dump_reply
from storage import deliveries, role_grants
from storage.database import Connection

_NIGHT_BEGINS, _NIGHT_ENDS = time(21), time(7)


class Alarm:
    """``words`` gives what is said. Never at night: nothing is sent there until morning anyway."""

    def __init__(
        self, words: Callable[[], Markup], *, now: Callable[[], datetime], timezone: tzinfo
    ) -> None:
        self._words = words
        self._now = now
        self._timezone = timezone

    async def tell(self, connection: Connection) -> None:
        """Into the outbox, for every chat of an administrator but those of this very account."""
        now = self._now()
        said = dump_reply(Say(self._words()))
        reached = await role_grants.reachable(
            connection, "administrator", "", now, but_not_by=CHANNEL
        )
        for address in reached:
            await deliveries.add(
                connection,
                address,
                said,
                priority=deliveries.REMINDER,
                due_at=self._by_day(now),
                now=now,
            )

    def _by_day(self, now: datetime) -> datetime:
        """Now, or when the night is over."""
        local = now.astimezone(self._timezone)
        if _NIGHT_ENDS <= local.time() < _NIGHT_BEGINS:
            return now
        day = local.date() + timedelta(days=local.time() >= _NIGHT_BEGINS)
        return datetime.combine(day, _NIGHT_ENDS, self._timezone)
