"""Writing the report of a place and a period: what only people know is typed, the rest is counted."""

from datetime import date, timedelta

from conversation.actions import action
from conversation.handler import (
    Command,
    Context,
    Denied,
    Handler,
    Stale,
    Step,
    ask_words,
    number_of,
    step,
)
from conversation.replies import Button
from fieldwork.indicators import BY_NAME, ENTERED
from fieldwork.periods import Period, is_reportable, month_of, read_period, week_of
from fieldwork.reports import State, moved
from handlers.buttons import button
from handlers.fieldwork.reading import read_count
from handlers.fieldwork.reports_said import may_write, page, the_report
from handlers.people import communes
from handlers.people.grants import granted, role_of
from handlers.saying import place_said
from people.roles import EVERYWHERE, may_anywhere, places_for
from places.model import Place
from storage import audit, field_reports, hamlets
from storage.field_reports import FieldReport
from vietnamese import fold

_SHOWN = 8
_MOST = 9_999_999
_NOT_KNOWN = frozenset({"chua", "chua co", "chua biet", "khong biet", "chua co so lieu"})
# A bare "0" is a call for a person, wherever it is typed.
_NONE = frozenset(
    {"khong", "khong co", "khong co ai", "khong ai", "khong co vu nao", "khong ho nao"}
)


async def start(context: Context) -> Step:
    """What waits for this person first, then a new one, then those they wrote."""
    grants = await granted(context, "log_visits")
    buttons: list[Button] = []
    approve = places_for(grants, "approve_report", context.now)
    for place in approve:
        buttons += await _waiting(context, "submitted", place.commune)
    if may_anywhere(grants, "lock_report", context.now):
        buttons += await _waiting(context, "approved", "")
        buttons += await _late(context, "locked", "")
    else:
        for place in approve:
            buttons += await _late(context, "approved", place.commune)
    waiting = len(buttons)
    own = places_for(grants, "log_visits", context.now)
    if own == (EVERYWHERE,):
        buttons.append(button(context, "field_report.new", action("report_where")))
    else:
        for place in own:
            label = context.text(
                "field_report.new_of", where=await place_said(context, place)
            ).unescape()
            buttons.append(Button(label, action("report_at", place.commune, place.hamlet)))
    mine = await field_reports.latest_of(context.connection, context.learner.id, _SHOWN)
    buttons += [await _button(context, one) for one in mine]
    return step(
        context.say("field_report.which", *buttons, exact=True, waiting=waiting, mine=len(mine))
    )


async def _waiting(context: Context, state: State, commune: str) -> list[Button]:
    found = await field_reports.in_state(context.connection, state, commune, _SHOWN)
    mine = context.learner.id
    return [await _button(context, one) for one in found if one.author_id != mine]


async def _late(context: Context, state: State, commune: str) -> list[Button]:
    """What came after they were closed counts only once somebody finds them and opens them again."""
    found = await field_reports.with_late_visits(context.connection, state, commune, _SHOWN)
    mine = context.learner.id
    return [await _button(context, one, late=True) for one in found if one.author_id != mine]


async def _button(context: Context, report: FieldReport, *, late: bool = False) -> Button:
    label = context.text(
        "field_report.button",
        where=await place_said(context, report.place),
        period=report.period.label,
        state=report.state,
        late=late,
    ).unescape()
    return Button(label, action("report", report.id))


async def ask_where(context: Context) -> Step:
    await granted(context, "log_visits")
    return communes.ask(context, action("report_commune"))


async def take_commune(context: Context, text: str) -> Step:
    return communes.choose(
        context, text, action("report_commune"), lambda code: action("report_at", code, 0)
    )


async def ask_period(context: Context, commune: str, hamlet: str) -> Step:
    return _ask_period(context, await _place(context, commune, hamlet), "field_report.ask_period")


def _ask_period(context: Context, place: Place, said: str) -> Step:
    this_week, this_month = week_of(context.today), month_of(context.today)
    offered = (
        this_week,
        week_of(this_week.start - timedelta(days=1)),
        this_month,
        month_of(this_month.start - timedelta(days=1)),
    )
    buttons = [
        Button(
            one.label[0].upper() + one.label[1:],
            action("report_of", place.commune, place.hamlet, *_days(one)),
        )
        for one in offered
    ]
    taker = action("report_when", place.commune, place.hamlet)
    return ask_words(context.say(said, *buttons), taker)


def _days(period: Period) -> tuple[str, str]:
    return f"{period.start:%Y%m%d}", f"{period.end:%Y%m%d}"


