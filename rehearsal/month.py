"""The month from its first morning to its last evening: who does what, and when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from conversation.actions import Action
from conversation.replies import Button
from places.model import Commune
from rehearsal.cast import CLASS, FAIR, GROUP, HOME, TERMS, Size, manner_of, name_of
from rehearsal.clockwork import Life
from rehearsal.learning import Pupil
from rehearsal.phone import Phone
from rehearsal.staff import Helper, Visits, arrives
from rehearsal.stage import Stage

Result = TypeVar("Result")

_DAY = timedelta(days=1)
_FIRST_HOUR, _LAST_HOUR = 7, 20
_CONTENTS = ("1", "1 4", "4", "3", "3 4", "1 3", "2", "5")
_MARKS = ("", "", "2=1", "3=1", "2=1 3=1")
_NEWS = "Chiều thứ bảy này nhà văn hóa có buổi tập dượt. Bà con mang điện thoại theo nha."


@dataclass
class Told:
    """What everybody remembers of the month, to hold the tutor's numbers against."""

    joined: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    visits: Visits = field(default_factory=Visits)
    households: int = 0
    fair: int = 0
    assisted: int = 0
    cases: int = 0


class Month:
    """``code`` is the administrator's invitation, as the office makes one."""

    def __init__(
        self, stage: Stage, size: Size, *, commune: Commune, code: str, zone: ZoneInfo
    ) -> None:
        self.stage = stage
        self.size = size
        self.told = Told()
        self.begins = stage.clock()
        self.commune_code = commune.code
        self.administrator = self._helper("quản trị mẫu", commune.name, "quan-tri")
        self.ambassadors: list[Helper] = []
        self.members: list[Helper] = []
        self.pupils: list[Pupil] = []
        # Who founds no home of their own and may be asked into one.
        self._others: list[Pupil] = []
        self._commune = commune.name
        self._code = code
        self._zone = zone
        self.ends = self._on(size.days - 1, time(21, 0)).astimezone(UTC)
        self._hamlets = [f"ấp {number}" for number in range(1, size.hamlets + 1)]
        self._is_learning: set[str] = set()
        self._founders: frozenset[int] = frozenset()

    async def play(self) -> None:
        """All of it. Raises ``Lost`` where somebody could not go on."""
        clock = self.stage.clock
        clock.at(self.begins, self._first_day)
        for day in range(self.size.days):
            clock.at(self._on(day, time(23, 30)), self.stage.tidy)
        await clock.run(self.ends)

    async def at_the_end(self, asks: Callable[[], Awaitable[Result]]) -> Result:
        """What comes of asking while no time passes. The count for the pages is fresh."""
        found: list[Result] = []

        async def life() -> None:
            found.append(await asks())

        self.stage.stands_still = True
        await self.stage.tidy()
        self.stage.clock.at(self.stage.clock(), life)
        await self.stage.clock.run(self.stage.clock())
        return found[0]

    @property
    def teachers(self) -> list[Helper]:
        """Those who lead a class: the first of the team in each hamlet."""
        return self.members[: len(self._hamlets)]

    def period(self) -> str:
        """All of it, as it is typed for a report."""
        first, last = (one.astimezone(self._zone) for one in (self.begins, self.ends))
        return f"từ {first.day}/{first.month} đến {last.day}/{last.month}"

    # The first day: from the administrator's code to classes that can be joined.

    async def _first_day(self) -> None:
        await self.administrator.accepts("Bạn", self._code)
        for number in range(self.size.ambassadors):
            code = await self.administrator.invites_ambassador()
            helper = self._helper(f"đại sứ mẫu {number + 1}", self._commune, f"dai-su-{number}")
            await helper.accepts("Chị" if number % 2 else "Anh", code)
            self.ambassadors.append(helper)
        await self.ambassadors[0].lists_hamlets(", ".join(self._hamlets))
        for number in range(self.size.members):
            hamlet = self._hamlets[number % len(self._hamlets)]
            code = await self.ambassadors[0].invites_member(hamlet)
            helper = self._helper(
                f"tổ viên mẫu {number + 1}", self._commune, f"to-{number}", hamlet
            )
            await helper.accepts("Chú" if number % 2 else "Cô", code)
            self.members.append(helper)
        for helper in self.teachers:
            await helper.makes_class(CLASS.format(helper.hamlet))
        self._plan()

    def _plan(self) -> None:
        dice, size = self.stage.dice, self.size
        self._founders = frozenset(dice.sample(range(size.learners), size.households))
        for number in range(size.learners):
            # Most come in the first week, some by and by.
            day = min(int(dice.expovariate(0.25)), size.days - 2)
            self._at(day, self._learner(number))
        # Not on the last day: who is busy by then does it the day after.
        for number in range(size.visits):
            helper = self.members[number % len(self.members)]
            self._at(dice.randrange(1, size.days - 1), self._visit(helper))
        for number in range(size.assisted):
            helper = self.members[number % len(self.members)]
            self._at(dice.randrange(1, size.days - 1), self._assisted(helper, number))
        self._at(size.days * 2 // 3, self._fair, hour=7)
        self._at(size.days // 2, self._broadcast, hour=9)
        for week in range(size.days // 7):
            for helper in self.teachers:
                self._at(7 * week + 7, self._report(helper, week), hour=8)
                self._at(7 * week + 2, self._group(helper), hour=19)
            self._at(7 * week + 7, self._approve, hour=15)

    # Lives, each begun at its moment.

    def _learner(self, number: int) -> Life:
        async def life() -> None:
            dice = self.stage.dice
            term = dice.choice(TERMS)
            teacher = self.members[number % len(self._hamlets)]
            phone = Phone(
                self.stage,
                "telegram" if number % 3 == 0 else "web",
                f"tap-duot-{number}",
                manner_of(dice),
            )
            pupil = Pupil(
                phone,
                name_of(number, term),
                (self._commune, teacher.hamlet),
                skill=dice.uniform(0.45, 0.95),
                answers=dice.uniform(0.0, 0.7),
            )
            await self._joins(pupil, term, teacher.cohort)
            phone.reacts = lambda _phone: self._reacts(pupil)
            await self._learns(pupil, 1)
            if number in self._founders:
                await self._founds_home(pupil)
            else:
                self._others.append(pupil)
            self.pupils.append(pupil)
            await self._goes_on(pupil)

        return life

    async def _joins(self, pupil: Pupil, term: str, cohort: str) -> None:
        phone, dice = pupil.phone, self.stage.dice
        await arrives(phone, term, f"lop-{cohort}")
        shares = dice.random() < 0.8
        await phone.presses("join", "vào lớp, cho xem" if shares else "không cho xem")
        self.told.joined[cohort] = self.told.joined.get(cohort, 0) + 1
        self.told.seen[cohort] = self.told.seen.get(cohort, 0) + int(shares)
        if shares and phone.offers("nameless"):
            if dice.random() < 0.9:
                await phone.types(pupil.name)
            else:
                await phone.presses("nameless")

    async def _goes_on(self, pupil: Pupil) -> None:
        """Some stop after a time or two; the others come back every few days."""
        dice, clock = self.stage.dice, self.stage.clock
        left = dice.choices((1, 2, 60), (15, 12, 73))[0]
        every = dice.uniform(1.5, 6.0)
        while left and clock() < self.ends:
            left -= 1
            await clock.pause(self._next_time(every) - clock())
            if dice.random() < 0.04:
                await pupil.phone.types(dice.choice(("cam on con", "mệt quá", "quên rồi")))
            if dice.random() < 0.05 and pupil.is_so(pupil.asks):
                await pupil.asks_for_help()
            elif dice.random() < 0.15:
                await self._declares(pupil)
            await self._learns(pupil, dice.choices((1, 2), (75, 25))[0])

    async def _learns(self, pupil: Pupil, lessons: int) -> None:
        """One thing at a time: who is in the middle of it begins nothing else."""
        who = pupil.phone.address
        if who in self._is_learning:
            return
        self._is_learning.add(who)
        try:
            await pupil.learns(lessons)
        finally:
            self._is_learning.discard(who)

    async def _declares(self, pupil: Pupil) -> None:
        phone = pupil.phone
        await phone.types("/cotmoc")
        open_ones = [one for one in phone.choices if one.action.name == "milestone_have"]
        if open_ones:
            await phone.chooses(self.stage.dice.choice(open_ones[:4]))

    def _reacts(self, pupil: Pupil) -> None:
        """Something came that was not asked for. Not everybody looks, nor at once."""
        clock, dice, phone = self.stage.clock, self.stage.dice, pupil.phone
        soon = clock() + timedelta(minutes=dice.randint(3, 90))
        if phone.offers("case_right"):
            clock.at(soon, pupil.confirms)
        elif pupil.is_so(0.01):
            clock.at(soon, lambda: phone.types("dừng"))
        elif pupil.is_so(pupil.answers):
            clock.at(soon, lambda: self._learns(pupil, 1))

    async def _founds_home(self, pupil: Pupil) -> None:
        phone = pupil.phone
        self.told.households += 1
        number = self.told.households
        await phone.types("/giadinh")
        await phone.presses("home_new")
        await phone.types(HOME.format(number))
        await phone.types(pupil.name)
        code = phone.reads(r"mã ([0-9A-Z ]{8,12})")
        await phone.presses("home_place")
        await phone.types(pupil.where[0])
        if phone.offers("home_in"):
            await phone.presses("home_in", pupil.where[0])
        if phone.offers("home_at"):
            await phone.presses("home_at", pupil.where[1])
        other = self.stage.dice.choice(self._others) if self._others else None
        if other is not None and other.phone.address not in self._is_learning:
            await other.phone.types(f"mã nhà {code}")
            if other.phone.offers("home_join"):
                await other.phone.presses("home_join")
                await other.phone.types(other.name)

    def _visit(self, helper: Helper) -> Life:
        async def life() -> None:
            dice = self.stage.dice
            people = dice.choices((1, 2, 3, 4, 9), (40, 25, 15, 12, 8))[0]
            await self._one_at_a_time(
                helper, lambda: helper.visits(dice.choice(_CONTENTS), people, dice.choice(_MARKS))
            )
            self.told.visits.times += 1
            self.told.visits.people += people

        return life

    def _assisted(self, helper: Helper, number: int) -> Life:
        async def life() -> None:
            dice = self.stage.dice
            term = dice.choice(TERMS)
            name, skill = name_of(900 + number, term), dice.uniform(0.3, 0.8)
            await self._one_at_a_time(helper, lambda: helper.teaches(name, term, skill))
            self.told.assisted += 1

        return life

    def _report(self, helper: Helper, week: int) -> Life:
        start = (self.begins + 7 * week * _DAY).astimezone(self._zone).date()
        end = start + 6 * _DAY
        period = f"từ {start.day}/{start.month} đến {end.day}/{end.month}"
        return lambda: self._one_at_a_time(helper, lambda: helper.reports(period))

    def _group(self, helper: Helper) -> Life:
        """The week's card in the hamlet's group, and the neighbours who follow its link."""

        async def life() -> None:
            found: list[str] = []

            async def pastes() -> None:
                found.append(await helper.pastes(GROUP.format(helper.hamlet)))

            await self._one_at_a_time(helper, pastes)
            dice, clock = self.stage.dice, self.stage.clock
            near = [one for one in self.pupils if one.where[1] == helper.hamlet]
            for pupil in dice.sample(near, len(near) // 6):
                moment = clock() + timedelta(minutes=dice.randint(5, 300))
                clock.at(moment, partial(self._follows, pupil, found[0]))

        return life

    async def _follows(self, pupil: Pupil, payload: str) -> None:
        if pupil.phone.address not in self._is_learning:
            await pupil.phone.opens(payload)
            await self._learns(pupil, 1)

    async def _approve(self) -> None:
        await self.ambassadors[-1].approves()

    async def _fair(self) -> None:
        """An hour at the gate; whoever comes learns one lesson there."""
        host, dice = self.ambassadors[0], self.stage.dice
        code = await host.begins_fair(FAIR)
        for pupil in dice.sample(self.pupils, len(self.pupils) // 4):
            moment = self.stage.clock() + timedelta(minutes=dice.randint(30, 240))
            self.stage.clock.at(moment, partial(self._visits_fair, pupil, code))
        await self.stage.clock.pause(timedelta(hours=9))
        await host.ends_fair(FAIR)

    async def _visits_fair(self, pupil: Pupil, code: str) -> None:
        if pupil.phone.address in self._is_learning:
            return
        await pupil.phone.opens(f"hoi-{code}")
        self.told.fair += 1
        await self._learns(pupil, 1)

    async def _broadcast(self) -> None:
        await self.ambassadors[0].broadcasts(_NEWS)

    # Moments.

    def _helper(self, name: str, commune: str, key: str, hamlet: str = "") -> Helper:
        phone = Phone(self.stage, "telegram", f"tap-duot-{key}")
        helper = Helper(phone, name, commune, hamlet)
        phone.reacts = lambda phone: self._called(helper, phone)
        return helper

    def _called(self, helper: Helper, phone: Phone) -> None:
        """A case waits, or a broadcast wants a second person."""
        clock, dice = self.stage.clock, self.stage.dice
        soon = clock() + timedelta(minutes=dice.randint(5, 120))
        agree, case = phone.find("gui_agree") or phone.find("gui_look"), phone.find("case_take")
        if agree is not None:
            clock.at(soon, lambda: self._agrees(phone, agree))
        elif case is not None and dice.random() < 0.85:
            clock.at(soon, lambda: self._sees_to(helper, case.action))

    async def _sees_to(self, helper: Helper, case: Action) -> None:
        """Taken, gone to, helped, and said so. On the way there the telephone is free."""
        done: list[Action | None] = []

        async def takes() -> None:
            done.append(await helper.takes(case))

        await self._one_at_a_time(helper, takes)
        if (button := done[0]) is not None:
            await self.stage.clock.pause(timedelta(hours=self.stage.dice.randint(2, 30)))
            await self._one_at_a_time(helper, lambda: helper.phone.taps(button))

    async def _agrees(self, phone: Phone, look: Button) -> None:
        await phone.taps(look.action)
        if phone.offers("gui_agree"):
            await phone.presses("gui_agree")

    async def _one_at_a_time(self, helper: Helper, does: Life) -> None:
        """Whoever has somebody's notebook open does nothing else meanwhile."""
        clock = self.stage.clock
        while helper.phone.address in self._is_learning:
            await clock.pause(timedelta(minutes=10))
        self._is_learning.add(helper.phone.address)
        try:
            await does()
        finally:
            self._is_learning.discard(helper.phone.address)

    def _at(self, day: int, life: Life, hour: int | None = None) -> None:
        dice = self.stage.dice
        hour = dice.randint(_FIRST_HOUR + 1, _LAST_HOUR - 1) if hour is None else hour
        moment = self._on(day, time(hour, 0)) + timedelta(minutes=dice.randrange(60))
        if moment < self.ends:
            self.stage.clock.at(moment, life)

    def _on(self, day: int, hour: time) -> datetime:
        first = self.begins.astimezone(self._zone).date()
        return datetime.combine(first + day * _DAY, hour, self._zone)

    def _next_time(self, every: float) -> datetime:
        """Some days on, at an hour at which people are up."""
        dice = self.stage.dice
        local = (self.stage.clock() + dice.expovariate(1 / every) * _DAY).astimezone(self._zone)
        hour = time(dice.randint(_FIRST_HOUR, _LAST_HOUR), dice.randrange(60))
        moment = datetime.combine(local.date(), hour, self._zone)
        return moment if moment > self.stage.clock() else moment + _DAY
