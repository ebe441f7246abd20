"""What a screen's page is told: the lesson as slides, and where the room is, in counts alone.

Whoever has the address may look, so there is nobody's name here, no score and, until the host
shows it, no right answer.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from lessons.catalogue import Catalogue
from live import hosting
from live.choices import Put, put
from live.deck import Slide, deck, question_at
from people import codes
from places.directory import Places
from storage import cohorts, fairs, hamlets, live_questions, screens
from storage.database import Connection
from storage.screens import Screen
from templates.terms import GROUP
from templates.words import Words

Kind: TypeAlias = Literal["lop", "ngayhoi"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A class or a fair that has a screen or may have one. ``screen`` is ``None`` until its host
    opened it.
    """

    kind: Kind
    code: str
    title: str
    where: str
    screen: Screen | None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that pages are made of. ``bars_from``: with fewer answers than that the bars
    stay hidden until the right one is shown, so that nobody's is guessed and nobody follows it.
    """

    catalogue: Catalogue
    words: Words
    places: Places
    bars_from: int

    async def room(
        self, connection: Connection, kind: Kind, typed: str, now: datetime
    ) -> Room | None:
        """The room that a code in an address leads to now; ``None`` for wrong and expired ones."""
        code = codes.read(typed)
        if len(code) != codes.COHORT_SIGNS:
            return None
        if kind == "ngayhoi":
            fair = await fairs.by_code(connection, code)
            if fair is None:
                return None
            day = f"{fair.day:%d/%m/%Y}"
            where = await self._where(connection, fair.place.commune, fair.place.hamlet)
            return Room(
                kind=kind,
                code=code,
                title=fair.name or f"Ngày hội {day}",
                where=f"{where} · {day}" if where else day,
                screen=await screens.of_fair(connection, fair.id),
                over=fair.is_over(now),
            )
        through = await cohorts.through(connection, code)
        if through is None or through.replaced or now >= through.expires_at:
            return None
        cohort = through.cohort
        if cohort.closed_at is not None:
            return None
        named = cohort.name or codes.spaced(code)
        return Room(
            kind=kind,
            code=code,
            title=named if named.casefold().startswith("lớp") else f"Lớp {named}",
            where=await self._where(connection, cohort.place.commune, cohort.place.hamlet),
            screen=await screens.of_class(connection, cohort.id),
        )

    async def _where(self, connection: Connection, commune: str, hamlet: int) -> str:
        found = self.places.commune(commune) if commune else None
        part = await hamlets.by_id(connection, hamlet) if hamlet else None
        return ", ".join(one.title for one in (part, found) if one is not None)

    def slides(self, lesson: str, seed: int, *, is_fair: bool) -> list[dict[str, Any]]:
        """The slides of a lesson in plain words; ``seed`` is the screen's, for the same order of
        options as on telephones.
        """
        shown = deck(self.catalogue, lesson, is_fair=is_fair)
        total = sum(one.kind == "question" for one in shown)
        return [self._slide(one, seed, total) for one in shown]

    def _slide(self, slide: Slide, seed: int, questions: int) -> dict[str, Any]:
        lesson = self.catalogue.lesson(slide.lesson)
        told: dict[str, Any] = {"kind": slide.kind}
        if lesson is None:
            return told
        told["title"] = lesson.title
        match slide.kind:
            case "card":
                told |= {
                    "at": slide.at + 1,
                    "of": len(lesson.cards),
                    "text": self._fill(lesson.cards[slide.at].text),
                }
            case "takeaway":
                told["lines"] = [self._fill(one) for one in lesson.takeaway]
            case "practice":
                told["text"] = self._fill(lesson.practice.task)
            case "question":
                shown = self._put(slide, seed)
                told |= {"at": slide.at, "of": questions}
                told["ask"] = shown.ask.striptags() if shown else ""
                told["choices"] = [one.label for one in shown.choices] if shown else []
        return told

    async def now(self, connection: Connection, screen: Screen, moment: datetime) -> dict[str, Any]:
        """Where the host is, how many take part, and what they answered: a handful of counts."""
        slide = hosting.slide_of(self.catalogue, screen)
        told: dict[str, Any] = {
            "version": screen.version,
            "lesson": screen.lesson,
            "place": min(screen.place, len(hosting.slides(self.catalogue, screen)) - 1),
            "seats": await live_questions.seats(connection, screen.id, moment - hosting.SEATED_FOR),
            "question": await self._question(connection, screen, slide),
        }
        if screen.fair_id is not None:
            crowd = await fairs.crowd(connection, screen.fair_id)
            told["crowd"] = {"people": crowd.people, "lessons": crowd.lessons}
        return told

    async def _question(
        self, connection: Connection, screen: Screen, slide: Slide
    ) -> dict[str, Any] | None:
        asked = await hosting.asked_at(connection, screen, slide)
        shown = self._put(slide, screen.id) if slide.question else None
        if asked is None or shown is None:
            return None
        counts = await live_questions.counts(connection, asked.id)
        bars = [counts.get(one.given, 0) for one in shown.choices]
        answers, is_over = sum(bars), asked.shown_at is not None
        told: dict[str, Any] = {"is": "shown" if is_over else "open", "answers": answers}
        told["bars"] = bars if is_over or answers >= self.bars_from else None
        if is_over:
            told["right"] = [one.given for one in shown.choices].index(shown.right)
            told["why"] = shown.why
        return told

    def lessons(self) -> list[dict[str, Any]]:
        """What a host may choose from."""
        return [
            {
                "course": course.title,
                "lessons": [
                    {"slug": slug, "title": lesson.title}
                    for slug in course.lessons
                    if (lesson := self.catalogue.lesson(slug)) is not None
                ],
            }
            for course in self.catalogue.courses
        ]

    def _put(self, slide: Slide, seed: int) -> Put | None:
        found = question_at(self.catalogue, slide)
        return None if found is None else put(found, self.words, GROUP.key, seed)

    def _fill(self, text: str) -> str:
        return self.words.fill(text, GROUP.key).strip()
