"""What every channel promises, tried on every one of them with every kind of reply."""

import unicodedata
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest
from markupsafe import Markup

from channels.base import Free, Health, SendError, Sent, Unavailable, Windowed
from channels.split import Flat
from commands.channels import every_channel
from conversation.actions import action
from conversation.replies import (
    AskQuestion,
    Button,
    GiveDocument,
    GiveFile,
    Link,
    Reply,
    Say,
    ShowPicture,
)
from storage.database import Database
from tests.support.every_channel import ERRORS, EVERY, SECRETS, Open
from tests.support.web_page import NOW

MENU = tuple(
    Button(label, action("pick", place))
    for place, label in enumerate(("Học tiếp", "Chọn bài khác & nghỉ", "Để sau " * 12))
)
LEAVE = (Button("Nghỉ đã", action("leave")),)
FAMILY = "👩\u200d👩\u200d👧🇻🇳👍🏽"
TEXT = Markup("<b>Chào</b> bác Năm &amp; cô Tư <i>ơi</i> {}\n<blockquote>Con bị bắt rồi</blockquote>").format(
    FAMILY
)  # fmt: skip
LINK = Markup('Mở <a href="https://vneid.gov.vn/?a=1&amp;b=2">trang VNeID</a> nha')
LONG = Markup("\n\n").join(
    Markup("Đoạn {}: ").format(place) + Markup("từng chữ một. ") * 60 for place in range(12)
)

REPLIES: dict[str, Reply] = {
    "say": Say(TEXT),
    "say a link": Say(LINK),
    "say at length": Say(LONG, MENU),
    "say with buttons": Say(TEXT, MENU),
    "say in place": Say(TEXT, MENU, replace=True, exact=True),
    "say with a way out": Say(TEXT, MENU[:1], links=(Link("Học riêng", "https://a.vn/s/b"),)),
    "say apart": Say(Markup("Tie\u0302\u0301ng Vie\u0323\u0302t")),
    "ask one": AskQuestion(Markup("Câu nào?"), MENU, right=1, explanation="Vì vậy.", extra=LEAVE),
    "ask short": AskQuestion(Markup("Đúng?"), MENU[:2], right=0, extra=LEAVE),
    "ask a group": AskQuestion(Markup("Thật hay lừa?"), MENU[:2], 1, "Vì vậy.", votes="secret"),
    "ask several": AskQuestion(TEXT, MENU, extra=LEAVE, taps=(Button("Xong", action("done")),)),
    "ask at length": AskQuestion(LONG, MENU, right=0),
    "show": ShowPicture("path", {"a": 1}, alt="Xong 2 trên 5 bài.", caption=Markup("Đường học.")),
    "show at length": ShowPicture("path", {}, alt="Xong 2 bài.", caption=LONG),
    "show without words": ShowPicture("path", {}, alt="Xong 2 trên 5 bài.", caption=Markup()),
    "print": GiveDocument(
        "sheet",
        {"n": 1},
        "lop-K7M2XD.pdf",
        alt="Tờ mời vào lớp, mã K7M 2XD.",
        caption=Markup("Tờ <b>A4</b> để in & dán."),
    ),
    "give": GiveFile("cua-toi.json", '{"a": "Năm"}', Markup("Của <b>bác</b> đây.")),
    "give at length": GiveFile("cua-toi.txt", "dòng chữ của bác\n" * 400, LONG),
}


@pytest.fixture(params=EVERY)
async def opened(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Open]:
    async with EVERY[request.param].opening(database) as opened:
        yield opened


def words(reply: Reply) -> Iterator[str]:
    """The words that must reach the learner, wherever a channel puts them."""
    match reply:
        case Say(text=text, buttons=buttons, links=links):
            shown, choices = text, buttons
            yield from (link.label for link in links)
        case AskQuestion(text=text, options=options, extra=extra):
            shown, choices = text, (*options, *extra)
        case ShowPicture(caption=caption):
            shown, choices = caption, ()
        case GiveDocument(caption=caption) | GiveFile(caption=caption):
            shown, choices = caption, ()
    yield from Flat.of(shown).text.split()
    for choice in choices:
        yield from choice.label.split()


def plainly(text: str) -> str:
    """As a learner reads it, however a channel spells it on the wire."""
    unescaped = Markup(text).unescape()
    return unicodedata.normalize("NFC", unescaped)


@pytest.mark.parametrize("name", REPLIES)
async def test_every_reply_goes_out_whole(opened: Open, name: str):
    reply = REPLIES[name]

    sent = await opened.channel.send(opened.address, [reply], replaces="", delivery=1)

    shown = plainly(await opened.shown())
    assert isinstance(sent, Sent)
    assert {word for word in map(plainly, words(reply)) if word not in shown} == set()


async def test_one_delivery_after_another_keeps_its_order(opened: Open):
    said = [f"câu thứ {place}" for place in ("nhất", "nhì", "ba")]
    for delivery, text in enumerate(said, start=1):
        await opened.channel.send(opened.address, [Say(Markup(text))], delivery=delivery)

    shown = await opened.shown()
    assert sorted(said, key=shown.index) == said


async def test_what_goes_out_as_one_says_it_does(opened: Open):
    replies: Sequence[Reply] = (Say(Markup("một")), Say(Markup("hai"), MENU))
    if not opened.channel.capabilities.joins:
        with pytest.raises(ValueError, match="unpack"):
            await opened.channel.send(opened.address, replies)
        return

    await opened.channel.send(opened.address, replies)

    assert (await opened.shown()).count('"') == 2  # one line alone


async def test_it_says_what_it_is(opened: Open):
    channel = opened.channel

    assert channel.name.isascii()
    assert channel.name == channel.name.lower()
    assert channel.capabilities.text_limit >= 1000
    assert isinstance(channel.link("hoc-gia-cong-an"), str)
    assert channel.health() == Health(well=True, detail=channel.health().detail)
    if isinstance(channel, Windowed):
        assert await channel.may_send(opened.address, last_heard=NOW, now=NOW) == Free()


@pytest.mark.parametrize(
    ("name", "fault"), [(name, fault) for name in EVERY for fault in EVERY[name].faults]
)
async def test_every_failure_is_one_of_the_six_and_holds_no_secret(
    database: Database, name: str, fault: str
):
    how, error = EVERY[name].faults[fault]
    async with EVERY[name].opening(database) as opened:
        opened.fail(how)
        with pytest.raises(SendError) as raised:
            await opened.channel.send(opened.address, [Say(Markup("lời của con"))], delivery=1)

    told = f"{raised.value} {raised.value!r} {raised.value.__cause__}"
    assert type(raised.value) is ERRORS[error]
    assert [word for word in (*SECRETS, "lời của con") if word in told] == []


async def test_after_a_stop_nothing_goes_out_and_a_second_stop_does_no_harm(opened: Open):
    await opened.channel.stop()
    await opened.channel.stop()

    if opened.channel.name == "web":  # its lines wait on the page, open or not
        return
    with pytest.raises(SendError) as raised:
        await opened.channel.send(opened.address, [Say(Markup("Dạ"))])
    assert isinstance(raised.value, Unavailable)


def test_every_kind_of_reply_is_tried_on_every_channel():
    assert {type(reply) for reply in REPLIES.values()} == set(Reply.__args__)
    assert tuple(EVERY) == tuple(channel.name for channel in every_channel())
