"""How far the learner has come: ten lines and a picture for the family."""

from dataclasses import dataclass
from typing import Any

from conversation.handler import Command, Context, Handler, Step
from conversation.replies import ShowPicture
from handlers import memory
from handlers.buttons import LEARN, NEXT, button
from handlers.kept import Kept, rhythm_kept
from handlers.lesson import DONE
from handlers.onward import Read, onward
from handlers.reminders.soon import Soon, soon
from storage import attempts, progress

# Ten lines, of which the others need five.
_COURSES_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class _CourseLine:
    icon: str
    title: str
    done: int
    total: int


async def show(context: Context) -> Step:
    learnt = await progress.of_learner(context.connection, context.learner.id)
    results = await attempts.results(context.connection, context.learner.id)
    coming = await onward(context)
    current = coming.lesson if isinstance(coming, Read) and coming.begun else ""
    following = coming.lesson if isinstance(coming, Read) and not coming.begun else ""
    courses: list[tuple[_CourseLine, list[str]]] = []
    passed_count = waiting = 0
    for course in context.catalogue.courses:
        stones = []
        for slug in course.lessons:
            row = learnt.get(slug)
            learnt_it = row is not None and row.done_at is not None
            passed = slug in results and results[slug].passed
            passed_count += passed
            waiting += row is not None and learnt_it and row.practice != DONE
            stones.append(
                "passed" if learnt_it and passed
                else "done" if learnt_it
                else "current" if slug == current
                else "ahead"
            )  # fmt: skip
        done_count = sum(stone in ("passed", "done") for stone in stones)
        line = _CourseLine(course.icon, course.title, done_count, len(stones))
        courses.append((line, stones))
    done = sum(line.done for line, _ in courses)
    total = sum(line.total for line, _ in courses)
    shown = _shown(courses)
    lines = [line for line, _ in shown]
    reviews = await memory.coming(context)
    kept = await rhythm_kept(context)
    today = context.rules.spacing.day(context.now)
    next_review = soon(reviews.day, today) if reviews.day else None
    summary = context.say(
        "progress.summary",
        button(context, "menu.next", NEXT),
        button(context, "menu.learn", LEARN),
        courses=lines,
        left_out=len(courses) - len(lines),
        done=done,
        total=total,
        passed=passed_count,
        current=_title(context, current),
        next=_title(context, following),
        tasks=waiting,
        reviews=reviews.today,
        soon=next_review,
        kept=kept,
    )
    picture = ShowPicture(
        "path",
        {
            "title": context.text("progress.picture_title").unescape(),
            "summary": context.text("progress.picture_summary", done=done, total=total).unescape(),
            "footer": context.text("progress.picture_footer").unescape(),
            "courses": [{"title": line.title, "stones": stones} for line, stones in shown],
            "week": _week_drawn(context, kept, reviews.today, next_review),
        },
        alt=context.text(
            "progress.alt",
            done=done,
            total=total,
            courses=lines,
            left_out=len(courses) - len(lines),
            kept=kept,
            reviews=reviews.today,
            soon=next_review,
        ).unescape(),
        caption=context.text("progress.caption", done=done),
    )
    return Step((picture, summary))


def _shown(courses: list[tuple[_CourseLine, list[str]]]) -> list[tuple[_CourseLine, list[str]]]:
    """All of a few courses; of many, those under way, then those ahead, in their own order."""
    if len(courses) <= _COURSES_AT_MOST:
        return courses

    def how_far(place: int) -> int:
        line, stones = courses[place]
        if line.done == line.total:
            return 2
        return 0 if line.done or "current" in stones else 1

    chosen = sorted(range(len(courses)), key=how_far)[: _COURSES_AT_MOST - 1]
    return [courses[place] for place in sorted(chosen)]


def _week_drawn(context: Context, kept: Kept, reviews: int, coming: Soon | None) -> dict[str, Any]:
    """This week's days, and what stands beside them."""
    return {
        "title": context.text("progress.picture_week", kept=kept).unescape(),
        "review": context.text("progress.picture_review", reviews=reviews, soon=coming).unescape(),
        "days": [
            {"name": context.text("progress.picture_day", day=day).unescape(), "learnt": learnt,
             "today": day == kept.today}
            for day, learnt in enumerate(kept.days)
        ],
    }  # fmt: skip


def _title(context: Context, slug: str) -> str:
    lesson = context.catalogue.lesson(slug) if slug else None
    return lesson.title if lesson else ""


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="progress",
    commands=(
        Command(
            "tiendo",
            "Xem mình học tới đâu",
            _show,
            words=("tiến độ", "học tới đâu", "học tới đâu rồi", "kết quả", "xem tiến độ"),
        ),
    ),
    actions={"progress": show},
)
