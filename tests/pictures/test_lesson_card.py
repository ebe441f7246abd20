"""A lesson as a card for a group."""

from io import BytesIO
from typing import Any

import pytest
from font_roboto import RobotoMedium
from PIL import Image, ImageDraw

import pictures
from lessons.catalogue import Catalogue
from pictures.brush import font, wrapped
from pictures.lesson_card import WIDTH

LINK = "https://hoc.example.vn/s/nhom-k7m2xd_gia-cong-an"


def content(**changes: Any) -> dict[str, Any]:
    return {
        "course": "An toàn trên mạng",
        "title": "Giả công an gọi điện",
        "lines": ["Cúp máy liền.", "Kể người nhà nghe.", "Ra công an xã hỏi."],
        "promise": "Học Số không bao giờ hỏi số căn cước, mã OTP, mật khẩu.",
        "link": LINK,
        "invites": "Quét mã này để học riêng",
        **changes,
    }


def drawn(**changes: Any) -> Image.Image:
    return Image.open(BytesIO(pictures.draw("lesson_card", content(**changes))))


def test_the_card_is_as_wide_as_a_phone_shows_sharply_and_small_enough_to_send() -> None:
    png = pictures.draw("lesson_card", content())
    image = Image.open(BytesIO(png))

    assert (image.format, image.width) == ("PNG", WIDTH)
    # A slow line in the country, and Telegram's 10,000 pixels of both sides together.
    assert len(png) < 200_000
    assert image.width + image.height < 10_000


def test_a_longer_title_and_longer_lines_make_a_taller_card() -> None:
    usual = drawn()

    assert drawn(title="Người lạ chuyển nhầm tiền vào tài khoản").height > usual.height
    assert drawn(lines=["Chép số của ngân hàng in ở mặt sau thẻ vào sổ."] * 3).height > usual.height


@pytest.mark.parametrize("changes", [{"link": "", "invites": ""}, {"link": f"{LINK}x"}])
def test_the_link_shows_as_a_code(changes: dict[str, str]) -> None:
    assert pictures.draw("lesson_card", content(**changes)) != pictures.draw(
        "lesson_card", content()
    )


def test_words_are_wrapped_and_none_is_lost() -> None:
    canvas = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    text = "Không vội trả lại theo lời người gọi"
    lines = wrapped(canvas, text, RobotoMedium, 40, 300)

    assert " ".join(lines) == text
    assert len(lines) > 1
    assert all(canvas.textlength(line, font=font(RobotoMedium, 40)) <= 300 for line in lines)
    assert wrapped(canvas, "", RobotoMedium, 40, 300) == []
    assert wrapped(canvas, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", RobotoMedium, 40, 10) == ["x" * 30]


def test_every_lesson_there_is_makes_a_card(catalogue: Catalogue) -> None:
    sizes = {
        drawn(title=lesson.title, lines=list(lesson.takeaway)).size for lesson in catalogue.lessons
    }

    assert {width for width, _ in sizes} == {WIDTH}
    assert max(height for _, height in sizes) < 1_700
