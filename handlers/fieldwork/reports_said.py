"""A report as its page shows it: what was counted, what was entered, what nobody knows yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from conversation.actions import action
from conversation.handler import Context, Denied, Stale, Step, step
from conversation.replies import Button, preceded
from fieldwork.indicators import BY_NAME, ENTERED
from fieldwork.reports import WRITABLE
from handlers.buttons import button
from handlers.households.home import basics
from handlers.people.grants import grants_of
from handlers.saying import place_said
from people.roles import Grant, may
from storage import field_reports, visits
from storage.field_reports import FieldReport
from storage.reports import few
from storage.reports.area import Area
from storage.reports.indicators import Row, table
from storage.reports.told import NOTHING, Told, told

# What the page always tells; of the others only what was reached.
_ALWAYS = ("R03", "R04")
_IF_ANY = (
    "R06.installed", "R06.level1", "R06.level2", "R07", "R08.account", "R08.qr", "R09", "R10",
    "R11", "R12", "R14",
)  # fmt: skip


# What the tutor knows itself of people and homes, of whom few are hidden.
_KNOWN = ("R13.begun", "R13.done", "R15", "R16")


@dataclass(frozen=True, slots=True)
class Shown:
    """A line: ``value`` is ``None`` for what nobody knows yet, a word for what is not told."""

    label: str
    value: few.Figure | None


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a report, and what may be told of them."""

    row: Row
    told: Mapping[str, Told]

    def stamp(self, entered: Mapping[str, int]) -> int:
        """Changes with what was shown, so that nobody approves what they have not seen."""
        seen = [self.row.figure(name).acts or 0 for name in (*_ALWAYS, *_IF_ANY)]
        seen += [entered.get(line.name, -1) for line in ENTERED]
        return sum((place + 1) * (count + 2) for place, count in enumerate(seen)) % 1_000_000


async def the_report(context: Context, number: str) -> tuple[FieldReport, tuple[Grant, ...]]:
    """That report, for who writes or decides on such; raises otherwise."""
    if not number.isdecimal() or len(number) > 15:
        raise Stale
    report = await field_reports.by_id(context.connection, int(number))
    if report is None:
        raise Stale
    grants = await grants_of(context)
    if not may(grants, "log_visits", report.place, context.now):
        raise Denied
    return report, grants


def may_write(context: Context, report: FieldReport) -> bool:
    """While it is open, its author; anybody of the place once the author has left."""
    mine = report.author_id in (None, context.learner.id)
    return mine and report.state in WRITABLE


async def is_own(context: Context, report: FieldReport) -> bool:
    """Whether this person wrote it, or a visit that it counts."""
    wrote = await visits.wrote_any(
        context.connection,
        context.learner.id,
        report.place,
        report.period.start,
        report.period.end,
    )
    return wrote or report.author_id == context.learner.id


async def counted(context: Context, report: FieldReport) -> Counted:
    found = await table(
        context.connection,
        Area(report.place),
        report.period,
        now=context.now,
        zone=context.rules.spacing.zone,
        basics=basics(context),
        share=context.rules.household_share,
    )
    return Counted(found.total, told(found).total)


async def page(context: Context, number: str, said: str = "field_report.one") -> Step:
    report, grants = await the_report(context, number)
    entered = await field_reports.figures(context.connection, report.id)
    found = await counted(context, report)
    row = found.row
    late = await visits.held(context.connection, report.id)
    lines = [Shown(BY_NAME[name].label, row.figure(name).acts) for name in _ALWAYS]
    lines += [
        Shown(BY_NAME[name].label, row.figure(name).acts)
        for name in _IF_ANY
        if row.figure(name).acts
    ]
    by_itself = [
        Shown(BY_NAME[name].label, people)
        for name in _KNOWN
        if (people := found.told.get(name, NOTHING).people) is not None
    ]
    known = [Shown(line.label, entered.get(line.name)) for line in ENTERED]
    shown = context.say(
        said,
        *_buttons(context, report, grants, found.stamp(entered)),
        button(context, "field_report.others", action("reports")),
        exact=True,
        where=await place_said(context, report.place),
        period=report.period.label,
        state=report.state,
        reason=report.reason,
        lines=lines,
        by_itself=by_itself,
        known=known,
        late=late[0],
        late_people=late[1],
        is_writable=may_write(context, report),
    )
    # Early is no fault, but whoever decides is to know what it costs.
    decides = report.state == "submitted" and may(
        grants, "approve_report", report.place, context.now
    )
    if decides and said != "field_report.submitted" and report.period.end > context.today:
        until = f"{report.period.end:%d/%m}"
        shown = preceded(context.text("field_report.not_over", until=until), shown)
    return step(shown)


def _buttons(
    context: Context, report: FieldReport, grants: tuple[Grant, ...], seen: int
) -> list[Button]:
    """What this person may do with it now."""
    buttons = []
    if may_write(context, report):
        buttons.append(button(context, "field_report.enter", action("report_enter", report.id)))
        buttons.append(button(context, "field_report.submit", action("report_submit", report.id)))
    approves = may(grants, "approve_report", report.place, context.now)
    locks = may(grants, "lock_report", report.place, context.now)
    if approves and report.state == "submitted":
        meaning = action("report_approve", report.id, seen)
        buttons.append(button(context, "field_report.approve", meaning))
    if approves and report.state in ("submitted", "approved"):
        buttons.append(button(context, "field_report.send_back", action("report_why", report.id)))
    if locks and report.state == "approved":
        buttons.append(button(context, "field_report.lock", action("report_lock", report.id)))
    if locks and report.state == "locked":
        buttons.append(button(context, "field_report.reopen", action("report_reopen", report.id)))
    return buttons
