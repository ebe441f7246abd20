"""A team, an ambassador, an administrator and their learners tap and type at random."""

import logging
import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import ClassVar

import pytest

from channels.telegram.render import fits_poll
from conversation.events import Event
from conversation.replies import Button, Reply
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.handlers.test_random_walk import Walker, can_be_drawn, choices
from tests.support.tables import rows
from tests.support.talk import Chat, Clock, Talk

STEPS = 150
# What is typed where a name, a place, a number or a line is asked for.
_NAMED = ("bà Tư", "cô Ba Én", "Nhà bà Tư", "tan phu dong", "12", "năm nay", "Nay có lớp nha")
LINES = (
    "1", "2", "3", "5", "0", "1 3", "2=1", "12", "499", "abc xyz", "khong co", "chua biet",
    "tan phu dong", "bà Tư", "cô Ba Én", "Nhà bà Tư", "ấp 7, ấp 8", "hôm qua", "tháng 10", "năm nay",
    "từ 1/11 đến 15/11", "Hôm nay có lớp nha bà con", "đóng sổ", "làm chứng", "chỉ lại", "mã học",
    "tách ra", "rời nhà", "rời lớp", "dừng", "vừa bị lừa", "/start", "/lop", "/lopmoi Lớp ấp 3",
    "/ca", "/tham", "/thamai", "/baocao", "/cotmoc", "/chungnhan", "/hocho", "/giadinh", "/aihoc",
    "/moi", "/vaitro", "/apkhom", "/bangso", "/gui", "/ngayhoi", "/dan", "/bai", "/nhacgiup",
    "/dulieu", "/nguoi", "/tiep", "/kiemtra", "/nhac 19:30 mỗi ngày", "#photo",
    "#button case_take:1", "#button report_approve:1:1", "#button visit_save:1", "#button visit:1",
    "#button witnessed:1:1:vneid_2", "#button grant:2", "#button hamlet_close_now:1",
)  # fmt: skip


# Of a class, a home, an invitation, a notebook: said in bold.
_CODE = re.compile(r"<b>((?:mã )?[2-9A-Z]{3,5}(?: [2-9A-Z]{2,5})+)</b>")


class TeamWalker(Walker):
    """Stays with what was begun more than learners do: most of a team's work is of several steps."""

    _is_asked_for_words = False
    tapped: ClassVar[Counter[str]] = Counter()
    codes: ClassVar[set[str]] = set()

    async def step(self, others: Sequence[Walker]) -> list[Reply]:
        self.talk.clock.passes(timedelta(seconds=self._luck.choice((1, 5, 30, 300))))
        replies = await self.talk.event(self._event(others))
        for reply in replies:
            self.seen += choices(reply)
            said = str(getattr(reply, "text", ""))
            self.codes.update(_CODE.findall(said))
            self._is_asked_for_words = " gì?" in said or "Gõ" in said or "gõ" in said
        return replies

    def _least_tapped(self) -> Button:
        """What was done least often so far, by anybody: so that everything is done at times."""
        least = min(self.tapped[one.action.name] for one in self.talk.last)
        found = [one for one in self.talk.last if self.tapped[one.action.name] == least]
        chosen = self._luck.choice(found)
        self.tapped[chosen.action.name] += 1
        return chosen

    def _event(self, others: Sequence[Walker]) -> Event:
        luck = self._luck.random()
        if self._is_asked_for_words and luck < 0.7:
            return self.talk.read(self._luck.choice(_NAMED))
        if luck < 0.7 and self.talk.last:
            return self._tap(self._least_tapped())
        if luck < 0.85 and self.codes:
            return self.talk.read(self._luck.choice(sorted(self.codes)))
        if luck < 0.92:
            return self.talk.read(self._luck.choice(LINES))
        of_whom = self._luck.choice((self, *others)).seen
        return self._tap(self._luck.choice(of_whom)) if of_whom else self.talk.read("1")


@pytest.mark.parametrize("seed", range(3))
async def test_no_walk_of_a_team_breaks_the_tutor(
    seed: int,
    database: Database,
    catalogue: Catalogue,
    caplog: pytest.LogCaptureFixture,
) -> None:
    luck = random.Random(seed)
    TeamWalker.tapped.clear()
    TeamWalker.codes.clear()
    chat, clock = Chat(name="telegram", is_poll=fits_poll), Clock()
    seeds = count(7)
    names = ("quan-tri", "dai-su", "to-mot", "to-hai", "hoc-mot", "hoc-hai")
    walkers = [
        TeamWalker(
            # What is drawn by lot for one must not be drawn for another, as links are.
            Talk(database, catalogue, chat=chat, clock=clock, address=name, seeds=seeds),
            luck,
        )
        for name in names
    ]
    terms = ("Ông", "Chị", "Bạn", "Chú", "Bà", "Cô")
    for walker, term in zip(walkers, terms, strict=True):
        for line in ("/start", "[Đồng ý, vào học]", f"[{term}]"):
            await walker.talk.line(line)
    for name in names[2:4]:
        await walkers[2].talk.join_team(name)
    await walkers[1].talk.become_ambassador("dai-su")

    walker = walkers[0]
    for _ in range(STEPS):
        walker = luck.choice(walkers) if luck.random() < 0.15 else walker
        for reply in await walker.step(walkers):
            can_be_drawn(reply)
        if luck.random() < 0.1:
            clock.passes(timedelta(hours=luck.choice((1, 8, 26))))
            for reply in await walker.talk.ring():
                can_be_drawn(reply)

    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert await rows(database, "delivery") == []
