"""The table of what each mouth says."""

from rehearsal.agreement import Row, table


def test_a_number_that_differs_is_marked() -> None:
    rows = [
        Row("Cả xã: người học", {"kể lại": "20", "chat": "20", "trang": "20"}),
        Row("Lớp: xong khóa", {"chat": "3", "trang": "4"}),
        Row("Ca đang mở", {"chat": "2", "đếm": "2"}),
    ]

    assert [row.agrees for row in rows] == [True, False, True]
    assert [line.rstrip() for line in table(rows).splitlines()] == [
        "                  kể lại  chat  trang  đếm",
        "Cả xã: người học      20    20     20",
        "Lớp: xong khóa               3      4       ← khác nhau",
        "Ca đang mở                   2           2",
    ]
