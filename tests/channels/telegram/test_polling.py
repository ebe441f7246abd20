"""Polling stores before it acknowledges, and nothing stops it for good."""

import asyncio

import pytest

from channels.base import Health
from channels.telegram.polling import CONFLICT, NO_ANSWER, NOT_STORED, REFUSED
from conversation.events import CommandReceived, Inbound, TextReceived
from tests.support import telegram_server as faults
from tests.support.telegram_running import Pauses, Tutor, running
from tests.support.telegram_server import Asked, Fault, TelegramServer
from tests.support.telegram_updates import line, tap, text


def said(tutor: Tutor) -> list[object]:
    return [inbound.event for inbound in tutor.received]


async def test_updates_arrive_with_their_id_and_are_then_acknowledged() -> None:
    tutor = Tutor()
    async with TelegramServer() as server, running(server, tutor):
        first, second = await server.push(text("/hoc"), text("chào", 8))
        await server.until_confirmed(second)
    assert [(i.external_id, i.address, i.event) for i in tutor.received] == [
        (str(first), "7", CommandReceived("hoc")),
        (str(second), "8", TextReceived("chào")),
    ]


async def test_only_what_the_tutor_understands_is_asked_for() -> None:
    async with TelegramServer() as server, running(server, Tutor()):
        (asked,) = await server.until("getUpdates")
        assert asked.parameters == {
            "offset": 0,
            "limit": 100,
            "timeout": 25,
            "allowed_updates": [
                "message", "callback_query", "poll", "poll_answer", "my_chat_member",
            ],
        }  # fmt: skip


async def test_nothing_is_acknowledged_before_its_turn_is_stored() -> None:
    begun, stored = asyncio.Event(), asyncio.Event()

    async def wait(_: Inbound) -> None:
        begun.set()
        await stored.wait()

    tutor = Tutor(before=wait)
    async with TelegramServer() as server, running(server, tutor):
        await server.push(text("chào"))
        await asyncio.wait_for(begun.wait(), 10)
        assert server.confirmed == 0
        stored.set()
        await server.until_confirmed(1001)


async def test_what_could_not_be_stored_is_fetched_again() -> None:
    tutor, pauses = Tutor(failures=1), Pauses()
    async with TelegramServer() as server, running(server, tutor, pause=pauses) as telegram:
        first, second = await server.push(text("một"), text("hai", 8))
        await server.until_confirmed(second)
        assert telegram.health() == Health(well=True)
    assert sorted(i.external_id for i in tutor.received) == [str(first), str(second), str(second)]
    assert pauses.asked == [0.5]


async def test_health_says_when_storage_is_down() -> None:
    async with TelegramServer() as server:
        paused = asyncio.Event()
        held = asyncio.Event()

        async def hold(_: float) -> None:
            paused.set()
            await held.wait()

        async with running(server, Tutor(failures=1), pause=hold) as telegram:
            await server.push(text("một"))
            await asyncio.wait_for(paused.wait(), 10)
            assert telegram.health() == Health(well=False, detail=NOT_STORED)
            held.set()


async def test_one_learner_is_served_in_order_and_nobody_waits_for_another() -> None:
    begun: list[str] = []
    release = asyncio.Event()

    async def hold_the_first(inbound: Inbound) -> None:
        begun.append(inbound.external_id)
        if len(begun) < 3:
            await release.wait()
        release.set()

    async with TelegramServer() as server, running(server, Tutor(before=hold_the_first)):
        ids = await server.push(text("một"), text("hai"), text("ba", 8))
        await server.until_confirmed(ids[-1])
    assert begun == [str(update_id) for update_id in ids]


async def test_an_update_nobody_can_read_does_not_stop_the_others() -> None:
    tutor = Tutor()
    odd = line(document={"no": "file_id"})
    async with TelegramServer() as server, running(server, tutor):
        *_, last = await server.push(odd, text("sau đó"))
        await server.until_confirmed(last)
    assert said(tutor) == [TextReceived("sau đó")]


