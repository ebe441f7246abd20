"""A report as its page shows it: what was counted, what was entered, what nobody knows yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from conversation.actions import action
from conversation.handler import Context, Denied, Stale, Step, number_of, step
from conversation.replies import Button, preceded
from fieldwork.indicators import BY_NAME, ENTERED
from fieldwork.periods import Period
from fieldwork.reports import WRITABLE
from handlers.buttons import button
from handlers.households.home import basics
from handlers.people.grants import grants_of
from handlers.saying import place_said
from people.roles import Grant, may
from places.model import Place
from storage import field_reports, visits
from storage.field_reports import FieldReport
from storage.reports import few
from storage.reports.area import Area
from storage.reports.indicators import Row, Table, table
from storage.reports.told import NOTHING, Told, told

# Of one line in a chat.
MOST = 300
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
    """A line: ``value`` is ``None`` for what nobody knows yet, a word for what is not told. ``kind``
    is the paragraph it belongs to.
    """

    kind: Literal["counted", "by_itself", "entered", "unknown", "late", "others"]
    label: str = ""
    value: few.Figure | None = None


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
    report = await field_reports.by_id(context.connection, number_of(number))
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
    found = await _table(context, report.place, report.period)
    # What the commune's page leaves out of a hamlet, the hamlet's report leaves out too.
    commune = Place(report.place.commune)
    around = await _table(context, commune, report.period) if report.place.hamlet else None
    return Counted(found.total, told(found, around).total)


async def _table(context: Context, place: Place, period: Period) -> Table:
    return await table(
        context.connection,
        Area(place),
        period,
        now=context.now,
        zone=context.rules.spacing.zone,
        basics=basics(context),
        share=context.rules.household_share,
    )


async def page(
    context: Context,
    number: str,
    said: str = "field_report.one",
    first: int = 0,
    *,
    seen: str = "",
) -> Step:
    """From the ``first`` line on what fits a chat line, and a way on; what can be decided stands
    under the last part, so that nobody decides on figures they have not seen. ``seen`` is the
    stamp of what was read before: when it has changed since, it begins anew.
    """
    report, grants = await the_report(context, number)
    entered = await field_reports.figures(context.connection, report.id)
    found = await counted(context, report)
    late = await visits.held(context.connection, report.id)
    values: dict[str, Any] = {
        "where": await place_said(context, report.place),
        "period": report.period.label,
        "state": report.state,
        "reason": report.reason,
        "late": late[0],
        "late_people": late[1],
    }
    lines = _lines(context, report, found, entered, is_late=late[0] > 0)
    stamp = found.stamp(entered)
    if first >= len(lines) or (seen and seen != str(stamp)):
        first = 0
        said = "field_report.changed" if report.state == "submitted" else said
    shown = _fitting(context, said, lines[first:], {**values, "goes_on": first > 0})
    after = first + len(shown)
    if after < len(lines):
        buttons = [
            button(context, "field_report.next_part", action("report", report.id, after, stamp))
        ]
        if may_write(context, report):
            buttons.append(button(context, "field_report.enter", action("report_enter", report.id)))
    else:
        buttons = _buttons(context, report, grants, stamp)
    others = button(context, "field_report.others", action("reports"))
    reply = context.say(
        said, *buttons, others, exact=True, lines=shown, **values, goes_on=first > 0
    )
    # Early is no fault, but whoever decides is to know what it costs.
    if (
        after >= len(lines)
        and _decides_early(context, report, grants)
        and said != "field_report.submitted"
    ):
        until = f"{report.period.end:%d/%m}"
        reply = preceded(context.text("field_report.not_over", until=until), reply)
    return step(reply)


def _decides_early(context: Context, report: FieldReport, grants: tuple[Grant, ...]) -> bool:
    """Whether this person may approve it now, before its period is over."""
    approves = may(grants, "approve_report", report.place, context.now)
    return approves and report.state == "submitted" and report.period.end > context.today


def _fitting(
    context: Context, said: str, lines: Sequence[Shown], values: Mapping[str, Any]
) -> Sequence[Shown]:
    """As many as fit, one at least."""
    count = 1
    while count < len(lines):
        text = context.text(said, lines=lines[: count + 1], **values)
        if len(text.striptags()) > MOST:
            break
        count += 1
    return lines[:count]


def _lines(
    context: Context,
    report: FieldReport,
    found: Counted,
    entered: Mapping[str, int],
    *,
    is_late: bool,
) -> list[Shown]:
    """What was counted, what was typed, what nobody knows yet, in this order."""
    row = found.row
    lines = [Shown("counted", BY_NAME[name].label, row.figure(name).acts) for name in _ALWAYS]
    lines += [
        Shown("counted", BY_NAME[name].label, row.figure(name).acts)
        for name in _IF_ANY
        if row.figure(name).acts
    ]
    lines += [
        Shown("by_itself", BY_NAME[name].label, people)
        for name in _KNOWN
        if (people := found.told.get(name, NOTHING).people) is not None
    ]
    lines += [
        Shown("entered", line.label, entered[line.name]) for line in ENTERED if line.name in entered
    ]
    lines += [Shown("unknown", line.label) for line in ENTERED if line.name not in entered]
    if is_late:
        lines.append(Shown("late"))
    if report.state in WRITABLE and not may_write(context, report):
        lines.append(Shown("others"))
    return lines


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
