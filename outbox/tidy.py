"""The hourly broom: what is no longer needed is no longer kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

from storage import (
    audit,
    board_links,
    broadcasts,
    cases,
    deliveries,
    errands,
    fairs,
    group_chats,
    invitations,
    lapsed_helpers,
    live_questions,
    notebook_codes,
    notes,
    pastes,
    polls,
    privacy,
    public_pictures,
    screens,
    seen,
    sittings,
    wrong_codes,
)
from storage.database import Connection, Database

# Telegram keeps an update for 24 hours (https://core.telegram.org/bots/api#getting-updates);
# a week of ids is more than any platform delivers again.
SEEN_FOR = timedelta(days=7)
# A delivery that could not go out holds no words any more; a week of them shows what went
# wrong when.
SETTLED_FOR = timedelta(days=7)

# A poll left unanswered this long is answered by nobody; its button would be an old one anyway.
POLLS_FOR = timedelta(days=90)
# Whether a card of last season was pasted interests nobody.
PASTES_FOR = timedelta(days=90)
# A broadcast that was begun and left is not sent next week.
DRAFTS_FOR = timedelta(days=1)
# A report is asked for in the weeks after; who got what is kept no longer.
BROADCASTS_FOR = timedelta(days=90)
# Until then somebody who opens an invitation too late is told so, and not that it never was.
INVITATIONS_FOR = timedelta(days=30)
# Long enough for anybody to ask who looked and who gave a role.
AUDIT_FOR = timedelta(days=730)
# Whom the team has not got to in two months has surely been met, or is gone.
ERRANDS_FOR = timedelta(days=60)
# Whoever opens a link into the dashboard too late is told so.
BOARD_LINKS_FOR = timedelta(days=1)
# No setting lets the dashboard stay open this long.
SITTINGS_FOR = timedelta(days=7)
# What a commune asks of a year can still be counted.
CASES_FOR = timedelta(days=400)
# Far longer than one person must wait before they may write again, however that is set.
NOTES_FOR = timedelta(days=100)
# Whoever types a code too late is told that it was too late.
NOTEBOOK_CODES_FOR = timedelta(days=1)
# Whoever took part in a round yesterday is asked nothing of today's.
SEATS_FOR = timedelta(hours=12)


class Tidy:
    """Forgets old event ids, settled deliveries, people who never agreed, and ends what ran out."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], forget_strangers_after_days: int
    ) -> None:
        self._database = database
        self._now = now
        self._strangers_for = timedelta(days=forget_strangers_after_days)

    async def tidy(self) -> None:
        """Once around. Raises ``StorageError``."""
        now = self._now()
        async with self._database.transaction() as connection:
            await seen.forget_before(connection, now - SEEN_FOR)
            await deliveries.forget_settled_before(connection, now - SETTLED_FOR)
            await polls.forget_before(connection, now - POLLS_FOR)
            await invitations.forget(connection, now - INVITATIONS_FOR)
            await wrong_codes.forget(connection, now)
            await audit.forget(connection, now - AUDIT_FOR)
            await errands.forget_before(connection, now - ERRANDS_FOR)
            await cases.forget_before(connection, now - CASES_FOR)
            await notes.forget_before(connection, now - NOTES_FOR)
            await notebook_codes.forget_before(connection, now - NOTEBOOK_CODES_FOR)
            await board_links.forget_before(connection, now - BOARD_LINKS_FOR)
            await sittings.forget(connection, now, SITTINGS_FOR)
            await public_pictures.forget_expired(connection, now)
            await lapsed_helpers.end_notebooks(connection, now)
            await screens.forget_keys(connection, now)
            await live_questions.forget_seats(connection, now - SEATS_FOR)
            for number in await fairs.due(connection, now):
                await _close_fair(connection, number, now)
            await broadcasts.forget(
                connection, drafts_before=now - DRAFTS_FOR, made_before=now - BROADCASTS_FOR
            )
            await pastes.forget_before(connection, now - PASTES_FOR)
            await group_chats.forget_lost(connection, now - self._strangers_for)
            await privacy.forget_strangers(connection, now - self._strangers_for)


async def _close_fair(connection: Connection, number: int, now: datetime) -> None:
    """A fair whose day is over, and that nobody closed."""
    screen = await screens.of_fair(connection, number)
    if screen is not None:
        await live_questions.close_open(connection, screen.id, now)
    await fairs.close(connection, number, now)
