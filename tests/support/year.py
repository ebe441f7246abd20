"""Who lives through a simulated year, what happens to the machine, and what may not come of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VN = "Asia/Ho_Chi_Minh"

FIRST = datetime(2027, 1, 20, 2, tzinfo=UTC)

# Two lunar new years, a leap day, and four changes to or from summer time.
DAYS = 415

# https://www.informatik.uni-leipzig.de/~duc/amlich/, the calendar that Viet Nam goes by.
TET = {date(2027, 2, 6) + timedelta(n) for n in range(3)} | {
    date(2028, 1, 26) + timedelta(n) for n in range(3)
}

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

OPENS, CLOSES = time(7), time(21)


@dataclass(frozen=True, slots=True)
class Person:
    """``answers`` says whether the reminder of that number, from 0, is answered; ``studies`` is the
    local hour at which they learn by themselves on ``studies_on``, Monday 0. ``says`` are lines typed on a day, at a local hour.
    """

    name: str
    hour: str
    zone: str = VN
    answers: Callable[[int], bool] = lambda _: False
    studies: time | None = None
    studies_on: tuple[int, ...] = ()
    says: tuple[tuple[int, time, str], ...] = ()
    chats: int = 1


PEOPLE = (
    Person("chăm", "19:30 mỗi ngày", answers=lambda _: True),
    Person("tự học", "19:30 thứ 2 4 6", studies=time(18), studies_on=(0, 2, 4)),
    Person("ba buổi", "3 buổi một tuần 19:30", answers=lambda n: n % 2 == 0),
    Person("quên", "7h sáng mỗi ngày", says=((120, time(10), "chào con"),)),
    Person(
        "dừng", "19:30 mỗi ngày",
        answers=lambda _: True,
        says=((40, time(19, 30, 5), "dừng"), (100, time(9), "nhắc 19:30 mỗi ngày"),
              (130, time(9), "dung nhan nua"), (300, time(8), "nhắc 11 giờ rưỡi"),
              (320, time(20), "thôi đừng nhắn nữa")),
    ),
    Person(
        "nghỉ", "19h30 mỗi ngày",
        answers=lambda _: True,
        says=((30, time(9), "tạm nghỉ"), (60, time(9), "nhà có việc"), (110, time(9), "dừng hẳn")),
    ),
    Person("Berlin", "7h sáng thứ 2 thứ 7 chủ nhật", zone="Europe/Berlin", answers=lambda _: True),
    Person("New York", "20h30 chủ nhật thứ 2", zone="America/New_York", answers=lambda n: n % 3 == 0),
    Person("hai máy", "19:30 chủ nhật", answers=lambda _: True, chats=2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incident:
    """At this time of Viet Nam, on that day of the year, something happens to the machine.

    ``down`` is for how long it is off. ``clock`` is by how much its clock is put forward. ``kills``
    says that the processes die after the next ring, before anything is sent.
    """

    day: int
    hour: time
    down: timedelta = timedelta()
    clock: timedelta = timedelta()
    kills: bool = False

    def moment(self, first: datetime) -> datetime:
        local = first.astimezone(ZoneInfo(VN)).date() + timedelta(self.day)
        return datetime.combine(local, self.hour, ZoneInfo(VN)).astimezone(UTC)


INCIDENTS = (
    Incident(7, time(19), down=1 * HOUR),  # up again the same evening: late, but today
    Incident(16, time(18), down=2 * HOUR),  # on the eve of Tết, through half past seven
    Incident(50, time(19), down=3 * HOUR),  # until ten at night: not today any more
    Incident(61, time(12), down=2 * DAY),
    Incident(75, time(19, 45), clock=-HOUR),  # half past seven comes twice
    Incident(76, time(18, 45), clock=HOUR),  # and is left out
    Incident(140, time(19, 29, 59), down=2 * HOUR, kills=True),
    Incident(386, time(23), down=2 * DAY),  # over the next lunar new year
)


@dataclass(frozen=True, slots=True)
class Said:
    """An unasked line that went out: to whom, when by the machine's clock, and whether to the chat
    where they were heard of last.
    """

    name: str
    moment: datetime
    is_last_used: bool


@dataclass
class Year:
    """What came of it."""

    people: Sequence[Person]
    said: list[Said] = field(default_factory=list)
    stops: dict[str, list[tuple[datetime, bool]]] = field(default_factory=lambda: defaultdict(list))
    chats: dict[str, str] = field(default_factory=dict)
    rung: int = 0
    moments: int = 0
    turns: int = 0
    seconds: float = 0.0
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    last: datetime = FIRST

    def to(self, name: str) -> list[Said]:
        return [one for one in self.said if one.name == name]

    def local(self, one: Said) -> datetime:
        return one.moment.astimezone(ZoneInfo(person_of(self.people, one.name).zone))

    def faults(self) -> list[str]:
        """Every line that should not have come, and every day that should have had one."""
        return [
            *(f"by night: {self._told(one)}" for one in self.said if self._is_quiet(one)),
            *(f"after stop: {self._told(one)}" for one in self.said if self._was_stopped(one)),
            *self._too_many(),
            *self._missing("chăm", time(19, 30), range(7)),
            *self._missing("Berlin", time(7), (0, 5, 6)),
            *self._missing("New York", time(20, 30), (0, 6)),
            *(f"wrong chat: {self._told(one)}" for one in self.said if not one.is_last_used),
        ]

    def _told(self, one: Said) -> str:
        return f"{one.name} {self.local(one):%Y-%m-%d %H:%M}"

    def _is_quiet(self, one: Said) -> bool:
        local = self.local(one)
        return not OPENS <= local.time() < CLOSES or local.date() in TET

    def _was_stopped(self, one: Said) -> bool:
        """Whether the last wish before it was to be left alone."""
        wishes = [wish for at, wish in self.stops[one.name] if at <= one.moment]
        return bool(wishes) and wishes[-1]

    def _too_many(self) -> Iterable[str]:
        """Two reminders on one day of the learner's calendar, for whatever reason."""
        a_day = Counter((one.name, self.local(one).date()) for one in self.said)
        return [f"{many} on one day: {who} {day}" for (who, day), many in a_day.items() if many > 1]

    def _missing(self, name: str, hour: time, weekdays: Container[int]) -> Iterable[str]:
        """Days of the week, Monday 0, without a reminder, for who answers each and never learns before it."""
        zone = ZoneInfo(person_of(self.people, name).zone)
        came = {self.local(one).date() for one in self.to(name)}
        day = FIRST.astimezone(zone).date() + DAY
        end = self.last.astimezone(zone).date() - DAY
        while day <= end:
            wanted = day.weekday() in weekdays and day not in TET
            if wanted and day not in came and not self._was_down(day, hour, zone):
                yield f"missing: {name} {day}"
            day += DAY

    def _was_down(self, day: date, hour: time, zone: ZoneInfo) -> bool:
        """Whether nothing ran from the learner's hour until the quiet hours of that day."""
        due = datetime.combine(day, hour, zone)
        closes = datetime.combine(day, CLOSES, zone)
        return any(since <= due and closes <= until for since, until in self.down)


def person_of(people: Sequence[Person], name: str) -> Person:
    return next(one for one in people if one.name == name)


def report(year: Year) -> str:
    """A page that a person can read."""
    days = (year.last - FIRST) / DAY
    lines = [
        f"{days:.0f} days from {FIRST:%d/%m/%Y}, {len(year.people)} learners, two processes,",
        f"{len(year.down)} standstills, a clock put back and forward, two lunar new years, 29/2/2028.",
        "",
        f"{'learner':<10} {'wish':<24} {'zone':<18} reminders",
    ]
    for person in year.people:
        came = len(year.to(person.name))
        lines.append(f"{person.name:<10} {person.hour:<24} {person.zone:<18} {came:>9}")
    lines += [
        "",
        f"{len(year.said)} unasked lines; {year.rung} timers rang in {year.moments} moments;",
        f"{year.turns} turns of learners; {year.seconds:.1f} s",
    ]
    faults = year.faults()
    lines += faults[:20] or [
        "No double, none lost, none by night or at Tết, none after «dừng», one a day at most."
    ]
    return "\n".join(lines)
