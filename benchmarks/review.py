"""What spacing costs: microseconds to plan one question again, and its share of an answer's turn.

``python -m benchmarks.review``. First the model alone, then answers to one question after the
other through the real tutor on a new SQLite file, by learners who already have so many items.
"""

import argparse
import asyncio
import gc
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.measure import Progress, median, number, percentile, save, table, verdict
from benchmarks.processes import ROOT
from conversation.actions import Action, action
from conversation.events import Chosen, Event, Inbound, Started
from conversation.handler import Context, Rules
from conversation.turn import Tutor
from handlers import memory
from handlers.registry import build_router
from lessons.catalogue import Catalogue
from lessons.loading import load
from quizzes.attempt import Ask
from quizzes.due import pick
from quizzes.model import SingleChoice
from quizzes.review import ReviewItem, Spacing, after_answer
from storage import review_items
from storage.database import Database
from storage.migrate import prepare
from storage.opening import open_database
from templates.words import Words

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
SPACING = Spacing()
# What a learner has after one lesson, after all there are today, and after five times that.
ITEMS = (5, 100, 500)
# One answer's planning may cost this much of its turn.
TARGET_SHARE = 0.15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--answers", type=int, default=600, help="answers for each number of items")
    chosen = parser.parse_args()
    say = Progress()
    say("the model alone")
    alone = [_alone(items) for items in ITEMS]
    turns = []
    for items in ITEMS:
        say(f"answers of learners with {items} items")
        turns.append(asyncio.run(_turns(items, chosen.answers)))
    print()
    print(
        table(
            (
                "items",
                "plan µs",
                "pick µs",
                "turn ms",
                "p99 ms",
                "of it planning ms",
                "share",
                "turn CPU ms",
                "of it planning CPU ms",
                "CPU share",
            ),
            [
                (
                    number(items),
                    number(model["plan_us"], 1),
                    number(model["pick_us"], 1),
                    number(turn["turn_ms"], 2),
                    number(turn["turn_p99_ms"], 2),
                    number(turn["planning_ms"], 2),
                    f"{turn['share']:.0%}",
                    number(turn["turn_cpu_ms"], 2),
                    number(turn["planning_cpu_ms"], 2),
                    f"{turn['cpu_share']:.0%}",
                )
                for items, model, turn in zip(ITEMS, alone, turns, strict=True)
            ],
        )
    )
    print()
    usual = turns[ITEMS.index(100)]
    # Where others use the machine, waits blow up the turn and flatter the share: CPU time does not.
    share = max(usual["share"], usual["cpu_share"])
    print(verdict("share of a turn at 100 items", share, TARGET_SHARE, at_most=True))
    save(
        "review",
        {
            "items": list(ITEMS),
            "alone": alone,
            "turns": turns,
            "answers": chosen.answers,
        },
    )


def _items(how_many: int) -> list[ReviewItem]:
    """Items as a learner of some months has them: a few due, the others in days and weeks."""
    made = []
    for n in range(how_many):
        item = after_answer(
            SPACING,
            f"cau-{n}",
            None,
            NOW - timedelta(days=2 + n % 30),
            is_right=n % 4 != 0,
            is_firm=n % 3 != 0,
            is_safety=n % 2 == 0,
            busy={},
        )
        made.append(item)
    return made


def _alone(how_many: int) -> dict[str, float]:
    items = _items(how_many)
    busy: dict[date, int] = {}
    for item in items:
        day = SPACING.day(item.due_at)
        busy[day] = busy.get(day, 0) + 1
    places = count()

    def plan() -> None:
        before = items[next(places) % how_many]
        after_answer(
            SPACING,
            before.question,
            before,
            NOW,
            is_right=True,
            is_firm=True,
            is_safety=before.is_safety,
            busy=busy,
        )

    return {
        "plan_us": _microseconds(plan, 2000),
        "pick_us": _microseconds(lambda: pick(SPACING, items, NOW, {}), max(10, 20000 // how_many)),
    }


def _microseconds(run: Callable[[], object], repeats: int) -> float:
    """CPU time of one run: the middle of five rounds, after one to warm up."""
    rounds = []
    for _ in range(6):
        began = time.process_time()
        for _ in range(repeats):
            run()
        rounds.append((time.process_time() - began) / repeats * 1e6)
    return median(rounds[1:])


class _Timed:
    """Stands before ``memory.remember`` and adds up how long it takes."""

    def __init__(self) -> None:
        self.took: list[float] = []
        self.worked: list[float] = []
        self._remember = memory.remember

    async def __call__(self, context: Context, ask: Ask, *, is_right: bool) -> None:
        began, worked = time.perf_counter(), time.process_time()
        await self._remember(context, ask, is_right=is_right)
        self.took.append(time.perf_counter() - began)
        self.worked.append(time.process_time() - worked)

    def restore(self) -> None:
        memory.remember = self._remember


async def _turns(how_many: int, answers: int) -> dict[str, Any]:
    catalogue = load(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'review.db'}"
        await prepare(url)
        database = await open_database(url)
        timed = _Timed()
        memory.remember = timed
        try:
            turns = await _answer(database, catalogue, how_many, answers)
        finally:
            timed.restore()
            await database.close()
    planning, worked = timed.took[-len(turns) :], timed.worked[-len(turns) :]
    took, cpu = [wall for wall, _ in turns], [cpu for _, cpu in turns]
    return {
        "turn_ms": median(took) * 1e3,
        "turn_p99_ms": percentile(took, 0.99) * 1e3,
        "turn_cpu_ms": median(cpu) * 1e3,
        "planning_ms": median(planning) * 1e3,
        "planning_cpu_ms": median(worked) * 1e3,
        "share": median(planning) / median(took),
        "cpu_share": median(worked) / median(cpu),
    }


async def _answer(
    database: Database, catalogue: Catalogue, how_many: int, answers: int
) -> list[tuple[float, float]]:
    """Seconds of each turn, and those of its CPU time, in which a learner answers the first question of a quiz."""
    tutor = Tutor(
        database=database,
        router=build_router(),
        catalogue=catalogue,
        words=Words(),
        rules=Rules(),
        seed=lambda: 7,
        worker="benchmark",
        wake=lambda _: None,
    )
    lesson, question = next(
        (one.slug, quiz.questions[0].id)
        for one in catalogue.lessons
        if (quiz := catalogue.quiz(one.slug)) is not None
        and isinstance(quiz.questions[0], SingleChoice)
    )
    events = count()

    async def turn(address: int, event: Event) -> tuple[float, float]:
        inbound = Inbound(
            channel="null",
            address=str(address),
            external_id=str(next(events)),
            received_at=NOW,
            event=event,
        )
        began, worked = time.perf_counter(), time.process_time()
        await tutor.receive(inbound)
        return time.perf_counter() - began, time.process_time() - worked

    def tap(meaning: Action) -> Chosen:
        return Chosen(meaning, source="line")

    for learner in range(answers):
        for event in (
            Started(),
            tap(action("agree")),
            tap(action("term", "bac", "")),
            tap(action("quiz", lesson)),
        ):
            await turn(learner, event)
    items = _items(how_many)
    async with database.transaction() as connection:
        found = await connection.fetch("SELECT id, learner_id FROM attempt ORDER BY id")
        attempts = [(int(row[0]), int(row[1])) for row in found]
        for _, learner_id in attempts:
            for item in items:
                await review_items.keep(connection, learner_id, item)
    gc.collect()
    return [
        await turn(place, tap(action("a", attempt, question, 0, 0)))
        for place, (attempt, _) in enumerate(attempts)
    ]


if __name__ == "__main__":
    main()
