"""A learner with a row in every table that can hold one."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from fieldwork.periods import Period
from places.model import Place
from quizzes.review import ReviewItem
from storage import (
    addresses,
    arrivals,
    assisted,
    attempts,
    audit,
    board_links,
    broadcasts,
    cases,
    channel_months,
    cohorts,
    deliveries,
    enrolments,
    errands,
    fairs,
    field_reports,
    group_chats,
    hamlets,
    households,
    invitations,
    learners,
    live_questions,
    milestones,
    notebook_codes,
    notes,
    oa_windows,
    pastes,
    plans,
    polls,
    progress,
    public_pictures,
    recipients,
    review_items,
    rhythms,
    role_grants,
    screens,
    seats,
    seen,
    sittings,
    study_weeks,
    timers,
    unasked,
    visits,
    web_lines,
    witnesses,
    wrong_codes,
)
from storage.database import Connection
from storage.rhythms import Rhythm


async def fill(connection: Connection, name: str, now: datetime) -> int:
    """Everything this learner ever did holds ``name``; returns the learner's id."""
    address, learner = await addresses.load(connection, "telegram", f"{name}-chat", now)
    page, left_behind = await addresses.load(connection, "web", f"{name}-page", now)
    await addresses.join(connection, page.id, learner.id)
    assert left_behind.id != learner.id
    await learners.set_term(connection, learner.id, f"{name}-term")
    await learners.give_consent(connection, learner.id, f"{name}-words", now)
    await addresses.save_asked(
        connection, address.id, asked=f"{name}-asked", misses=1, last_tap=f"{name}-tap", now=now
    )
    await seen.first_time(connection, "telegram", f"update-{learner.id}", now)
    await progress.reach(connection, learner.id, f"{name}-lesson", 2, now)
    await progress.finish(connection, learner.id, f"{name}-lesson", now)
    await progress.mark_practice(connection, learner.id, f"{name}-lesson", "stuck", now)
    attempt = await attempts.start(connection, learner.id, f"{name}-lesson", 7, 1, now)
    answer = attempts.Answer(f"{name}-question", 1, f"{name}-given", "right", True, now)
    await attempts.record(connection, attempt, answer)
    await attempts.finish(connection, attempt, 1, True, now)
    await attempts.start_review(
        connection, learner.id, "review", (f"{name}-question", f"{name}-other"), 8, now
    )
    await review_items.keep(
        connection,
        learner.id,
        ReviewItem(
            question=f"{name}-question",
            stability=2.5,
            difficulty=5.25,
            reviewed_at=now,
            due_at=now + timedelta(days=2),
            is_safety=True,
            was_right=True,
            meaning=f"1.single.0.{name}",
        ),
    )
    sent, _ = await deliveries.add(
        connection, address.id, f"{name}-sent", priority=0, due_at=now, worker="w1", now=now
    )
    await deliveries.fail(connection, sent, f"{name}-error", now)
    await deliveries.add(
        connection,
        page.id,
        f"{name}-waiting",
        priority=0,
        replaces=f"{name}-replaced",
        due_at=now + timedelta(days=1),
        now=now,
    )
    await learners.set_zone(connection, learner.id, f"{name}-zone")
    await rhythms.keep(
        connection,
        learner.id,
        Rhythm(
            state="on",
            days=21,
            sessions=3,
            is_free=True,
            minute=1170,
            begun_at=now,
            rests_until_at=now + timedelta(days=7),
            reminded_at=now,
            reminders=4,
            unanswered=2,
            is_skipping=True,
            offered_at=now,
            fading_at=now,
        ),
    )
    await study_weeks.note(connection, learner.id, now.date())
    await unasked.count(
        connection, learner.id, now.date(), lines=1, reminders=1, most_lines=3, most_reminders=1
    )
    await timers.set_for(
        connection, address.id, f"{name}-kind", now + timedelta(days=1), subject=f"{name}-subject"
    )
    await errands.add(connection, address.id, f"{name}-reason", now)
    await channel_months.add(connection, "telegram", "2026-11", 3, most_addresses=10)
    await polls.remember(connection, "telegram", f"{name}-poll", address.id, f"{name}-act", now)
    await web_lines.add(connection, page.id, "learner", f"{name}-typed", None, now)
    await web_lines.add(connection, page.id, "tutor", f"{name}-said", sent, now)
    await _fill_people(connection, name, learner.id, now)
    kept = public_pictures.PublicPicture("path", f"{name}-content", now + timedelta(days=7))
    await public_pictures.keep(connection, f"{name}-picture", address.id, kept)
    await oa_windows.close(connection, "web", f"{name}-page", now)
    await notebook_codes.offer(connection, name, learner.id, page.id, now + timedelta(minutes=15))
    await _fill_groups(connection, name, learner.id, page.id, now)
    await _fill_fair(connection, name, learner.id, now)
    await _fill_support(connection, name, learner.id, now)
    await _fill_broadcasts(connection, name, learner.id, now)
    await _fill_home(connection, name, learner.id, now)
    await seats.share(connection, address, f"{name}-at-home")
    return learner.id


