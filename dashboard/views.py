"""The pages: what each reads, and what it is drawn with."""

from typing import Any

from aiohttp import web

from dashboard.answers import Missing, html
from dashboard.asked import PAGE, folded, leaf, order_of, page_of, search_of
from dashboard.parts import Parts
from dashboard.reading import (
    POSTS_SINCE,
    ROLL_ORDERS,
    looked,
    one_class,
    overview,
    the_class,
)
from dashboard.scope import scope_of, titles_of, token_of
from dashboard.visitor import Visitor
from people.roles import EVERYWHERE
from storage import enrolments, progress
from storage.discrimination import Discrimination, discrimination, of_cohorts
from storage.reports import classes as class_reports
from storage.reports import groups as group_reports
from storage.reports import rolls

_PEOPLE_ORDERS: tuple[rolls.PersonOrder, ...] = ("name", "joined")


def page(parts: Parts, visitor: Visitor, name: str, **values: Any) -> web.Response:
    """One page in the frame that all have."""
    return html(
        parts.templates.render(name, seal=visitor.seal, role=visitor.role, here=name, **values)
    )


async def show_overview(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    course = course_of(parts, request)
    async with parts.database.read() as connection:
        scope = await scope_of(parts, connection, visitor, request.query.get("noi", ""))
        read = await overview(parts, connection, visitor, scope, course)
        # Who has several places chooses among them; who has one leafs down its parts.
        own = await titles_of(parts, connection, visitor.places)
    choices = [(token_of(place), title) for place, title in own.items()]
    return page(
        parts,
        visitor,
        "overview",
        title="Tổng quan",
        read=read,
        scope=scope,
        choices=choices if len(choices) > 1 else [],
        course=course,
        courses=parts.catalogue.courses,
        shows_communes=scope.whole == EVERYWHERE,
    )


def course_of(parts: Parts, request: web.Request) -> str:
    """The course whose funnel is drawn: the first, unless another is asked for."""
    wanted = request.query.get("khoa", "")
    courses = [course.slug for course in parts.catalogue.courses]
    return wanted if wanted in courses else courses[0]


async def show_classes(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    number = page_of(request)
    async with parts.database.read() as connection:
        scope = await scope_of(parts, connection, visitor, request.query.get("noi", ""))
        # Over a whole province nobody waits until all classes are counted to be put in order.
        orders = ROLL_ORDERS[:2] if scope.whole == EVERYWHERE else ROLL_ORDERS
        order = order_of(request, orders)
        found = await rolls.classes(
            connection,
            scope.places,
            scope.owner_id,
            now=parts.now(),
            order=order,
            limit=PAGE,
            offset=PAGE * (number - 1),
        )
        titles = await titles_of(parts, connection, {line.place for line in found.lines})
    return page(
        parts,
        visitor,
        "classes",
        title="Các lớp",
        scope=scope,
        lines=[(line, titles[line.place]) for line in found.lines],
        leaf=leaf(request, number, found.total),
        order=order,
        orders=orders,
    )


async def show_class(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    number, search = page_of(request), search_of(request)
    order = order_of(request, class_reports.SORTS)
    async with parts.database.read() as connection:
        read = await one_class(parts, connection, visitor, request.match_info["lop"])
    found = class_reports.page(
        read.report.learners,
        sort=order,
        search=search,
        offset=PAGE * (number - 1),
        limit=PAGE,
    )
    await looked(parts, visitor, [(read.cohort.id, one.learner_id) for one in found.learners])
    return page(
        parts,
        visitor,
        "class",
        title=read.cohort.name or "Lớp",
        read=read,
        learners=found.learners,
        lessons={lesson.slug: lesson.title for lesson in parts.catalogue.lessons},
        leaf=leaf(request, number, found.total),
        order=order,
        orders=class_reports.SORTS,
        search=search,
    )


async def show_people(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    number, search = page_of(request), search_of(request)
    order = order_of(request, _PEOPLE_ORDERS)
    async with parts.database.read() as connection:
        scope = await scope_of(parts, connection, visitor, request.query.get("noi", ""))
        # A province is no list: whoever looks for somebody says in which commune.
        found = (
            rolls.PersonPage((), 0)
            if scope.whole == EVERYWHERE
            else await rolls.people_at(
                connection,
                scope.places,
                scope.owner_id,
                named=folded(search),
                order=order,
                limit=PAGE,
                offset=PAGE * (number - 1),
            )
        )
    await looked(parts, visitor, [(one.cohort_id, one.learner_id) for one in found.lines])
    return page(
        parts,
        visitor,
        "people",
        title="Người học",
        scope=scope,
        is_everywhere=scope.whole == EVERYWHERE,
        communes=parts.places.communes if scope.whole == EVERYWHERE else (),
        lines=found.lines,
        lessons={lesson.slug: lesson.title for lesson in parts.catalogue.lessons},
        leaf=leaf(request, number, found.total),
        order=order,
        orders=_PEOPLE_ORDERS,
        search=search,
    )


async def show_person(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    said = request.match_info["nguoi"]
    if not said.isascii() or not said.isdecimal() or len(said) > 15:
        raise Missing
    async with parts.database.read() as connection:
        cohort = await the_class(parts, connection, visitor, request.match_info["lop"])
        enrolment = await enrolments.find(connection, cohort.id, int(said))
        if enrolment is None or enrolment.scope != "progress":
            raise Missing
        learnt = await progress.of_learner(connection, enrolment.learner_id)
        drills = await discrimination(connection, [enrolment.learner_id])
    await looked(parts, visitor, [(cohort.id, enrolment.learner_id)])
    rows = [
        (course, [(lesson, learnt.get(lesson.slug)) for lesson in lessons])
        for course in parts.catalogue.courses
        if (lessons := [one for slug in course.lessons if (one := parts.catalogue.lesson(slug))])
    ]
    return page(
        parts,
        visitor,
        "person",
        title=enrolment.name or "Người học",
        cohort=cohort,
        enrolment=enrolment,
        rows=rows,
        done=sum(one.done_at is not None for one in learnt.values()),
        last_at=max((one.updated_at for one in learnt.values()), default=None),
        drills=drills.get(enrolment.learner_id, Discrimination()),
    )


async def show_groups(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    number = page_of(request)
    async with parts.database.read() as connection:
        scope = await scope_of(parts, connection, visitor, request.query.get("noi", ""))
        found = await group_reports.groups(
            connection,
            scope.places,
            since=parts.now() - POSTS_SINCE,
            limit=PAGE,
            offset=PAGE * (number - 1),
        )
        titles = await titles_of(parts, connection, {line.place for line in found.lines})
    return page(
        parts,
        visitor,
        "groups",
        title="Bài gửi nhóm",
        scope=scope,
        lines=[(line, titles[line.place]) for line in found.lines],
        lessons={lesson.slug: lesson.title for lesson in parts.catalogue.lessons},
        leaf=leaf(request, number, found.total),
    )


async def show_drills(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    number = page_of(request)
    async with parts.database.read() as connection:
        scope = await scope_of(parts, connection, visitor, request.query.get("noi", ""))
        found = await rolls.classes(
            connection,
            scope.places,
            scope.owner_id,
            now=parts.now(),
            order="name",
            limit=PAGE,
            offset=PAGE * (number - 1),
        )
        by_class = await of_cohorts(connection, [line.id for line in found.lines])
        titles = await titles_of(parts, connection, {line.place for line in found.lines})
        read = await overview(parts, connection, visitor, scope)
    return page(
        parts,
        visitor,
        "drills",
        title="Thật hay lừa?",
        scope=scope,
        read=read,
        lines=[
            (line, titles[line.place], by_class.get(line.id, Discrimination()))
            for line in found.lines
        ],
        leaf=leaf(request, number, found.total),
    )
