"""Who shares a telephone gets what is theirs, each once, and nobody's waits for another's."""

from datetime import timedelta

from markupsafe import Markup

from channels.base import Capabilities
from conversation.replies import Say, dump_reply
from conversation.turn import Ready
from outbox.queues import Queue
from storage import addresses, deliveries, learners, seats
from storage.database import Database
from tests.support.outbox import Outbox, Scripted, outbox
from tests.support.talk import START

PEOPLE = ("Ông Hai", "Bà Ba", "Tí")


async def a_family(box: Outbox) -> list[int]:
    """Three who learn on one telephone; the ids of their addresses."""
    now = box.clock()
    async with box.database.transaction() as connection:
        first, _ = await addresses.load(connection, "telegram", "nha", now)
        await seats.share(connection, first, PEOPLE[0])
        numbers = [first.id]
        for name in PEOPLE[1:]:
            learner = await learners.add(connection, "", "", now)
            numbers.append(await seats.add(connection, first, learner, name, now))
    return numbers


async def remind(box: Outbox, address_id: int, *texts: str) -> None:
    now = box.clock()
    async with box.database.transaction() as connection:
        for text in texts:
            await deliveries.add(
                connection,
                address_id,
                dump_reply(Say(Markup("{}").format(text))),
                priority=deliveries.REMINDER,
                due_at=now,
                now=now,
            )


async def test_reminders_to_all_who_share_a_telephone_go_out_at_once_and_each_once(
    database: Database,
) -> None:
    telegram = Scripted()
    async with outbox(database, telegram) as box:
        for number, name in zip(await a_family(box), PEOPLE, strict=True):
            await remind(box, number, f"{name} 1", f"{name} 2")
        await box.later(seconds=0)
        left = await box.rows()

    assert (sorted(telegram.to("nha")), left) == (
        sorted(f"{name} {place}" for name in PEOPLE for place in (1, 2)),
        [],
    )


async def test_lines_of_two_learners_are_never_joined_into_one(database: Database) -> None:
    zalo = Scripted(capabilities=Capabilities(text_limit=2000, buttons=False, joins=True))
    async with outbox(database, zalo) as box:
        for number, name in zip(await a_family(box), PEOPLE, strict=True):
            await remind(box, number, f"{name} 1", f"{name} 2")
        await box.later(seconds=0)

    assert sorted(zalo.to("nha")) == sorted(f"{name} 1 + {name} 2" for name in PEOPLE)


def row(number: int, address_id: int, *, erased: int = 0) -> Ready:
    at = START + timedelta(seconds=number)
    said = Say(Markup("{}").format(number))
    return Ready(number, address_id, "telegram", "nha", said, at, at, erased=erased)


def test_an_erasure_takes_what_waited_for_who_is_gone_and_nothing_of_the_others() -> None:
    queue = Queue(("telegram", "nha"), row(1, 7))
    for number, address_id in ((2, 8), (3, 7), (4, 9)):
        assert queue.add(row(number, address_id)) == ()
    queue.begin(lambda first, behind: False)

    dropped = queue.add(row(5, 8, erased=7))

    assert [one.id for one in dropped] == [3]
    # The first is on its way already, and cannot be called back.
    assert [one.id for one in queue] == [1, 2, 4, 5]
