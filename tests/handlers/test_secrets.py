"""A secret typed at any moment is kept nowhere, and not said back."""

import logging
import re

import pytest

from channels.plain import draw_plain
from tests.support.tables import dump
from tests.support.talk import Talk

SECRETS = {
    "cccd": ("can cuoc cua toi la 079203001234", "079203001234"),
    "card": ("so the cua toi 4111 1111 1111 1111", "4111"),
    "otp": ("ma otp la 482913", "482913"),
    "password": ("mat khau cua toi la Hoasen1957", "Hoasen1957"),
}
STAGES = {
    "before the first word": (),
    "asked to agree": ("/start",),
    "declined": ("/start", "[Chưa đồng ý]"),
    "asked how to be called": ("/start", "[Đồng ý, vào học]"),
    "at the first menu": ("/start", "[Đồng ý, vào học]", "[Bác]"),
    "in a lesson": ("/start", "[Đồng ý, vào học]", "[Bác]", "[Học tiếp]"),
    "choosing a quiz": ("/start", "1", "1", "/kiemtra"),
    "asked one": ("/start", "1", "1", "/kiemtra", "1"),
    "asked an order": ("/start", "1", "1", "/kiemtra", "1", "1", "1"),
    "not understood": ("/start", "1", "1", "abc xyz"),
    "asked to delete all": ("/start", "1", "1", "/xoa"),
    "after deleting all": ("/start", "1", "1", "/xoa", "[Xóa hết]"),
}


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("stage", STAGES)
async def test_secret_is_neither_stored_nor_logged_nor_said_back(
    stage: str, kind: str, stranger: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    typed, secret = SECRETS[kind]
    for line in STAGES[stage]:
        await stranger.line(line)

    replies = await stranger.line(typed)

    said = "\n".join(part for reply in replies for part in draw_plain(reply, 2000))
    assert "Khoan đã!" in said
    assert secret not in said
    assert secret not in await dump(stranger.database)
    # Where an object lies in memory may well be written with the same four digits.
    assert secret not in re.sub(r"0x[0-9a-f]+", "", caplog.text)


async def test_question_stays_open_after_a_secret(talk: Talk) -> None:
    for line in ("/kiemtra", "1", "482913"):
        await talk.line(line)

    (said,) = await talk.line("2")

    assert draw_plain(said, 2000)[0].startswith("✅ Đúng rồi bác!")


async def test_erasing_is_never_offered_beside_the_advice_to_delete_that_line(talk: Talk) -> None:
    await talk.line("/dulieu")

    (said,) = await talk.line("079203001234")

    assert "Xóa hết" not in draw_plain(said, 2000)[0]
