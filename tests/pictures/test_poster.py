"""A class on a picture and on paper: the code can be scanned, and no name is too long."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

import pictures
from pictures.code import modules
from pictures.poster import WIDTH

LINK = "https://hoc.example.vn/s/lop-K7M2XD"


def content(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Lớp nhà văn hóa ấp 3",
        "where": "ấp 3, xã Mỹ Quí",
        "code": "K7M 2XD",
        "link": LINK,
        "lead": "Học làm giấy tờ, trả tiền, tránh bị lừa trên điện thoại.",
        "steps": ["Mở máy ảnh.", "Bấm đường link.", "Bấm “Vào lớp”."],
        "code_says": "Không quét được thì gõ mã lớp:",
        "promise": "Miễn phí. Không hỏi số căn cước, mã OTP, mật khẩu.",
        **changes,
    }


def drawn(**changes: Any) -> Image.Image:
    return Image.open(BytesIO(pictures.draw("poster", content(**changes)))).convert("RGB")


def _code_in(image: Image.Image) -> list[list[bool]]:
    """The modules of the QR code as they stand in the picture: pure black on white."""
    black = image.point(lambda value: 255 if value == 0 else 0).convert("L")
    mask = Image.eval(black, lambda value: 255 if value == 255 else 0)
    box = mask.getbbox()
    assert box is not None
    left, top, right, _ = box
    count = len(modules(LINK))
    pixel = (right - left) / count
    return [
        [
            image.getpixel((int(left + (across + 0.5) * pixel), int(top + (down + 0.5) * pixel)))
            == (0, 0, 0)
            for across in range(count)
        ]
        for down in range(count)
    ]


def test_the_code_in_the_picture_is_the_links() -> None:
    assert _code_in(drawn()) == modules(LINK)


def test_another_link_is_another_code() -> None:
    assert modules(LINK) != modules(LINK.replace("K7M", "K9M"))


def test_the_picture_is_one_that_telegram_takes() -> None:
    image = drawn(title="Lớp kỹ năng số cho bà con tiểu thương chợ Mỹ Tho buổi tối thứ")

    assert image.width == WIDTH
    assert image.width + image.height < 10_000


def test_without_a_link_there_is_no_code_to_scan_and_the_picture_is_shorter() -> None:
    bare = drawn(link="")

    assert bare.height < drawn().height - 400
    assert (0, 0, 0) not in {
        bare.getpixel((x, y)) for x in range(0, WIDTH, 3) for y in range(0, bare.height, 3)
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"link": ""},
        {"where": ""},
        {"title": "W" * 60, "where": "khu phố " + "W" * 30 + ", phường Mỹ Phước Tây"},
        {"link": "https://t.me/mot_ten_bot_rat_la_dai_cua_xa_bot?start=lop-K7M2XD"},
    ],
)
def test_the_sheet_is_one_page_of_a4_whatever_is_on_it(changes: dict[str, Any]) -> None:
    pdf = pictures.draw("sheet", content(**changes))

    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 595.28 841.89]" in pdf
    assert b"Roboto" in pdf