async def _fill_fair(connection: Connection, name: str, learner_id: int, now: datetime) -> None:
    """A fair of their own that they came to, with a question open on its screen."""
    fair = await fairs.add(
        connection,
        f"{name}-fair",
        f"{name}-fair-name",
        learner_id,
        Place("28696"),
        day=now.date(),
        lesson="gia-cong-an",
        opens_at=now,
        ends_at=now + timedelta(hours=12),
        now=now,
    )
    assert fair is not None
    await fairs.set_partner(connection, fair, f"{name}-partner")
    assert await fairs.come(connection, fair, learner_id, 8, now)
    screen = await screens.for_fair(connection, fair, "gia-cong-an", now)
    await screens.add_key(
        connection, f"{name}-host", screen.id, learner_id, now + timedelta(minutes=15)
    )
    await live_questions.take_seat(connection, screen.id, learner_id, now)
    question = await live_questions.open_one(connection, screen.id, "gia-cong-an", "q1", now)
    assert await live_questions.answer(connection, question, learner_id, f"{name}-scam", now)


async def _fill_support(connection: Connection, name: str, learner_id: int, now: datetime) -> None:
    """A case that somebody took, and a note that waits."""
    case = await cases.open_on(connection, learner_id, f"bai.{name}-lesson", "stuck", now)
    await cases.set_place(connection, case.id, Place("28696"))
    await cases.share(connection, case.id, name=f"{name}-shown", cohort_id=None, now=now)
    await cases.reach(connection, case.id, 2, now)
    await cases.take(connection, case.id, learner_id, f"{name}-word", now)
    await notes.refuse(connection, learner_id, now)
    await notes.write(connection, learner_id, learner_id, f"{name}-note", now)


async def _fill_home(connection: Connection, name: str, learner_id: int, now: datetime) -> None:
    """A household of their own; what strangers to the tests saw of them and were shown by them."""
    home = await households.add(connection, f"{name}-home-code", f"{name}-home", Place(), now)
    assert home is not None
    await households.join(connection, home, learner_id, f"{name}-at-home", now, is_seen=True)
    await households.set_guide(connection, home, learner_id)
    _, pupil = await addresses.load(connection, "web", "pupil", now)
    await households.tell(connection, learner_id, pupil.id, f"{name}-shown", now)
    await households.was_shown(connection, learner_id, pupil.id, f"{name}-shown", now)
    await witnesses.see(
        connection,
        learner_id,
        f"{name}-lesson",
        witness_id=pupil.id,
        acted_as="team_member",
        place=Place("28696"),
        now=now,
    )
    await witnesses.object_to(connection, learner_id, f"{name}-lesson", now)
    await witnesses.confirm(
        connection,
        learner_id,
        "vneid",
        witness_id=pupil.id,
        acted_as="ambassador",
        place=Place("28696"),
        now=now,
    )
    await assisted.note(
        connection, learner_id, f"{name}-noted", Place("28696"), helper_id=pupil.id, now=now
    )


