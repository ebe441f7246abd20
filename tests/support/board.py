"""A commune as it is after some weeks, and its dashboard on a real port."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

import pictures
from channels.web.pages import Pages
from channels.web.server import Server, build_app
from dashboard.board import routes
from dashboard.parts import Parts
from dashboard.recount import Recount
from dashboard.words import filters
from fieldwork.periods import month_of
from fieldwork.reports import State
from lessons.catalogue import Catalogue
from people.roles import EVERYWHERE, Role
from places.directory import load as load_places
from places.model import Place
from storage import (
    addresses,
    arrivals,
    attempts,
    board_links,
    cases,
    cohorts,
    enrolments,
    field_reports,
    group_chats,
    hamlets,
    households,
    learners,
    polls,
    progress,
    role_grants,
    study_weeks,
    visits,
)
from storage.database import Connection, Database
from storage.enrolments import Scope
from templates.pages import PageTemplates

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PLACES = load_places(Path(__file__).resolve().parents[2])
XA, OTHER_XA = "28696", "29926"
# What somebody may call themselves, and what must harm nobody. 40 letters are the most there is.
NAMES = (
    "Bà Tư Lành", "Chú Sáu Đực", "Cô Ba Én", "Ông Năm Hột", "Dì Út", "Bác Hai Lúa", "Chị Bảy",
    "Anh Tám Ghe", "Bà Chín Sen", "Ông Mười", "",
)  # fmt: skip
_SCAMS = ("hit", "hit", "miss", "false_alarm", "correct_rejection")


@dataclass
class Village:
    """Ids of people and places, by what they are called in the tests."""

    people: dict[str, int] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    learners: dict[str, list[int]] = field(default_factory=dict)


async def person(connection: Connection, name: str, now: datetime = NOW) -> int:
    address, learner = await addresses.load(connection, "telegram", f"chat-{name}", now)
    await learners.give_consent(connection, learner.id, "2026-11", now)
    await addresses.save_asked(connection, address.id, asked="", misses=0, last_tap="", now=now)
    return learner.id


async def fill(
    database: Database, catalogue: Catalogue, sizes: tuple[int, int, int] = (24, 12, 3)
) -> Village:
    """Three hamlets with a class each of so many people, three quarters of whom let it be seen."""
    village = Village()
    async with database.transaction() as connection:
        await hamlets.add(
            connection, XA, [("ap", "1"), ("ap", "2"), ("ap", "3")], NOW - timedelta(days=90)
        )
        listed = await hamlets.of_commune(connection, XA)
        village.places = {hamlet.title: hamlet.place for hamlet in listed}
        village.places["xã"], village.places["xã khác"] = Place(XA), Place(OTHER_XA)
        staff: tuple[tuple[str, Role, Place, str], ...] = (
            ("tổ ấp 1", "team_member", village.places["ấp 1"], "chú Tư Hải"),
            ("tổ ấp 2", "team_member", village.places["ấp 2"], ""),
            ("đại sứ", "ambassador", Place(XA), "cô Ba Mơ"),
            ("đại sứ khác", "ambassador", Place(OTHER_XA), ""),
            ("quản trị", "administrator", EVERYWHERE, ""),
        )
        for name, role, place, called in staff:
            learner = await person(connection, name)
            village.people[name] = learner
            await role_grants.give(
                connection, learner, role, place, granted_by=None, now=NOW - timedelta(days=60)
            )
            await role_grants.set_name(connection, learner, called)
        village.people["người học"] = await person(connection, "người học")
        for number, (hamlet, size) in enumerate(zip(listed, sizes, strict=True), start=1):
            title = f"Lớp ấp {number} tối thứ ba"
            cohort = await add_class(
                connection, title, village.people["đại sứ"], hamlet.place, f"K7M2X{number}"
            )
            village.classes[f"ấp {number}"] = cohort
            village.learners[f"ấp {number}"] = [
                await _learner(connection, catalogue, cohort, f"{number}-{one}", one)
                for one in range(size)
            ]
        await _group(connection, village)
    return village


async def add_class(connection: Connection, name: str, owner: int, place: Place, code: str) -> int:
    cohort = await cohorts.add(connection, name, owner, place, NOW - timedelta(days=50))
    assert await cohorts.set_code(connection, cohort, code, NOW, NOW + timedelta(days=90))
    return cohort


async def _learner(
    connection: Connection, catalogue: Catalogue, cohort: int, key: str, number: int
) -> int:
    """The higher the number, the less was learnt and the longer ago."""
    last = NOW - timedelta(days=number % 14)
    learner = await person(connection, f"learner-{key}", last)
    scope: Scope = "" if number % 4 == 3 else "progress"
    await enrolments.join(connection, cohort, learner, scope, NOW - timedelta(days=45 - number))
    await enrolments.set_name(connection, cohort, learner, NAMES[number % len(NAMES)])
    course = catalogue.courses[number % len(catalogue.courses)]
    for place, slug in enumerate(course.lessons[: max(1, 6 - number % 7)]):
        moment = last - timedelta(days=5 * place)
        await progress.reach(connection, learner, slug, 1, moment)
        if place or number % 3:
            await progress.finish(connection, learner, slug, moment)
            practice = ("done", "not_yet", "stuck")[number % 3]
            await progress.mark_practice(connection, learner, slug, practice, moment)
        await study_weeks.note(connection, learner, moment.astimezone(ZONE).date())
        quiz = catalogue.quiz(slug)
        assert quiz is not None
        questions = quiz.questions
        attempt = await attempts.start(connection, learner, slug, 7, len(questions), moment)
        for at, question in enumerate(questions):
            is_right = (number + at) % 3 != 0
            verdict = "right" if is_right else "wrong"
            if question.id in catalogue.drills:
                verdict = _SCAMS[(number + at) % 5]
            await attempts.record(
                connection,
                attempt,
                attempts.Answer(question.id, 0, "0", verdict, is_right, moment),
            )
        await attempts.finish(connection, attempt, 3, True, moment)
        review = await attempts.start_review(
            connection, learner, "review", (questions[0].id,), 7, moment
        )
        answer = attempts.Answer(questions[0].id, 0, "0", "right", number % 4 != 0, moment)
        await attempts.record(connection, review, answer)
    return learner


async def _group(connection: Connection, village: Village) -> None:
    address, _ = await addresses.load(connection, "telegram", "-100200", NOW)
    group = await group_chats.add(
        connection, "n1", address.id, is_pasted=False, label="Bà con ấp 1",
        place=village.places["ấp 1"], now=NOW,
    )  # fmt: skip
    assert group is not None
    await group_chats.posted(connection, group.id, "gia-cong-an", NOW - timedelta(days=1))
    await polls.remember(connection, "telegram", "p1", address.id, "[]", NOW - timedelta(days=1))
    await polls.count(connection, "telegram", "p1", 14)
    for learner in village.learners["ấp 1"][:6]:
        await arrivals.came(connection, "n1", learner, NOW - timedelta(days=1))


async def add_fieldwork(database: Database, village: Village, catalogue: Catalogue) -> None:
    """Two visits of ấp 1 and ấp 2 this month, ấp 1's report of the month approved; a household for
    every learner of ấp 1, of whom five finished everything, and three of ấp 2; everybody in ấp 2 and two in ấp 1 ask for help.
    """
    month = month_of(NOW.astimezone(ZONE).date())
    async with database.transaction() as connection:
        author = village.people["tổ ấp 1"]
        for title, people in (("ấp 1", 7), ("ấp 2", 5)):
            number = await visits.begin(connection, author, village.places[title], month.start, NOW)
            draft = await visits.by_id(connection, number)
            assert draft is not None
            logged = replace(draft, people=people, contents=1, state="logged")
            await visits.change(connection, draft, logged, NOW)
        report = await field_reports.open_one(
            connection, village.places["ấp 1"], month, author, NOW
        )
        await field_reports.enter(connection, report.id, "R05", 6)
        await field_reports.enter(connection, report.id, "R16.total", 300)
        states: tuple[State, ...] = ("submitted", "approved")
        for state in states:
            now_at = await field_reports.by_id(connection, report.id)
            assert now_at is not None
            await field_reports.move(connection, now_at, state, now=NOW)
        for learner in village.learners["ấp 1"][:5]:
            for slug in catalogue.lessons_in(frozenset()):
                await progress.reach(connection, learner, slug, 1, NOW)
                await progress.finish(connection, learner, slug, NOW)
        at_home = village.learners["ấp 1"] + village.learners["ấp 2"][:3]
        for number, learner in enumerate(at_home):
            title = "ấp 1" if learner in village.learners["ấp 1"] else "ấp 2"
            place = village.places[title]
            home = await households.add(connection, f"HO{number:04}", "Nhà", place, NOW)
            assert home is not None
            await households.join(connection, home, learner, "Ai đó", NOW, is_seen=True)
        for title, how_many in (("ấp 1", 2), ("ấp 2", 8)):
            for number, learner in enumerate(village.learners[title][:how_many]):
                await ask_for_help(
                    connection, learner, NAMES[number], village.places[title], number
                )


async def ask_for_help(
    connection: Connection, learner: int, name: str, place: Place, number: int
) -> int:
    """A case that was let be seen ``number`` days ago, with the ambassadors when that is odd."""
    since = NOW - timedelta(days=number)
    case = await cases.open_on(connection, learner, "bai.gia-cong-an", "asked", since)
    await cases.set_place(connection, case.id, place)
    await cases.share(connection, case.id, name=name, cohort_id=None, now=since)
    await cases.reach(connection, case.id, 2 if number % 2 else 1, since)
    return case.id


@dataclass
class Clock:
    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment


class Board:
    """The dashboard of a database, on a real server at a free port."""

    def __init__(self, database: Database, catalogue: Catalogue, **options: object) -> None:
        self.clock = Clock()
        self.waits = 0.0
        # By then every commune is due to be counted again.
        self.recount_after = timedelta(hours=6)
        self.database = database
        self.parts = Parts(
            **{
                "database": database,
                "templates": PageTemplates(filters(ZONE)),
                "catalogue": catalogue,
                "places": PLACES,
                "zone": ZONE,
                "basics": catalogue.lessons_in(frozenset()),
                "share": 0.0,
                "idle": timedelta(hours=1),
                "longest": timedelta(hours=12),
                "public_url": "",
                "behind_proxy": False,
                "draw": pictures.draw,
                "knock": lambda _request: self.waits,
                "now": self.clock,
                **options,
            }  # type: ignore[arg-type]
        )
        self.routes = routes(self.parts)
        self.recount = Recount(database, self.clock, ZONE, self.parts.courses)
        self.server = Server(build_app([*Pages().routes(), *self.routes], _well), "127.0.0.1", 0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Board"]:
        await self.recount.recount()
        await self.server.start()
        try:
            yield self
        finally:
            await self.server.stop()

    async def link(self, learner: int, secret: str = "") -> str:
        """The secret of a link for that person, as the chat gives it."""
        secret = secret or secrets.token_urlsafe(32)
        async with self.database.transaction() as connection:
            await board_links.offer(
                connection, secret, learner, self.clock(), self.clock() + timedelta(minutes=10)
            )
        return secret

    @asynccontextmanager
    async def browser(self, learner: int = 0) -> AsyncIterator[aiohttp.ClientSession]:
        """A browser with cookies of its own; of somebody, one that has come in."""
        jar = aiohttp.CookieJar(unsafe=True)  # also for an address that is a number
        async with aiohttp.ClientSession(self.url, cookie_jar=jar) as session:
            if learner:
                secret = await self.link(learner)
                async with session.post("/bang/vao", data={"ma": secret}) as answer:
                    assert answer.status == 200, await answer.text()
            yield session


async def _well() -> tuple[bool, dict[str, object]]:
    return True, {"board": "well"}