async def take_period(context: Context, text: str, commune: str, hamlet: str) -> Step:
    place = await _place(context, commune, hamlet)
    period = read_period(text, context.today)
    if period is None:
        return _ask_period(context, place, "field_report.period_unread")
    return await _open(context, place, period)


async def open_report(context: Context, commune: str, hamlet: str, start: str, end: str) -> Step:
    place = await _place(context, commune, hamlet)
    try:
        period = Period(date.fromisoformat(start), date.fromisoformat(end))
    except ValueError:
        raise Stale from None
    if not is_reportable(period, context.today):
        raise Stale
    return await _open(context, place, period)


async def _open(context: Context, place: Place, period: Period) -> Step:
    report = await field_reports.open_one(
        context.connection, place, period, context.learner.id, context.now
    )
    return await page(context, str(report.id))


async def _place(context: Context, commune: str, hamlet: str) -> Place:
    """The place a button names, when this person may report on it. Raises otherwise."""
    if not hamlet.isdecimal() or len(hamlet) > 15 or not commune:
        raise Stale
    place = Place(commune, int(hamlet))
    if place.hamlet:
        found = await hamlets.by_id(context.connection, place.hamlet)
        if found is None or found.place != place:
            raise Stale
    await granted(context, "log_visits", place)
    return place


async def show(context: Context, number: str, first: str = "0", seen: str = "") -> Step:
    return await page(context, number, first=number_of(first, 2), seen=seen)


async def ask_which(context: Context, number: str) -> Step:
    report = await _writable(context, number)
    entered = await field_reports.figures(context.connection, report.id)
    buttons = [
        Button(
            context.text(
                "field_report.figure", label=line.label, value=entered.get(line.name)
            ).unescape(),
            action("report_figure", report.id, line.name),
        )
        for line in ENTERED
    ]
    back = button(context, "field_report.back", action("report", report.id))
    return step(context.say("field_report.which_figure", *buttons, back, exact=True))


async def ask_figure(context: Context, number: str, name: str) -> Step:
    report = await _writable(context, number)
    return _ask_figure(context, report, name, "field_report.ask_figure")


def _ask_figure(context: Context, report: FieldReport, name: str, said: str) -> Step:
    """No button: every number that is typed is the figure."""
    line = BY_NAME.get(name)
    if line not in ENTERED:
        raise Stale
    asking = context.say(said, label=line.label, unit=line.unit)
    return ask_words(asking, action("report_value", report.id, name))


async def take_figure(context: Context, text: str, number: str, name: str) -> Step:
    report = await _writable(context, number)
    said = fold(text)
    unknown = said in _NOT_KNOWN
    value = 0 if said in _NONE else read_count(text)
    if not unknown and (value is None or value > _MOST):
        return _ask_figure(context, report, name, "field_report.figure_unread")
    if BY_NAME.get(name) not in ENTERED:
        raise Stale
    await field_reports.enter(context.connection, report.id, name, None if unknown else value)
    return await ask_which(context, number)


async def submit(context: Context, number: str) -> Step:
    """Handed in, with a line in the audit. A second tap finds it handed in."""
    report, _ = await the_report(context, number)
    if report.state == "submitted":
        return await page(context, number)
    report = await _writable(context, number)
    after = moved(report.state, "submit")
    if after is None:
        raise Stale
    if not await field_reports.move(context.connection, report, after, now=context.now):
        return await page(context, number)
    await audit.write(
        context.connection,
        "report_submit",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=await role_of(context) or "",
        place=report.place,
    )
    return await page(context, number, "field_report.submitted")


async def _writable(context: Context, number: str) -> FieldReport:
    report, _ = await the_report(context, number)
    if report.author_id not in (None, context.learner.id):
        raise Denied
    if not may_write(context, report):
        raise Stale
    if report.author_id is None:
        await field_reports.take_over(context.connection, report.id, context.learner.id)
    return report


async def _start(context: Context, argument: str) -> Step:
    del argument
    return await start(context)


HANDLER = Handler(
    name="report",
    commands=(
        Command(
            "baocao",
            "Báo cáo của ấp, xã theo kỳ",
            _start,
            words=("báo cáo", "làm báo cáo", "xem báo cáo"),
            in_menu=False,
            deed="log_visits",
        ),
    ),
    actions={
        "reports": start,
        "report_where": ask_where,
        "report_at": ask_period,
        "report_of": open_report,
        "report": show,
        "report_enter": ask_which,
        "report_figure": ask_figure,
        "report_submit": submit,
    },
    words={
        "report_commune": take_commune,
        "report_when": take_period,
        "report_value": take_figure,
    },
)
