"""Deciding on a report: approved, sent back with a reason, locked, opened again; never by its author."""

from conversation.actions import action
from conversation.handler import Context, Denied, Handler, Stale, Step, step
from conversation.replies import Button
from fieldwork.reports import REASONS, Move, moved
from handlers.buttons import button
from handlers.fieldwork.reports_said import counted, is_own, page, the_report
from people.roles import Deed, highest, may
from storage import audit, field_reports, visits
from storage.audit import AuditedDeed
from storage.field_reports import FieldReport, WhyBack

_TAKES: dict[Move, tuple[Deed, AuditedDeed]] = {
    "approve": ("approve_report", "report_approve"),
    "send_back": ("approve_report", "report_send_back"),
    "lock": ("lock_report", "report_lock"),
    "reopen": ("lock_report", "report_reopen"),
}


async def approve(context: Context, number: str, seen: str) -> Step:
    """Only what was seen is approved: when a figure has changed since, it is shown again."""
    report = await _for(context, number, "approve_report")
    if report.state == "approved":
        return await page(context, number)
    if await is_own(context, report):
        return await _own(context, report)
    entered = await field_reports.figures(context.connection, report.id)
    if report.state == "submitted" and seen != await _stamp(context, report, entered):
        return await page(context, number, "field_report.changed")
    return await _decide(context, number, "approve")


async def _stamp(context: Context, report: FieldReport, entered: dict[str, int]) -> str:
    return str((await counted(context, report)).stamp(entered))


async def ask_why(context: Context, number: str) -> Step:
    report = await _for(context, number, "approve_report")
    if await is_own(context, report):
        return await _own(context, report)
    buttons = [
        Button(
            context.text("field_report.reason", reason=reason).unescape(),
            action("report_back", report.id, reason),
        )
        for reason in REASONS
    ]
    back = button(context, "field_report.back", action("report", report.id))
    return step(context.say("field_report.ask_why", *buttons, back, exact=True))


async def send_back(context: Context, number: str, reason: str) -> Step:
    for known in REASONS:
        if known == reason:
            return await _decide(context, number, "send_back", known)
    raise Stale


async def lock(context: Context, number: str) -> Step:
    report = await _for(context, number, "lock_report")
    if report.state == "locked":
        return await page(context, number)
    return await _decide(context, number, "lock")


async def reopen(context: Context, number: str) -> Step:
    return await _decide(context, number, "reopen", "late")


async def _for(context: Context, number: str, deed: Deed) -> FieldReport:
    """The report, for who may do that with it. Raises otherwise."""
    report, grants = await the_report(context, number)
    if not may(grants, deed, report.place, context.now):
        raise Denied
    return report


async def _decide(context: Context, number: str, move: Move, reason: WhyBack = "") -> Step:
    """One step, by who may take it and wrote none of it, written down. Opened again, it counts what came late."""
    report, grants = await the_report(context, number)
    deed, written = _TAKES[move]
    if not may(grants, deed, report.place, context.now):
        raise Denied
    after = moved(report.state, move)
    if after is None:
        raise Stale
    if await is_own(context, report):
        return await _own(context, report)
    if not await field_reports.move(
        context.connection,
        report,
        after,
        now=context.now,
        decided_by=context.learner.id,
        reason=reason,
    ):
        # Somebody else decided in this very moment: what they did is what stands there now.
        return await page(context, number)
    if after == "to_correct":
        await visits.release(context.connection, report.id)
    await audit.write(
        context.connection,
        written,
        now=context.now,
        actor_id=context.learner.id,
        acted_as=highest(grants, context.now) or "",
        subject_id=report.author_id,
        place=report.place,
    )
    return await page(context, number)


async def _own(context: Context, report: FieldReport) -> Step:
    back = button(context, "field_report.back", action("report", report.id))
    return step(context.say("field_report.own", back))


HANDLER = Handler(
    name="deciding",
    actions={
        "report_approve": approve,
        "report_why": ask_why,
        "report_back": send_back,
        "report_lock": lock,
        "report_reopen": reopen,
    },
)