async def test_a_fault_of_ours_with_one_update_stops_nobody_elses(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail_for_one(inbound: Inbound) -> None:
        if inbound.event == TextReceived("số của tôi là bí mật"):
            raise IndexError("số của tôi là bí mật")

    tutor = Tutor(before=fail_for_one)
    async with TelegramServer() as server, running(server, tutor) as telegram:
        *_, last = await server.push(text("số của tôi là bí mật"), text("chào"))
        await server.until_confirmed(last)
        assert telegram.health().well
    assert said(tutor) == [TextReceived("chào")]
    assert "is let go: IndexError" in caplog.text
    assert "bí mật" not in caplog.text


async def test_a_tap_is_acknowledged_after_it_is_stored() -> None:
    tutor = Tutor(failures=1)
    async with TelegramServer() as server, running(server, tutor):
        await server.push(tap("next"))
        (asked,) = await server.until("answerCallbackQuery")
        assert (len(tutor.received), asked) == (
            1,
            Asked("answerCallbackQuery", {"callback_query_id": "tap-7"}),
        )


async def test_a_tap_telegram_will_not_have_acknowledged_changes_nothing() -> None:
    old = Fault(status=400, description="Bad Request: query is too old")
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        server.fail("answerCallbackQuery", old)
        (update_id,) = await server.push(tap("next"))
        await server.until("answerCallbackQuery")
        await server.until_confirmed(update_id)
        assert telegram.health() == Health(well=True)


@pytest.mark.parametrize(
    ("fault", "detail", "pause"),
    [
        (faults.CONFLICT, CONFLICT, 0.5),
        (faults.SERVER_ERROR, NO_ANSWER, 0.5),
        (faults.DROPPED, NO_ANSWER, 0.5),
        (faults.throttled(9), NO_ANSWER, 9.0),
        (faults.UNAUTHORIZED, REFUSED, 60.0),
    ],
)
async def test_when_fetching_fails_it_says_so_waits_and_goes_on(
    fault: Fault, detail: str, pause: float
) -> None:
    tutor = Tutor()
    seen: list[tuple[str, float]] = []
    async with TelegramServer() as server:
        server.fail("getUpdates", fault)

        async def note(seconds: float) -> None:
            seen.append((telegram.health().detail, seconds))

        async with running(server, tutor, pause=note) as telegram:
            (update_id,) = await server.push(text("vẫn nghe"))
            await server.until_confirmed(update_id)
            assert telegram.health() == Health(well=True)
    assert (seen, said(tutor)) == ([(detail, pause)], [TextReceived("vẫn nghe")])


async def test_pauses_double_up_to_half_a_minute() -> None:
    pauses = Pauses()
    async with TelegramServer() as server:
        server.fail("getUpdates", *[faults.BAD_GATEWAY] * 9)
        async with running(server, Tutor(), pause=pauses):
            await server.until("getUpdates", 10)
    assert pauses.asked == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


async def test_a_stop_finishes_the_turn_under_way() -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    async def hold(_: Inbound) -> None:
        begun.set()
        await release.wait()

    tutor = Tutor(before=hold)
    async with TelegramServer() as server, running(server, tutor) as telegram:
        await server.push(text("chào"))
        await asyncio.wait_for(begun.wait(), 10)
        stop = asyncio.create_task(telegram.stop())
        await asyncio.sleep(0)
        release.set()
        await stop
        assert said(tutor) == [TextReceived("chào")]


async def test_nothing_is_kept_in_memory_for_each_learner() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        *_, last = await server.push(*(text("chào", who) for who in range(1, 60)))
        await server.until_confirmed(last)
        application = telegram._application
        kept = (
            application._user_ids_to_be_updated_in_persistence,
            application._chat_ids_to_be_updated_in_persistence,
            dict(application.user_data),
            dict(application.chat_data),
            telegram._turns,
            telegram._unstored,
        )
    assert kept == (set(), set(), {}, {}, set(), set())
