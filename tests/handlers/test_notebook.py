"""One learner in two chats: a code from the one, typed in the other."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from channels.plain import draw_plain
from conversation.events import Started
from conversation.handler import Rules
from conversation.replies import Reply, Say
from handlers import notebook_codes as codes
from handlers.notebook import LASTS, MOST_GUESSES
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support.tables import rows
from tests.support.talk import WORDS, Chat, Talk

SECOND = timedelta(seconds=1)
AGREE = "[Đồng ý, vào học]"


def said(replies: list[Reply]) -> list[str]:
    """What was said, without the choices."""
    return [
        str(reply.text) if isinstance(reply, Say) else type(reply).__name__ for reply in replies
    ]


def says(name: str, term: str = "bac", **values: object) -> str:
    return str(WORDS.render(name, term, **values))


def code_in(replies: list[Reply]) -> str:
    *_, reply = replies
    found = re.search(r"<b>([A-Z]{4} [2-9]{5})</b>", str(getattr(reply, "text", "")))
    assert found
    return found[1]


@pytest.fixture
async def page(talk: Talk, database: Database, catalogue: Catalogue) -> Talk:
    """Somebody on the web page who agreed, is called ông, and has read a card."""
    page = Talk(database, catalogue, chat=Chat(name="web"), address="page", clock=talk.clock)
    for line in ("/start", AGREE, "[Ông]", "[Học tiếp]"):
        await page.line(line)
    return page


@pytest.fixture
def newcomer(talk: Talk, database: Database, catalogue: Catalogue) -> Talk:
    """A page that nobody has opened yet."""
    return Talk(database, catalogue, chat=Chat(name="web"), address="new", clock=talk.clock)


async def learner_ids(talk: Talk) -> list[int]:
    return [row["learner_id"] for row in await rows(talk.database, "address")]


async def test_both_chats_have_one_notebook_and_the_other_is_told(talk: Talk, page: Talk) -> None:
    for line in ("[Học tiếp]", "[Xem tiếp]"):
        await talk.line(line)
    code = code_in(await talk.line("/maso"))
    confirming = await page.line(code.lower())
    joined = await page.line("[Đúng, nối vô]")
    told = await talk.line("/tiendo")

    confirm = says("notebook.confirm", "ong", whom="bác", done=0, place="plain")
    assert said(confirming) == [confirm]
    # From here on they are one, called as in the chat the code came from.
    assert said(joined) == [says("notebook.joined", place="plain", done=0)]
    assert said(told)[0] == says("notebook.told", place="web")
    assert len(set(await learner_ids(talk))) == 1
    (progress,) = await rows(talk.database, "lesson_progress")
    assert progress["card"] == 1


async def test_what_was_asked_in_a_chat_stays_asked_there(talk: Talk, page: Talk) -> None:
    code = code_in(await talk.line("/maso"))
    for line in ("/kiemtra", "1"):
        question = await talk.line(line)
    for line in (code, "[Đúng, nối vô]"):
        await page.line(line)
    answered = await talk.line("2")

    assert question != answered
    assert said(answered)[0] == says("notebook.told", place="web")
    (answer,) = await rows(talk.database, "answer")
    assert answer["given"] != ""


async def test_yes_takes_more_than_a_nod(talk: Talk, page: Talk) -> None:
    for line in (code_in(await talk.line("/maso")), "ừ", "dạ"):
        await page.line(line)

    assert len(set(await learner_ids(talk))) == 2


@pytest.mark.parametrize("typed", ["[Không nối]", "2", "khong noi"])
async def test_no_leaves_both_as_they_were_and_the_code_can_still_be_used(
    typed: str, talk: Talk, page: Talk
) -> None:
    code = code_in(await talk.line("/maso"))
    await page.line(code)
    apart = await page.line(typed)

    assert said(apart) == [says("notebook.apart", "ong")]
    assert len(set(await learner_ids(talk))) == 2
    for line in (code, "1"):
        await page.line(line)
    assert len(set(await learner_ids(talk))) == 1


async def test_a_newcomer_agrees_first_and_the_code_is_not_lost(talk: Talk, newcomer: Talk) -> None:
    code = code_in(await talk.line("/maso"))
    greeted = await newcomer.line(code)
    stray = await newcomer.line("troi hom nay dep qua")
    confirming = await newcomer.line(AGREE)
    joined = await newcomer.line("[Đúng, nối vô]")

    assert said(greeted) == [says("start.identity", ""), says("start.consent", "")]
    assert said(stray) == [says("start.consent", "")]
    confirm = says("notebook.confirm", "", whom="bác", done=0, place="plain")
    assert said(confirming) == [confirm]
    assert said(joined) == [says("notebook.joined", place="plain", done=0)]
    assert len(await rows(talk.database, "learner")) == 1


async def test_a_newcomer_who_does_not_agree_is_not_joined(talk: Talk, newcomer: Talk) -> None:
    for line in (code_in(await talk.line("/maso")), "[Chưa đồng ý]", "1 nha", "#button unite:X"):
        await newcomer.line(line)

    assert len(set(await learner_ids(talk))) == 2


async def test_a_newcomer_who_does_not_join_is_asked_how_to_be_addressed(
    talk: Talk, newcomer: Talk
) -> None:
    for line in (code_in(await talk.line("/maso")), AGREE):
        await newcomer.line(line)
    apart = await newcomer.line("[Không nối]")

    assert said(apart) == [says("notebook.apart", ""), says("start.ask_term", "")]


@pytest.mark.parametrize("who", ["page", "newcomer"])
async def test_a_link_carries_the_code(
    who: str, talk: Talk, page: Talk, newcomer: Talk, database: Database, catalogue: Catalogue
) -> None:
    links = {"web": Chat().link, "zalo_oa": lambda payload: ""}
    giving = Talk(database, catalogue, address="giving", clock=talk.clock, rules=Rules(links=links))
    for line in ("/start", AGREE, "[Bác]"):
        await giving.line(line)
    (shown,) = await giving.line("/maso")
    text = str(getattr(shown, "text", ""))
    found = re.search(r"https://hoc\.example\.vn/s/(\S+)", text)
    assert found
    assert "Zalo:" not in text
    chat = page if who == "page" else newcomer
    await chat.event(Started(found[1]))
    if who == "newcomer":
        await chat.line(AGREE)
    await chat.line("[Đúng, nối vô]")

    ids = {row["external_id"]: row["learner_id"] for row in await rows(database, "address")}
    assert ids["giving"] == ids[chat.address]


async def test_a_code_is_used_once(talk: Talk, page: Talk, newcomer: Talk) -> None:
    code = code_in(await talk.line("/maso"))
    for line in (code, "1"):
        await page.line(line)
    for line in ("/start", AGREE, "[Cô]"):
        await newcomer.line(line)

    assert said(await newcomer.line(code)) == [says("notebook.used", "co")]


async def test_a_confirmation_after_the_code_was_used_joins_nobody(
    talk: Talk, page: Talk, newcomer: Talk
) -> None:
    for line in ("/start", AGREE, "[Cô]"):
        await newcomer.line(line)
    code = code_in(await talk.line("/maso"))
    for chat in (page, newcomer):
        await chat.line(code)
    await page.line("1")

    assert said(await newcomer.line("1")) == [says("notebook.used", "co")]
    assert len(set(await learner_ids(talk))) == 2


@pytest.mark.parametrize(("after", "name"), [(-SECOND, "confirm"), (SECOND * 0, "expired")])
async def test_a_code_lasts_a_quarter_of_an_hour(
    after: timedelta, name: str, talk: Talk, page: Talk
) -> None:
    code = code_in(await talk.line("/maso"))
    talk.clock.passes(LASTS + after)
    values = {"whom": "bác", "done": 0, "place": "plain"} if name == "confirm" else {}

    assert said(await page.line(code)) == [says(f"notebook.{name}", "ong", **values)]


async def test_a_code_expires_while_it_waits_to_be_confirmed(talk: Talk, page: Talk) -> None:
    await page.line(code_in(await talk.line("/maso")))
    talk.clock.passes(LASTS)

    assert said(await page.line("1")) == [says("notebook.expired", "ong")]


async def test_a_new_code_takes_the_place_of_the_one_before(talk: Talk, page: Talk) -> None:
    first = code_in(await talk.line("/maso"))
    second = code_in(await talk.line("/maso"))

    assert said(await page.line(first)) == [says("notebook.wrong", "ong")]
    assert said(await page.line(second))[0].startswith("Mã này mở sổ học")


async def test_ones_own_code_is_for_the_other_chat(talk: Talk, page: Talk) -> None:
    code = code_in(await talk.line("/maso"))
    assert said(await talk.line(code)) == [says("notebook.own_here")]
    for line in (code, "1"):
        await page.line(line)
    again = code_in(await talk.line("/maso"))

    assert said(await page.line(again)) == [says("notebook.own")]


async def test_a_code_of_who_is_erased_is_gone(talk: Talk, page: Talk) -> None:
    code = code_in(await talk.line("/maso"))
    await page.line(code)
    for line in ("/xoa", "[Xóa hết]"):
        await talk.line(line)

    assert said(await page.line("1")) == [says("notebook.wrong", "ong")]


async def test_guessing_stops_for_an_hour(talk: Talk, page: Talk) -> None:
    code = code_in(await talk.line("/maso"))
    wrong = [codes.spaced(codes.make(number)) for number in range(900, 900 + MOST_GUESSES)]
    answers = [said(await page.line(guess)) for guess in wrong]
    stopped = said(await page.line(code))
    page.clock.passes(timedelta(hours=1))
    fresh = code_in(await talk.line("/maso"))

    assert answers == [[says("notebook.wrong", "ong")]] * MOST_GUESSES
    assert stopped == [says("notebook.too_many", "ong")]
    assert said(await page.line(fresh))[0].startswith("Mã này mở sổ học")


async def test_no_code_is_kept_as_it_is(talk: Talk) -> None:
    code = code_in(await talk.line("/maso"))
    kept = [row["hash"] for row in await rows(talk.database, "notebook_code")]

    assert len(kept) == 1
    assert code.replace(" ", "") not in str(kept)


@pytest.mark.parametrize("argument", ["abc", "KMXB 74921"])
async def test_a_command_with_something_else_is_a_wrong_code(argument: str, talk: Talk) -> None:
    assert said(await talk.line(f"/maso {argument}")) == [says("notebook.wrong")]


async def test_a_code_in_the_middle_of_a_question_is_a_code(talk: Talk, page: Talk) -> None:
    code = code_in(await talk.line("/maso"))
    for line in ("/kiemtra", "1"):
        await page.line(line)

    assert said(await page.line(code))[0].startswith("Mã này mở sổ học")
    assert await rows(talk.database, "answer") == []


@pytest.fixture
async def joined(talk: Talk, page: Talk) -> Talk:
    """The page, joined to ``talk``."""
    for line in (code_in(await talk.line("/maso")), "1"):
        await page.line(line)
    await talk.line("/tiendo")
    return page


async def test_all_of_both_is_shown_in_either(talk: Talk, joined: Talk) -> None:
    for chat in (talk, joined):
        lines = "\n".join(
            line for reply in await chat.line("/dulieu") for line in draw_plain(reply, 2000)
        )
        assert '"external_id": "1001"' in lines
        assert '"external_id": "page"' in lines
        assert "Khung chat đang dùng: 2 nơi" in lines


async def test_erasing_in_one_erases_both_and_says_so_before(talk: Talk, joined: Talk) -> None:
    asked = await joined.line("/xoa")
    await joined.line("[Xóa hết]")

    assert said(asked) == [says("privacy.ask_delete", places=2, led=0, called="")]
    assert await rows(talk.database, "address") == []
    assert await rows(talk.database, "learner") == []
    assert said(await talk.line("alo"))[0] == says("start.identity", "")


async def test_this_chat_is_taken_out_again(talk: Talk, joined: Talk) -> None:
    await joined.line("[Học tiếp]")
    which = await joined.line("tach ra")
    parted = await joined.line("[Tách khung chat này]")

    assert said(which) == [says("parting.which", count=2)]
    assert said(parted) == [
        says("parting.here_parted", ""),
        says("start.identity", ""),
        says("start.consent", ""),
    ]
    assert len(set(await learner_ids(talk))) == 2
    (progress,) = await rows(talk.database, "lesson_progress")
    ids = {row["channel"]: row["learner_id"] for row in await rows(talk.database, "address")}
    assert progress["learner_id"] == ids["plain"]


async def test_the_other_chat_is_taken_out_from_here(talk: Talk, joined: Talk) -> None:
    await talk.line("/tach")
    parted = await talk.line("[Tách trang web, dùng 23/11]")

    assert said(parted) == [says("parting.other_parted", place="web")]
    assert said(await joined.line("/hoc"))[0] == says("start.identity", "")


async def test_nothing_is_taken_out_by_whoever_looks(talk: Talk, joined: Talk) -> None:
    await talk.line("/tach")
    await talk.line("[Không tách, học tiếp]")

    assert len(set(await learner_ids(talk))) == 1


async def test_who_has_one_chat_has_none_to_take_out(talk: Talk) -> None:
    assert said(await talk.line("tách ra")) == [says("parting.alone")]


@pytest.mark.parametrize("made_up", ["part:x", "part", "part:4711", f"part:{10**30}"])
async def test_no_button_takes_out_what_is_not_ones_own(
    made_up: str, talk: Talk, joined: Talk, another: Callable[[str], Talk]
) -> None:
    other = another("1002")
    for line in ("/start", AGREE, "[Cô]"):
        await other.line(line)
    before = await learner_ids(talk)

    for chat in (talk, other):
        assert said(await chat.line(f"#button {made_up}")) == [
            says("help.stale", "bac" if chat is talk else "co")
        ]
    (page_id,) = (
        row["id"] for row in await rows(talk.database, "address") if row["channel"] == "web"
    )
    await other.line(f"#button part:{page_id}")
    assert await learner_ids(talk) == before
