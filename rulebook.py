"""The rules that the tutor goes by, as the settings have them."""

from collections.abc import Mapping
from datetime import time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import settings
from channels.base import Channel
from conversation.broadcast import Broadcasting
from conversation.handler import Rules
from conversation.manners import Manners
from places.directory import Places
from quizzes.review import Spacing
from settings import Settings
from switchboard import board_url, pages_of


def rules_of(chosen: Settings, places: Places, channels: Mapping[str, Channel]) -> Rules:
    """All of them together; ``channels`` tell their links and their pace."""
    manners = _manners(chosen)
    return Rules(
        pass_ratio=chosen.quiz.pass_ratio,
        spacing=Spacing(
            retention=chosen.review.retention,
            maximum_interval_days=chosen.review.maximum_interval_days,
            safety_interval_days=chosen.review.safety_interval_days,
            questions_a_day=chosen.review.questions_a_day,
        ),
        manners=manners,
        remind_at=manners.nearest(settings.minute_of(chosen.reminder.hour)),
        remind_sessions=chosen.reminder.sessions_a_week,
        support_place=chosen.support.place,
        support_phone=chosen.support.phone,
        support_next_after=timedelta(hours=chosen.support.next_after_hours),
        support_met_after=timedelta(days=chosen.support.met_days),
        support_wrong_times=chosen.support.wrong_times,
        support_stalled_after=timedelta(days=chosen.support.stalled_days),
        note_every=timedelta(days=chosen.support.note_days),
        places=places,
        basic_courses=chosen.household.courses,
        household_share=chosen.household.share,
        notebook_open_for=timedelta(hours=chosen.assisting.open_hours),
        administrators=chosen.admin.pairs,
        invitation_for=timedelta(hours=chosen.people.invitation_hours),
        role_for=timedelta(days=chosen.people.role_days) or None,
        code_for=timedelta(days=chosen.people.code_days),
        broadcasting=_broadcasting(chosen, channels),
        links={name: channel.link for name, channel in channels.items()},
        pages=pages_of(chosen),
        board_url=board_url(chosen),
        board_link_for=timedelta(minutes=chosen.board.link_minutes),
        board_idle_for=timedelta(minutes=chosen.board.idle_minutes),
    )


def _manners(chosen: Settings) -> Manners:
    return Manners(
        opens=_hour(chosen.quiet.ends),
        closes=_hour(chosen.quiet.begins),
        zone=ZoneInfo(chosen.quiet.zone),
        lunar_days=settings.days_of_year(chosen.quiet.lunar_days),
        solar_days=settings.days_of_year(chosen.quiet.solar_days),
        lines_a_day=chosen.quiet.lines_a_day,
    )


def _broadcasting(chosen: Settings, channels: Mapping[str, Channel]) -> Broadcasting:
    limits = {name: channel.capabilities.limits.overall for name, channel in channels.items()}
    return Broadcasting(
        rate=chosen.broadcast.rate,
        piece=chosen.broadcast.piece,
        approve_above=chosen.broadcast.approve_above,
        approval_for=timedelta(hours=chosen.broadcast.approval_hours),
        open_for=timedelta(hours=chosen.broadcast.open_hours),
        paces={name: rate.per_second for name, rate in limits.items() if rate is not None},
        own_host=urlsplit(chosen.web.public_url).hostname or "",
    )


def _hour(clock: str) -> time:
    return time(*divmod(settings.minute_of(clock), 60))
