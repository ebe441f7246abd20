"""The page of those who ask for help: counted, and by name what this person may take in chat."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from aiohttp import web

from dashboard.asked import PAGE, page_of
from dashboard.parts import Parts
from dashboard.scope import Scope, scope_of, titles_of, token_of
from dashboard.views import page
from dashboard.visitor import Visitor
from dashboard.words import role
from lessons.catalogue import Catalogue
from people.roles import EVERYWHERE
from people.support import Rung, rung_at
from places.model import Place
from storage import audit
from storage.reports import asking
from storage.reports.asking import Case, Part

CLOSED_WITHIN = timedelta(days=30)
_AGES = ("trong ngày", "1 tới 3 ngày", "3 tới 7 ngày", "quá 7 ngày")
_RUNGS = ("người phụ trách lớp", "Tổ của ấp, khóm", "đại sứ số của xã, phường", "quản trị")
_OUTCOMES: Mapping[str, str] = {
    "success": "tự làm được",
    "helped": "đã được giúp",
    "withdrawn": "không cần nữa",
    "declined": "không nhờ",
    "united": "gộp hai sổ làm một",
}


async def show(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
    number, now = page_of(request), parts.now()
    async with parts.database.read() as connection:
        scope = await scope_of(parts, connection, visitor, request.query.get("noi", ""))
        asked = _asked(visitor, scope)
        counted = await asking.asking(connection, asked, now=now, closed_since=now - CLOSED_WITHIN)
        found = await asking.named(connection, asked, limit=PAGE + 1, offset=PAGE * (number - 1))
        cases = found[:PAGE]
        places = {_place(part) for part in counted.by["place"]} | {one.place for one in cases}
        titles = await titles_of(parts, connection, places)
        own = await titles_of(parts, connection, visitor.places)
    await _looked(parts, visitor, cases)
    by = counted.by
    return page(
        parts,
        visitor,
        "asking",
        title="Nhờ giúp",
        scope=scope,
        choices=[(token_of(place), title) for place, title in own.items()],
        counted=counted,
        tables=[
            ("Từng nơi", "Nơi", [(_where(one, titles), one.people) for one in by["place"]]),
            ("Đã chờ bao lâu", "Từ lúc nhờ", _named(by["age"], _AGES)),
            ("Chưa ai nhận, đang hỏi tới", "Đang hỏi", _named(by["rung"], _RUNGS)),
            ("Ai đã nhận", "Vai trò", [(_taker(one), one.people) for one in by["taker"]]),
            (
                "Nhờ việc gì",
                "Việc",
                [(item_said(parts.catalogue, one.key), one.people) for one in by["item"]],
            ),
            (
                "Đã xong trong 30 ngày",
                "Kết quả",
                [(_OUTCOMES.get(one.key, "khác"), one.people) for one in by["outcome"]],
            ),
        ],
        cases=[(one, titles[one.place], item_said(parts.catalogue, one.item)) for one in cases],
        number=number,
        has_more=len(found) > PAGE,
    )


def _asked(visitor: Visitor, scope: Scope) -> asking.Scope:
    """On which rung this person stands at each place: the lowest of what they hold there."""
    return asking.Scope(
        {
            place: min(
                (int(rung_at(held)) for held in visitor.places if _covers(held, place)),
                default=int(Rung.ADMINISTRATORS),
            )
            for place in scope.places
        },
        visitor.learner_id,
        has_classes=scope.owner_id is not None,
    )


def _covers(held: Place, place: Place) -> bool:
    return held in (EVERYWHERE, place, Place(place.commune))


async def _looked(parts: Parts, visitor: Visitor, cases: Iterable[Case]) -> None:
    shown = list(cases)
    if not shown:
        return
    async with parts.database.transaction() as connection:
        for place in dict.fromkeys(one.place for one in shown):
            await audit.write_looked_at(
                connection,
                [one.learner_id for one in shown if one.place == place],
                actor_id=visitor.learner_id,
                acted_as=visitor.role,
                place=place,
                now=parts.now(),
            )


def _place(part: Part) -> Place:
    commune, _, hamlet = part.key.partition(":")
    return Place(commune, int(hamlet))


def _where(part: Part, titles: Mapping[Place, str]) -> str:
    place = _place(part)
    if not place.commune:
        return "không nói nơi nào"
    return titles[place].partition(",")[0]


def _named(parts: Iterable[Part], names: tuple[str, ...]) -> list[tuple[str, object]]:
    return [(names[int(one.key)], one.people) for one in parts]


def _taker(part: Part) -> str:
    return role(asking.role_of(part.key)) or "người nay không còn vai trò"


def item_said(catalogue: Catalogue, item: str) -> str:
    """As the chat calls it: a lesson, a question of one, or nothing in particular."""
    kind, _, name = item.partition(".")
    if not item:
        return "việc dùng điện thoại"
    for lesson in catalogue.lessons:
        if kind == "bai" and lesson.slug == name:
            return f"bài “{lesson.title}”"
        quiz = catalogue.quiz(lesson.slug)
        if kind == "cau" and quiz is not None and any(one.id == name for one in quiz.questions):
            return f"câu hỏi của bài “{lesson.title}”"
    return "một bài đã cũ"