async def _fill_groups(
    connection: Connection, name: str, learner_id: int, address_id: int, now: datetime
) -> None:
    """A group they paste into, with its plan; and a group they came through themselves."""
    group = await group_chats.add(
        connection, f"{name}-ref", address_id, is_pasted=True, label=f"{name}-group", now=now
    )
    assert group is not None
    plan = plans.Plan(
        group_id=group.id,
        course=f"{name}-course",
        lesson=f"{name}-next",
        days=frozenset({1, 3}),
        minute=1170,
    )
    await plans.keep(connection, plan, now)
    await pastes.give(connection, group.id, f"{name}-pasted", is_planned=True, now=now)
    await arrivals.came(connection, f"{name}-ref", learner_id, now)


async def _fill_broadcasts(
    connection: Connection, name: str, learner_id: int, now: datetime
) -> None:
    """One that they sent, to themselves; and they want no more."""
    number = await broadcasts.draft(
        connection,
        learner_id,
        cohort_id=None,
        place=Place("28696"),
        course="",
        signed=f"{name}-signed",
        now=now,
    )
    await broadcasts.write(connection, number, ready="", words=f"{name}-broadcast", is_urgent=False)
    await broadcasts.run(
        connection, number, approver_id=learner_id, ends_at=now + timedelta(days=1), now=now
    )
    await recipients.add(connection, number, learner_id, now)
    await broadcasts.refuse(connection, learner_id, now)


async def _fill_people(connection: Connection, name: str, learner_id: int, now: datetime) -> None:
    """A role, a class of their own that they are in too, and what was written down of it."""
    later = now + timedelta(days=3)
    await hamlets.add(connection, "28696", [("ap", "3")], now)
    (hamlet,) = await hamlets.of_commune(connection, "28696")
    await role_grants.give(
        connection, learner_id, "team_member", hamlet.place, granted_by=learner_id, now=now
    )
    await role_grants.set_name(connection, learner_id, f"{name}-called")
    cohort = await cohorts.add(connection, f"{name}-class", learner_id, hamlet.place, now)
    await cohorts.set_code(connection, cohort, f"{name}-code", now, later)
    await enrolments.join(connection, cohort, learner_id, "progress", now)
    await enrolments.set_name(connection, cohort, learner_id, f"{name}-nick")
    await invitations.add(
        connection,
        "ambassador",
        f"{name}-fingerprint",
        place=Place("28696"),
        created_by=learner_id,
        now=now,
        expires_at=later,
    )
    await audit.write(
        connection,
        "granted",
        now=now,
        actor_id=learner_id,
        subject_id=learner_id,
        role="team_member",
        place=hamlet.place,
    )
    await wrong_codes.add(connection, learner_id, now)
    await board_links.offer(connection, f"{name}-link", learner_id, now, later)
    await sittings.begin(connection, f"{name}-cookie", learner_id, f"{name}-browser", now, later)
    await _fill_fieldwork(connection, name, learner_id, hamlet.place, now)


async def _fill_fieldwork(
    connection: Connection, name: str, learner_id: int, place: Place, now: datetime
) -> None:
    """A milestone said and seen, a visit that was corrected, a report with a figure."""
    await milestones.declare(connection, learner_id, [f"{name}-milestone"], now)
    await milestones.witness(connection, learner_id, [f"{name}-milestone"], learner_id, now)
    visit_id = await visits.begin(connection, learner_id, place, now.date(), now)
    draft = await visits.by_id(connection, visit_id)
    assert draft is not None
    logged = replace(draft, state="logged", people=4, milestones={"vneid_2": 2})
    await visits.change(connection, draft, logged, now)
    before = await visits.by_id(connection, visit_id)
    assert before is not None
    await visits.change(connection, before, replace(before, people=5), now)
    # Two people never write the same report.
    day = date(2020, 1, 1) + timedelta(days=learner_id)
    report = await field_reports.open_one(connection, place, Period(day, day), learner_id, now)
    await field_reports.enter(connection, report.id, "R18", 7)
    await field_reports.move(
        connection, report, "to_correct", now=now, decided_by=learner_id, reason="numbers"
    )
