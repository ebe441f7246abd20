"""How places, roles, classes and times are said."""

from datetime import datetime

from conversation.handler import Context
from people import codes
from people.roles import Grant, Role
from places.model import Place
from storage import hamlets
from storage.cohorts import Cohort
from vietnamese import fold


async def place_said(context: Context, place: Place) -> str:
    """As in "ấp 3, xã Tân Hồng"; "" for nowhere in particular."""
    if not place.commune:
        return ""
    commune = context.rules.places.commune(place.commune)
    # A file may lose a commune; what points at it goes on.
    title = commune.title if commune is not None else f"xã, phường mã {place.commune}"
    hamlet = await hamlets.by_id(context.connection, place.hamlet) if place.hamlet else None
    return f"{hamlet.title}, {title}" if hamlet is not None else title


async def grant_said(context: Context, grant: Grant) -> str:
    """As in "thành viên Tổ công nghệ số, ấp 3, xã Tân Hồng"."""
    return await role_said(context, grant.role, grant.place)


async def role_said(context: Context, role: Role, place: Place) -> str:
    where = await place_said(context, place)
    name = context.text("role.name", role=role).unescape()
    return f"{name}, {where}" if where else name


def day_said(context: Context, moment: datetime) -> str:
    return moment.astimezone(context.rules.spacing.zone).strftime("%d/%m/%Y")


def time_said(context: Context, moment: datetime) -> str:
    return moment.astimezone(context.rules.spacing.zone).strftime("%H:%M ngày %d/%m/%Y")


def class_said(context: Context, cohort: Cohort) -> str:
    """Its name, which begins with "Lớp"; by its code when nobody names it any more."""
    if not cohort.name:
        return context.text("joining.by_code", code=codes.spaced(cohort.code)).unescape()
    is_said = fold(cohort.name).split()[:1] == ["lop"]
    return cohort.name if is_said else f"Lớp {cohort.name}"
