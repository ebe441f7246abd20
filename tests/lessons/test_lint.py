"""The linter, held against one whole project broken in one place at a time."""

import errno
import os
from datetime import date
from pathlib import Path

import pytest

from authoring.problems import report
from lessons.check import check_content
from lessons.gather import gather
from lessons.lint import lint, unused_facts
from tests.lessons.sample import (
    COURSE,
    COURSES,
    FACTS,
    LESSON,
    QUIZ,
    TODAY,
    change,
    said,
    write,
)

DUE = "soát lại từng câu với nguồn mới rồi sửa checked_on và check_by"
LONG = "Tên lạ thì {ban} hỏi người bán. " + "Hỏi nữa nha. " * 25


def test_a_whole_project_has_no_problem(tmp_path):
    write(tmp_path)
    assert said(tmp_path, TODAY) == []


BROKEN = [
    (
        LESSON,
        "slug: bai-mau\n",
        "slug: Bài Mẫu\n",
        [
            "tap-thu/bai-mau:1: mã «Bài Mẫu» không đúng dạng",
            "tap-thu/bai-mau:1: «slug: Bài Mẫu» mà tệp nằm ở «bai-mau»",
        ],
    ),
    (
        LESSON,
        "slug: bai-mau\n",
        "slug: bai-khac\n",
        ["tap-thu/bai-mau:1: «slug: bai-khac» mà tệp nằm ở «bai-mau»"],
    ),
    (
        LESSON,
        "title: Đọc tên người nhận\n",
        "title: Đọc tên người nhận cho thật kỹ rồi mới bấm nút chuyển tiền đi\n",
        ["tap-thu/bai-mau:2: «title» dài 61 chữ, nhiều nhất 48"],
    ),
    (LESSON, "title: Đọc tên người nhận\n", "", ["tap-thu/bai-mau:1: bài học thiếu mục «title»"]),
    (
        LESSON,
        "title: Đọc tên người nhận\n",
        "tilte: Đọc tên người nhận\n",
        [
            "tap-thu/bai-mau:1: bài học thiếu mục «title»",
            "tap-thu/bai-mau:2: bài học không có mục «tilte»",
        ],
    ),
    (
        LESSON,
        "title: Đọc tên người nhận\n",
        "title: Đọc tên người nhận\ntitle: Hai\n",
        ["tap-thu/bai-mau:3: mục «title» viết hai lần"],
    ),
    (
        LESSON,
        "title: Đọc tên người nhận\n",
        "title: Đọc tên {ban}\n",
        ["tap-thu/bai-mau:2: {ban} không dùng ở đây"],
    ),
    (
        LESSON,
        "title: Đọc tên người nhận\n",
        "title:\n",
        ["tap-thu/bai-mau:2: mục «title» để trống"],
    ),
    (
        LESSON,
        "course: tap-thu",
        "course: tap-khac",
        ["tap-thu/bai-mau:3: «course: tap-khac» mà tệp nằm ở «tap-thu»"],
    ),
    (
        LESSON,
        "757-2025-v1.0",
        "758",
        ["tap-thu/bai-mau:4: «framework_version: 758» không dùng được"],
    ),
    (LESSON, '[N3, "4.2"]', "[N9]", ["tap-thu/bai-mau:5: không có kỹ năng «N9»"]),
    (LESSON, "minutes: 3", "minutes: 9", ["tap-thu/bai-mau:6: «minutes: 9» không đúng"]),
    (
        LESSON,
        "checked_on: 2026-11-23",
        "checked_on: 23/11/2026",
        ["tap-thu/bai-mau:7: «checked_on: 23/11/2026» không phải ngày"],
    ),
    (
        LESSON,
        "check_by: 2027-05-23",
        "check_by: 2026-11-23",
        ["tap-thu/bai-mau:8: ngày rà lại không sau ngày soát"],
    ),
    (
        LESSON,
        "check_by: 2027-05-23",
        "check_by: 2027-05-24",
        ["tap-thu/bai-mau:8: check_by quá xa vì dòng T2 dễ đổi"],
    ),
    (
        LESSON,
        "  - quét mã\n",
        "  - QUET MA\n  - quét mã\n",
        ["tap-thu/bai-mau:11: từ khóa «quét mã» trùng với «QUET MA»"],
    ),
    (LESSON, "  - quét mã\n", "", ["tap-thu/bai-mau:10: mục «keywords» có 5 phần"]),
    (
        LESSON,
        "  - facts: []\n    text: |\n      Tên lạ thì {ban} hỏi người bán.\n",
        "",
        ["tap-thu/bai-mau:17: mục «cards» có 2 phần"],
    ),
    (
        LESSON,
        "Tên lạ thì {ban} hỏi người bán.",
        LONG,
        ["tap-thu/bai-mau:24: «text» dài 357 chữ, nhiều nhất 300"],
    ),
    (
        LESSON,
        "  - facts: [T1]\n",
        "  - facts: [T9]\n",
        [
            "tap-thu/bai-mau:17: không có dòng sự thật «T9», hoặc dòng đó chưa chắc nên không được dùng"
        ],
    ),
    (
        LESSON,
        "  - facts: [T1]\n",
        "  - facts: T1\n",
        ["tap-thu/bai-mau:17: mục «facts» phải là một danh sách"],
    ),
    (LESSON, "  - Tên lạ thì hỏi.\n", "", ["tap-thu/bai-mau:29: mục «takeaway» có 2 phần"]),
    (
        LESSON,
        "  - Tên lạ thì hỏi.\n",
        "  - Tên lạ: {ban} hỏi.\n",
        ["tap-thu/bai-mau:31: tệp không đúng dạng YAML (did not find expected key)"],
    ),
    (
        LESSON,
        "  - Tên lạ thì hỏi.\n",
        '  - "Tên lạ thì {ban} hỏi."\n',
        ["tap-thu/bai-mau:31: {ban} không dùng ở đây"],
    ),
    (
        LESSON,
        '  steps_if_stuck: "{Ban} nhờ người nhà quét thử một lần."\n',
        "",
        ["tap-thu/bai-mau:33: bài thực hành thiếu mục «steps_if_stuck»"],
    ),
    (
        LESSON,
        "minutes: 3",
        "minutes: 3\nnote: x",
        ["tap-thu/bai-mau:7: bài học không có mục «note»"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "{ban} đọc to cái tên đó.",
        ["tap-thu/bai-mau:21: {ban} đứng đầu câu"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "Rồi {Ban} đọc to cái tên đó.",
        ["tap-thu/bai-mau:21: {Ban} đứng giữa câu"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "{Bác} đọc to cái tên đó.",
        ["tap-thu/bai-mau:21: không có chỗ điền {Bác}"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "Bác đọc to cái tên đó.",
        ["tap-thu/bai-mau:21: viết tay chữ xưng hô «Bác»"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "Vào kiemtra-the.com mà xem.",
        ["tap-thu/bai-mau:21: địa chỉ «kiemtra-the.com» không có trong danh sách được phép"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "Gọi 0912 345 678 mà hỏi.",
        ["tap-thu/bai-mau:21: số điện thoại «0912 345 678» không có trong danh sách được phép"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "{Ban} đọc *thật to* cái tên đó.",
        ["tap-thu/bai-mau:21: có ký hiệu trang trí «*thật to*»"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "{Ban} đọc “thật to cái tên đó.",
        ["tap-thu/bai-mau:21: ngoặc “ chưa đóng"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        'Sai rồi! {Ban} đọc "to" lên.',
        ["tap-thu/bai-mau:21: chê bằng chữ «Sai»", "tap-thu/bai-mau:21: dùng ngoặc kép thẳng"],
    ),
    (
        LESSON,
        "{Ban} đọc to cái tên đó.",
        "{Ban} lên huyện mà hỏi.",
        ["tap-thu/bai-mau:21: «lên huyện» là lời khuyên sai hoặc đã cũ"],
    ),
    (
        LESSON,
        "{Ban} hỏi cán bộ ở xã.",
        "Nay là 15.000 đồng.",
        ["tap-thu/bai-mau:27: nêu con số «15.000» trong khi dòng T2 dễ lỗi thời"],
    ),
    (
        QUIZ,
        "lesson: bai-mau",
        "lesson: bai-khac",
        ["tap-thu/bai-mau:1: «lesson: bai-khac» mà tệp nằm ở «bai-mau»"],
    ),
    (
        QUIZ,
        "id: mau-nhieu",
        "id: mau-mot",
        ["tap-thu/bai-mau:13: mã câu hỏi «mau-mot» đã có ở quizzes/content/tap-thu/bai-mau.yaml:3"],
    ),
    (QUIZ, "id: mau-mot", "id: mau_mot", ["tap-thu/bai-mau:3: mã «mau_mot» không đúng dạng"]),
    (
        QUIZ,
        "kind: single",
        'edition: "1"\n    kind: single',
        ["tap-thu/bai-mau:4: «edition: 1» không đúng"],
    ),
    (QUIZ, "kind: single", "kind: one", ["tap-thu/bai-mau:4: «kind: one» không dùng được"]),
    (
        QUIZ,
        "text: Bấm luôn cho nhanh",
        "text: HOI NGUOI BAN",
        ["tap-thu/bai-mau:8: «HOI NGUOI BAN» và «Hỏi người bán» giống nhau khi gõ không dấu"],
    ),
    (
        QUIZ,
        "text: Bấm luôn cho nhanh",
        "text: Tất cả các cách trên",
        ["tap-thu/bai-mau:8: lựa chọn «Tất cả các cách trên» dựa vào lựa chọn khác hoặc thứ tự"],
    ),
    (
        QUIZ,
        '      - text: Hỏi người bán\n        right: "yes"\n',
        "      - text: Hỏi người bán\n",
        ["tap-thu/bai-mau:3: câu này có 0 lựa chọn đúng"],
    ),
    (
        QUIZ,
        'Hỏi người bán\n        right: "yes"\n        why: Hỏi một câu là biết.',
        'Hỏi người bán đã\n        right: "yes"\n        why: '
        + "Hỏi nữa nha. " * 13
        + "Hỏi nhen.",
        ["tap-thu/bai-mau:3: lời giải thích khi trả lời dài tới 301 chữ, nhiều nhất 300"],
    ),
    (
        QUIZ,
        '      - text: Hỏi người bán\n        right: "yes"\n',
        '      - text: Hỏi người bán\n        right: "no"\n',
        ["tap-thu/bai-mau:11: «right: no» không dùng được"],
    ),
    (
        QUIZ,
        '      - text: Số tiền\n        right: "yes"\n',
        "      - text: Số tiền\n",
        ["tap-thu/bai-mau:13: câu này có 1 lựa chọn đúng"],
    ),
    (
        QUIZ,
        "    answer: right\n",
        '    answer: "yes"\n',
        ["tap-thu/bai-mau:30: «answer: yes» không dùng được"],
    ),
    (
        QUIZ,
        "      - Đọc tên\n",
        "      - quet ma\n",
        ["tap-thu/bai-mau:38: «Quét mã» và «quet ma» giống nhau khi gõ không dấu"],
    ),
    (
        QUIZ,
        "      - Đọc tên\n",
        "      - 2. Đọc tên\n",
        ["tap-thu/bai-mau:38: bước «2. Đọc tên» có ghi số thứ tự"],
    ),
    (
        QUIZ,
        "Số lạ nhắn: “Quét mã này để nhận quà.”",
        "Số lạ nhắn tin cho quà.",
        ["tap-thu/bai-mau:46: cảnh chưa có lời hay chữ mà người học gặp"],
    ),
    (
        QUIZ,
        "      - text: Lời nhắn hơi ngắn\n        why: Ngắn hay dài đều giả được.\n",
        "",
        ["tap-thu/bai-mau:52: mục «reasons» có 2 phần"],
    ),
    (QUIZ, "    ask: Xếp cho đúng.\n", "", ["tap-thu/bai-mau:33: câu hỏi thiếu mục «ask»"]),
    (
        QUIZ,
        "    why: Đọc rồi mới bấm.\n",
        "    why: Đọc rồi: mới bấm.\n",
        [
            "tap-thu/bai-mau:41: tệp không đúng dạng YAML (mapping values are not allowed in this context)"
        ],
    ),
    (
        QUIZ,
        "    first_move: Không quét.\n",
        "    first_move: [Không quét]\n",
        ["tap-thu/bai-mau:50: mục «first_move» phải là một câu chữ"],
    ),
    (
        COURSE,
        "slug: tap-thu",
        "slug: tap-khac",
        ["tap-thu/course:1: «slug: tap-khac» mà tệp nằm ở «tap-thu»"],
    ),
    (COURSE, "icon: 🔒", "icon: khóa", ["tap-thu/course:3: «icon: khóa» không phải một hình"]),
    (
        COURSE,
        'safety: "yes"',
        "safety: no way",
        ["tap-thu/course:5: «safety: no way» không dùng được"],
    ),
    (
        COURSE,
        "  - bai-mau",
        "  - bai-khac",
        [
            "tap-thu/bai-mau:1: bài này chưa nằm trong khóa nào",
            "tap-thu/course:7: không có bài «bai-khac»",
        ],
    ),
    (
        COURSE,
        "  - bai-mau",
        "  - bai-mau\n  - bai-mau",
        ["tap-thu/course:7: bài «bai-mau» ghi 2 lần"],
    ),
    (
        COURSES,
        "  - tap-thu",
        "  - tap-khac",
        [
            "courses:1: không có khóa «tap-khac»",
            "tap-thu/course:1: khóa «tap-thu» chưa ghi vào danh sách",
        ],
    ),
    (
        FACTS,
        "  T1:",
        "  t1:",
        [
            "facts:3: mã dòng «t1» không đúng dạng",
            "tap-thu/bai-mau:15: không có dòng sự thật «T1», hoặc dòng đó chưa chắc nên không được dùng",
            "tap-thu/bai-mau:17: không có dòng sự thật «T1», hoặc dòng đó chưa chắc nên không được dùng",
            "tap-thu/bai-mau:28: không có dòng sự thật «T1», hoặc dòng đó chưa chắc nên không được dùng",
            "tap-thu/bai-mau:35: không có dòng sự thật «T1», hoặc dòng đó chưa chắc nên không được dùng",
            "tap-thu/bai-mau:45: không có dòng sự thật «T1», hoặc dòng đó chưa chắc nên không được dùng",
            "tap-thu/bai-mau:5: không có dòng sự thật «T1», hoặc dòng đó chưa chắc nên không được dùng",
        ],
    ),
    (FACTS, "    stale: low", "    stale: thấp", ["facts:6: «stale: thấp» không dùng được"]),
    (
        FACTS,
        "    source: báo A 1/1/2026; báo B 2/1/2026\n",
        "",
        ["facts:3: dòng «T1» thiếu mục «source»"],
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "problems"), BROKEN)
def test_one_wrong_passage_is_reported_where_it_stands(tmp_path, file, old, new, problems):
    change(tmp_path, file, old, new)
    assert said(tmp_path) == problems


FINE = [
    (LESSON, "{Ban} đọc to cái tên đó.", "Nhờ người nhà, con cháu, bạn bè coi giùm con số đó."),
    (LESSON, "{Ban} đọc to cái tên đó.", "Cô Lan, chú Tư, dì Sáu cũng đọc vậy."),
    (LESSON, "{Ban} đọc to cái tên đó.", "Họ nói: “Chị đọc em nghe mã.” {Ban} cúp máy."),
    (LESSON, "{Ban} đọc to cái tên đó.", "Vào dichvucong.gov.vn, nhớ đuôi “.gov.vn”."),
    (LESSON, "{Ban} đọc to cái tên đó.", "Trang giả ghi “dichvucong-vn[.]com”, gửi tệp .apk."),
    (LESSON, "{Ban} đọc to cái tên đó.", "Gọi 113, hoặc 1900 0368. Trả 45.000 đồng."),
    (LESSON, "{Ban} hỏi cán bộ ở xã.", "Cần mức 2:\n      1. Hỏi xã\n      2. Chờ"),
    (LESSON, "check_by: 2027-05-23", "check_by: 2026-11-24"),
    (QUIZ, "kind: single", 'edition: "2"\n    kind: single'),
    (QUIZ, "text: Bấm luôn cho nhanh", "text: Tất cả tin nhắn lạ đều xóa"),
    (QUIZ, "text: Bấm luôn cho nhanh", "text: Vào trang “ngan-hang[.]top” ai đó gửi"),
]


@pytest.mark.parametrize(("file", "old", "new"), FINE)
def test_good_vietnamese_raises_no_false_alarm(tmp_path, file, old, new):
    change(tmp_path, file, old, new)
    assert said(tmp_path) == []


def test_every_problem_of_every_file_comes_at_once(tmp_path):
    write(tmp_path)
    for name, old, new in (
        (LESSON, "minutes: 3", "minutes: ba"),
        (QUIZ, "kind: order", "kind: rank"),
        (COURSE, "title: Tập thử", "title: " + "dài " * 20),
    ):
        path = tmp_path / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert said(tmp_path) == [
        "tap-thu/bai-mau:34: «kind: rank» không dùng được",
        "tap-thu/bai-mau:6: «minutes: ba» không đúng",
        "tap-thu/course:1: cả khóa chưa có câu hỏi kiểu order",
        "tap-thu/course:2: «title» dài 79 chữ, nhiều nhất 28",
    ]


def test_the_right_option_may_not_always_be_the_longest(tmp_path):
    change(tmp_path, QUIZ, "Nhắn vào buổi sáng, lúc đang bận bán hàng", "Nhắn sáng sớm")
    path = tmp_path / QUIZ
    text = path.read_text(encoding="utf-8").replace("Bấm luôn cho nhanh", "Bấm luôn")
    second = text[text.index("  - id: mau-that-lua") :].replace("mau-that-lua", "mau-that-lua-hai")
    path.write_text(text + second, encoding="utf-8")
    assert said(tmp_path) == [
        "tap-thu/bai-mau:3: câu nào lựa chọn đúng cũng là câu dài nhất",
    ]


def test_drills_that_are_nearly_all_scams_are_reported(tmp_path):
    write(tmp_path)
    path = tmp_path / QUIZ
    text = path.read_text(encoding="utf-8")
    drill = text[text.index("  - id: mau-that-lua") :]
    quiz = text[: text.index("  - id: mau-mot")] + "".join(
        drill.replace("mau-that-lua", f"mau-lua-{number}") for number in range(4)
    )
    quiz += text[text.index("  - id: mau-dung-sai") : text.index("  - id: mau-thu-tu")]
    path.write_text(quiz, encoding="utf-8")
    assert said(tmp_path) == [
        "tap-thu/course:1: câu «thật hay lừa» của khóa lệch: 4 lừa, 0 thật",
        "tap-thu/course:1: cả khóa chưa có câu hỏi kiểu single, several, order",
    ]


def test_files_in_the_wrong_place_are_reported(tmp_path):
    write(tmp_path)
    (tmp_path / "lessons/content/tap-thu/ghi-chu.txt").write_text("x", encoding="utf-8")
    (tmp_path / "quizzes/content/la.yaml").write_text("x: y", encoding="utf-8")
    (tmp_path / "quizzes/content/.DS_Store").write_text("x", encoding="utf-8")
    assert said(tmp_path) == [
        "la:1: tệp này không nằm đúng chỗ",
        "tap-thu/ghi-chu.txt:1: tệp này không nằm đúng chỗ",
    ]


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        (QUIZ, ["tap-thu/bai-mau:1: bài này chưa có bài kiểm tra"]),
        (
            LESSON,
            [
                "tap-thu/bai-mau:1: không có bài học cho bài kiểm tra này",
                "tap-thu/course:7: không có bài «bai-mau»",
            ],
        ),
    ],
)
def test_a_missing_file_is_reported_by_those_that_need_it(tmp_path, name, problems):
    write(tmp_path)
    (tmp_path / name).unlink()
    assert said(tmp_path) == problems


def test_a_folder_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    write(tmp_path)
    scan = os.scandir

    def refuse(folder):
        if Path(folder).name == "tap-thu":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)  # the administrator may read everything
    assert said(tmp_path)[-1] == "tap-thu:1: không mở được thư mục (Permission denied)"


def test_no_content_at_all_is_a_problem_and_no_crash(tmp_path):
    assert said(tmp_path) == [
        "courses:1: không mở được tệp (No such file or directory)",
        "facts:1: không mở được tệp (No such file or directory)",
        "lessons/content:1: không có thư mục này",
        "quizzes/content:1: không có thư mục này",
    ]


@pytest.mark.parametrize(
    ("today", "problems"),
    [
        (date(2027, 5, 23), []),
        (date(2027, 5, 24), ["tap-thu/bai-mau:8: đến hạn rà lại từ ngày 2027-05-23"]),
        (date(2026, 11, 22), ["tap-thu/bai-mau:7: ngày soát 2026-11-23 ở tương lai"]),
    ],
)
def test_a_lesson_due_for_another_check_is_a_warning(tmp_path, today, problems):
    write(tmp_path)
    assert said(tmp_path, today) == problems
    assert [problem.serious for problem in lint(gather(tmp_path), today=today)] == [
        False for _ in problems
    ]


def test_check_by_may_be_a_year_off_when_no_row_goes_out_of_date(tmp_path):
    change(tmp_path, LESSON, "facts: [T2]", "facts: [T1]")
    path = tmp_path / LESSON
    for day, problems in (
        ("2027-11-23", []),
        ("2027-11-24", ["tap-thu/bai-mau:8: check_by quá xa"]),
    ):
        text = path.read_text(encoding="utf-8")
        before = text[text.index("check_by:") : text.index("\nkeywords")]
        path.write_text(text.replace(before, f"check_by: {day}"), encoding="utf-8")
        assert said(tmp_path) == problems


def test_rows_that_nothing_rests_on_are_named(tmp_path):
    change(tmp_path, LESSON, "facts: [T2]", "facts: [T1]")
    assert unused_facts(gather(tmp_path)) == ["T2"]


def test_a_check_of_good_content_says_so(tmp_path):
    write(tmp_path)
    report_ = check_content(tmp_path, today=TODAY)
    assert (report_.well, report_.text) == (
        True,
        "Đã soát 1 khóa, 1 bài học, 1 bài kiểm tra, 5 câu hỏi: tốt.",
    )


def test_a_check_names_file_line_problem_and_advice(tmp_path):
    change(tmp_path, LESSON, "minutes: 3", "minutes: ba")
    report_ = check_content(tmp_path, today=date(2027, 6, 1))
    assert report_.well is False
    assert report_.text.splitlines() == [
        f"{LESSON}:6: «minutes: ba» không đúng → viết một số từ 2 đến 5",
        f"{LESSON}:8: đến hạn rà lại từ ngày 2027-05-23 → {DUE}",
        "Đã soát 1 khóa, 1 bài học, 1 bài kiểm tra, 5 câu hỏi: có 1 chỗ phải sửa.",
    ]
    assert report_.text.splitlines()[:2] == report(report_.problems)
