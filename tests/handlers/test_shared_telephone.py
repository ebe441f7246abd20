"""What is said to who does not have the shared telephone: named, and nothing private in it."""

from datetime import timedelta

import pytest
from markupsafe import Markup

from conversation.events import Chosen
from places.model import Place
from storage import addresses, cases, enrolments, households, learners, notes, seats
from tests.handlers.test_support import chin  # noqa: F401 - a fixture
from tests.support.people import met, of, text
from tests.support.tables import rows
from tests.support.talk import Talk

WORDS = "Bà hay bấm lộn nút chuyển tiền, mai con ghé chỉ lại"


async def a_home(talk: Talk, name: str = "Bà Ba") -> int:
    """Somebody rests on this telephone, and is called bà; their learner's id."""
    now = talk.clock()
    async with talk.database.transaction() as connection:
        here, _ = await addresses.load(connection, talk.chat.name, talk.address, now)
        await seats.share(connection, here, "Ông Hai")
        number = await learners.add(connection, "ba", "", now)
        await learners.give_consent(connection, number, "test", now)
        await seats.add(connection, here, number, name, now)
    return number


async def write(chin: Talk, to: int, words: str = WORDS) -> None:  # noqa: F811
    """As somebody of the team does; it rings in the morning."""
    author = await of(chin)
    async with chin.database.transaction() as connection:
        note = await notes.write(connection, to, author, words, chin.clock())
        address = await addresses.last_used(connection, to)
        assert address is not None
        await connection.execute(
            "INSERT INTO timer (address_id, kind, subject, due_at) VALUES ($1, 'note', $2, 0)",
            address,
            str(note),
        )


async def ring(talk: Talk) -> str:
    talk.clock.passes(timedelta(hours=13))
    replies = await talk.ring()
    return text(replies) if replies else ""


@pytest.mark.parametrize("way", ["1", "button", "/aihoc"])
async def test_a_note_is_only_announced_until_its_reader_has_the_telephone(
    chin: Talk,  # noqa: F811
    way: str,
) -> None:
    talk = await met(chin.person("Nhà"))
    await write(chin, await a_home(talk))

    announced = await ring(talk)
    if way == "/aihoc":
        await talk.line("/aihoc")
    said = text(await talk.line("1" if way == "1" else f"[{talk.last[0].label}]"))

    assert "lời nhắn riêng cho Bà Ba" in Markup(announced).striptags()
    assert WORDS not in announced
    assert "Giờ tới" in said
    assert WORDS in said
    assert [(row["content"], row["sent_at"] is not None) for row in await rows(
        talk.database, "note"
    )] == [("", True)]  # fmt: skip
    assert "Học tiếp" in [one.label for one in talk.last]


async def test_what_was_refused_while_it_waited_is_not_read(chin: Talk) -> None:  # noqa: F811
    talk = await met(chin.person("Nhà"))
    ba = await a_home(talk)
    await write(chin, ba)
    async with chin.database.transaction() as connection:
        await connection.execute("UPDATE role_grant SET revoked_at = 1")
    assert await ring(talk) == ""

    await talk.line("/aihoc")

    assert WORDS not in text(await talk.line("[Bà Ba]"))


async def test_news_for_who_rests_says_whose_it_is(chin: Talk) -> None:  # noqa: F811
    talk = await met(chin.person("Nhà"))
    ba = await a_home(talk)
    async with chin.database.transaction() as connection:
        case = await cases.open_on(connection, ba, "", "asked", chin.clock())
        place = next(
            grant for grant in await connection.fetch("SELECT commune, hamlet_id FROM role_grant")
        )
        await cases.set_place(connection, case.id, Place(place[0], place[1]))
        await cases.share(connection, case.id, name="Ba", cohort_id=None, now=chin.clock())
    await chin.line(f"#button case_take:{case.id}")

    said = await ring(talk)

    assert said.startswith("👤 Cho <b>Bà Ba</b>:\n\n")
    assert "Ai xưng" in said or "🔑" in said


async def test_a_broadcast_names_each_who_does_not_have_the_telephone(
    chin: Talk,  # noqa: F811
) -> None:
    talk = await met(chin.person("Nhà"))
    ba = await a_home(talk)
    mine = await of(talk)
    async with chin.database.transaction() as connection:
        for number in (ba, mine):
            await enrolments.join(connection, 1, number, "", chin.clock())
    for line in ("/gui", "[Soạn tin mới]", "[Lớp chợ]", "Mai lớp nghỉ nha", "[Gửi tin này]"):
        chin.clock.passes(timedelta(seconds=30))
        await chin.line(line)
    chin.clock.passes(timedelta(minutes=1))
    await chin.line("chào")

    got = [str(said.text) for where, said in chin.chat.sent if where == talk.address]  # type: ignore[union-attr]
    broadcast = sorted(one.partition("\n")[0] for one in got if "lớp nghỉ" in one)

    assert len(broadcast) == 2
    assert broadcast[0] == "👤 Cho <b>Bà Ba</b>:"
    assert "gửi" in broadcast[1]


async def test_who_is_handed_the_telephone_is_spoken_to_in_their_own_words(
    chin: Talk,  # noqa: F811
) -> None:
    talk = await met(chin.person("Nhà"))
    ba, mine, now = await a_home(talk), await of(talk), talk.clock()
    async with chin.database.transaction() as connection:
        home = await households.add(connection, "ABCD2345", "Nhà", Place(), now)
        assert home is not None
        await households.join(connection, home, mine, "Ông Hai", now, is_seen=False)
        await households.join(connection, home, ba, "Bà Ba", now, is_seen=False)
    told = await talk.line(f"#button pass_to:{ba}:tai-vneid")
    await talk.event(Chosen(told[-1].buttons[0].action))  # type: ignore[union-attr]

    asked = str(talk.chat.sent[-1][1].text)  # type: ignore[union-attr]
    assert "Ông Hai" in asked
    assert " bà" in asked.replace("Bà Ba", "")
