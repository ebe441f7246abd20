"""The content that is shipped: it has no problem, and its lessons are found as people ask."""

from pathlib import Path

import pytest

from lessons.gather import gather
from lessons.lint import lint
from lessons.loading import load

ROOT = Path(__file__).parents[2]

ASKED = {
    "lam sao cai vneid": "tai-vneid",
    "con oi lam sao cai vneid vay": "tai-vneid",
    "Làm sao cài VNeID?": "tai-vneid",
    "vnied la gi": "tai-vneid",
    "cai vne id": "tai-vneid",
    "vneid": "tai-vneid",
    "nang muc 2 o dau": "len-muc-2",
    "mat dien thoai": "giu-kin-mat-khau",
    "dang nhap dich vu cong": "vao-cong-dich-vu-cong",
    "nop ho so tren mang": "vao-cong-dich-vu-cong",
    "the bhyt": "vi-giay-to",
    "nhan tien tro cap": "nhan-tro-cap",
    "sap nhap co phai doi giay to khong": "sau-sap-nhap",
    "quet ma qr": "doc-ten-nguoi-nhan",
    "ma otp la gi": "giu-kin-ma-otp",
    "anh chuyen khoan gia": "anh-chuyen-tien-gia",
    "loa bao tien": "anh-chuyen-tien-gia",
    "quet ma nhan tien": "nhan-tien-khong-quet-ma",
    "chuyen nham tien": "chuyen-nham-tien-la",
    "tôi lỡ chuyển nhầm tiền": "chuyen-nham-tien-la",
    "ck nham nguoi": "chuyen-nham-tien-la",
    "tin nhan ngan hang co duong link": "tin-ngan-hang-co-link",
    "cong an goi dien": "gia-cong-an",
    "công an gọi điện đòi tiền": "gia-cong-an",
    "shipper lua dao": "gia-shipper",
    "file apk": "link-la-app-la",
    "goi video gia": "goi-video-gia",
    "viec nhe luong cao": "qua-va-viec-nhe",
    "trung thuong xe may": "qua-va-viec-nhe",
    "zalo bi hack": "khoa-zalo",
    "khoá zalo": "khoa-zalo",
    "bi lua mat tien": "bi-lua-lam-gi",
    "bị gạt tiền": "bi-lua-lam-gi",
}
STRAY = [
    "hom nay troi mua qua",
    "mai mot con ve tham",
    "gia lua nam nay cao",
    "bua nay ca loc co gia",
    "dien thoai het pin",
    "con trai toi di lam xa",
    "may bi hu",
    "ngoai cho dong nguoi qua",
    "mua cai dien thoai moi",
    "mất điện rồi",
    "ngân hàng đông người quá",
    "gọi điện cho con",
    "gui tien cho con di hoc",
    "hôm nay bán được 2 ký cá",
    "bữa nay ế quá con ơi",
    "thứ hai tui đi khám bệnh",
    "chị 2 khỏe hông",
    "ba đứa cháu",
    "để tui coi lại",
    "cảm ơn nha",
    "hết pin rồi",
    "trời nóng quá",
    "mai đi chợ sớm",
    "lúa năm nay trúng mùa",
    "tôm chết hết rồi",
    "coi cải lương không",
    "máy chạy chậm quá",
    "chữ nhỏ khó đọc",
    "anh ba sửa máy giỏi lắm",
    "chuyển nhà lên Cao Lãnh",
    "mất con gà mái",
    "quét nhà rồi nấu cơm",
    "khóa cửa lại chưa",
]


@pytest.fixture(scope="module")
def catalogue():
    return load(ROOT)


def test_the_shipped_content_has_no_problem():
    assert [str(problem) for problem in lint(gather(ROOT))] == []


def test_there_are_three_courses_each_with_five_lessons_and_a_quiz_for_each(catalogue):
    assert [course.slug for course in catalogue.courses] == [
        "dich-vu-cong",
        "thanh-toan-an-toan",
        "an-toan-tren-mang",
    ]
    for course in catalogue.courses:
        assert len(course.lessons) >= 5
        assert all(catalogue.quiz(slug) is not None for slug in course.lessons)


@pytest.mark.parametrize(("text", "slug"), ASKED.items())
def test_a_typed_question_surely_finds_its_lesson(catalogue, text, slug):
    found = catalogue.search.find(text)
    assert [(one.lesson.slug, one.sure) for one in found[:1]] == [(slug, True)]


@pytest.mark.parametrize("text", STRAY)
def test_stray_chat_finds_nothing_sure(catalogue, text):
    assert [one for one in catalogue.search.find(text) if one.sure] == []


def test_the_nearest_are_always_three(catalogue):
    for text in ("", "hom nay troi mua qua", "👍", "quet ma"):
        assert len({one.lesson.slug for one in catalogue.search.nearest(text)}) == 3
