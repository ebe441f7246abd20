"""The report of a learning day: one page, whatever happened, and nothing that was not counted."""

import re
from typing import Any

import pytest

import pictures

FULL: dict[str, Any] = {
    "title": "Ngày hội toàn dân học tập số xã Tân Phú Đông năm 2026",
    "where": "ấp Phú Hữu, xã Tân Phú Đông",
    "day": "10/10/2026",
    "partner": "Đoàn xã, Viettel Đồng Tháp",
    "lesson": "Giả công an gọi điện",
    "people": 1234,
    "lessons": 187,
    "hours": [[7, 46], [8, 112], [9, 31], [11, 10]],
    "questions": [
        {"ask": f"Câu hỏi số {number} " + "rất dài " * 20, "answers": 180, "right": 15 * number}
        for number in range(1, 6)
    ],
    "drills": {"scams": 360, "hits": 301, "real": 180, "false_alarms": 44},
    "is_over": True,
    "made": "17:05 ngày 10/10/2026",
}
EMPTY: dict[str, Any] = FULL | {
    "partner": "",
    "people": None,
    "lessons": None,
    "hours": [],
    "questions": [],
    "drills": {"scams": 0, "hits": 0, "real": 0, "false_alarms": 0},
}


@pytest.mark.parametrize(
    "content",
    [
        FULL,
        EMPTY,
        FULL | {"title": "Ngày hội " * 12, "partner": "Đơn vị " * 20},
        FULL | {"hours": [[hour, hour * 99] for hour in range(24)]},
        FULL | {"questions": FULL["questions"] * 4},
        FULL | {"questions": [{"ask": "Chưa ai trả lời", "answers": 0, "right": 0}]},
    ],
    ids=["full", "empty", "long names", "all day", "many questions", "unanswered"],
)
def test_the_report_is_one_page(content: dict[str, Any]) -> None:
    pdf = pictures.draw("fair_report", content)

    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", pdf)) == 1
