"""Wherever random taps and words lead, what the tutor says can be drawn and leads on."""

import json
import logging
import random
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from channels.plain import draw_plain, plain
from channels.telegram.render import fits_poll
from channels.telegram.render import render as draw_telegram
from channels.web.render import draw_reply
from conversation.actions import MAX_BYTES, Action
from conversation.events import Chosen, Event, PollAnswered
from conversation.replies import AskQuestion, Button, Reply, Say, dump_reply, load_reply
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support import telegram_rules
from tests.support.tables import rows
from tests.support.talk import Chat, Clock, Talk

STEPS = 100
LINES = (
    "1", "2", "3", "9", "0", "1 3", "2 1 3", "1 2 3 4", "a", "b", "dung", "sai", "lua", "thật",
    "tiep", "de sau", "thoi", "ok", "da", "khong", "cam on con", "chao con", "abc xyz",
    "hom nay ban duoc hai ky ca", "lam sao cai vneid", "bi lua mat tien", "cong thuc nau pho",
    "079203001234", "toi vua bi lua chuyen tien roi", "1 hay 2", "/start", "/start hoc-gia-shipper",
    "/hoc", "/tiep", "/kiemtra", "/tiendo", "/xungho", "/trogiup", "/botla", "/nguoi", "/dulieu",
    "/xoa", "/linhtinh", "/desau", "#photo", "#voice", "#stopped", "#button khong-ai-biet",
    "#button card:tai-vneid:7", "#button more:1", "#button a:1:tai-vneid-o-dau:0:0", "#poll poll-1 0",
)  # fmt: skip
UNFILLED = re.compile(r"[{}]|\bNone\b|\bundefined\b|\bMarkup\b|<[a-z]+ object")


def choices(reply: Reply) -> Sequence[Button]:
    match reply:
        case Say(buttons=buttons):
            return buttons
        case AskQuestion(options=options, extra=extra, taps=taps):
            return (*options, *extra, *taps)
        case _:
            return ()


def can_be_drawn(reply: Reply) -> None:
    """Holds one reply against the limits of every channel."""
    assert load_reply(dump_reply(reply)) == reply
    for button in choices(reply):
        assert button.label.strip() == button.label != ""
        assert "\n" not in button.label
        assert Action.decode(button.action.encode()) == button.action
        assert len(button.action.encode().encode()) <= MAX_BYTES
    parts = draw_plain(reply, 2000)
    if isinstance(reply, Say | AskQuestion):
        assert len(parts) == 1
        assert not UNFILLED.search(parts[0]), parts[0]
        assert plain(reply.text).strip()
    for request in draw_telegram("1", reply, lambda _picture, _content: b"PNG"):
        if request.method in ("sendMessage", "sendPoll"):
            telegram_rules.check(request.method, request.parameters)
    json.dumps(draw_reply(reply))


class Walker:
    """One learner who taps and types at random."""

    def __init__(self, talk: Talk, luck: random.Random) -> None:
        self.talk = talk
        self._luck = luck
        self.seen: list[Button] = []

    async def step(self, others: Sequence["Walker"]) -> list[Reply]:
        self.talk.clock.passes(timedelta(seconds=self._luck.choice((1, 5, 30, 3600, 200_000))))
        replies = await self.talk.event(self._event(others))
        for reply in replies:
            self.seen += choices(reply)
        return replies

    def _event(self, others: Sequence["Walker"]) -> Event:
        luck = self._luck.random()
        if luck < 0.7 and self.talk.last:
            return self._tap(self._luck.choice(self.talk.last))
        if luck < 0.8 and self.seen:
            return self._tap(self._luck.choice(self.seen))
        if luck < 0.85:
            someone = self._luck.choice(others)
            if someone.seen:
                return self._tap(self._luck.choice(someone.seen))
        return self.talk.read(self._luck.choice(LINES))

    def _tap(self, button: Button) -> Event:
        # Deleting everything ends a walk; once in a while is enough.
        if button.action.name == "erase_now" and self._luck.random() < 0.8:
            return self.talk.read("khong")
        poll, question = next(reversed(self.talk.chat.polls.items()), ("", None))
        if question is not None and button in question.options:
            return PollAnswered(poll, (question.options.index(button),))
        return Chosen(button.action, source=f"line-{self._luck.random()}")


@pytest.mark.parametrize("seed", range(4))
async def test_no_walk_breaks_the_tutor_or_ends_at_a_wall(
    seed: int, database: Database, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    luck = random.Random(seed)
    chat, clock = Chat(name="telegram", is_poll=fits_poll), Clock()
    walkers = [
        Walker(Talk(database, catalogue, chat=chat, clock=clock, address=address), luck)
        for address in ("1", "2", "3")
    ]
    for walker, term in zip(walkers, ("Ông", "Chị", "Bạn"), strict=True):
        for line in ("/start", "[Đồng ý, vào học]", f"[{term}]"):
            await walker.talk.line(line)

    for _ in range(STEPS):
        replies = await luck.choice(walkers).step(walkers)
        for reply in replies:
            can_be_drawn(reply)
        assert not replies or _leads_on(replies), replies

    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert await rows(database, "delivery") == []


def _leads_on(replies: Sequence[Reply]) -> bool:
    """Whether some reply ends in a choice; only the last words after deleting do not."""
    gone = any("Đã xóa hết" in str(getattr(reply, "text", "")) for reply in replies)
    return gone or any(choices(reply) for reply in replies)
