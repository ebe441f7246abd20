"""Provinces and communes as data: what ships, what any other file may say, how they are found."""

from pathlib import Path

import pytest

from places.check import check_places
from places.directory import Places, PlacesBroken, load
from places.model import Commune
from tests.conftest import ROOT

GOOD = """\
slug: an-giang
name: An Giang
before: [Kiên Giang]
communes:
  - code: "30316"
    kind: phường
    name: Châu Đốc
    before:
      - phường Châu Phú A, phường Châu Phú B; thành phố Châu Đốc; An Giang
  - code: dac-khu-phu-quoc
    kind: đặc khu
    name: Phú Quốc
    before: []
    unsure: yes
"""


@pytest.fixture(scope="module")
def places() -> Places:
    return load(ROOT)


def test_dong_thap_ships_whole(places: Places) -> None:
    (province,) = places.provinces
    kinds = [one.kind for one in province.communes]

    assert (province.name, province.before) == ("Đồng Tháp", ("Tiền Giang",))
    assert (kinds.count("phường"), kinds.count("xã"), len(kinds)) == (20, 82, 102)
    assert all(len(one.code) == 5 and one.code.isdecimal() for one in province.communes)
    assert all(
        one.before and all(former.district for former in one.before) for one in province.communes
    )


def test_names_that_nobody_has_checked_are_marked(places: Places) -> None:
    assert [one.name for one in places.communes if one.unsure] == [
        "Long Bình", "Vĩnh Hựu", "Gò Công Đông", "Tân Điền", "Tân Hòa", "Tân Đông", "Gia Thuận",
    ]  # fmt: skip


def test_the_one_code_that_a_source_of_ours_names_is_that_code(places: Places) -> None:
    found = places.commune("28696")

    assert found is not None
    assert found.title == "xã Tân Phú Đông"
    assert places.commune("99999") is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tan hong", "xã Tân Hồng"),
        ("Xã Tân Hồng", "xã Tân Hồng"),
        ("xa tan hong dong thap", "xã Tân Hồng"),
        ("mỹ tho, tiền giang", "phường Mỹ Tho"),
        ("tp cao lanh", "phường Cao Lãnh"),
        ("phuong cao lanh", "phường Cao Lãnh"),
        ("sa dec", "phường Sa Đéc"),
        ("tràm chim", "xã Tràm Chim"),
        ("hoa long", "xã Hoà Long"),
        ("lấp vò", "xã Lấp Vò"),
        ("thap muoi", "xã Tháp Mười"),
        ("thị trấn mỹ an", "xã Tháp Mười"),
        ("tân phước 2", "xã Tân Phước 2"),
        ("doc binh kiu", "xã Đốc Binh Kiều"),
        ("gao giong", "xã Phong Mỹ"),
    ],
)
def test_words_find_the_commune_by_its_name_now_or_before(
    places: Places, typed: str, first: str
) -> None:
    assert places.find(typed)[0].commune.title == first


def test_a_district_of_before_finds_all_that_was_in_it(places: Places) -> None:
    found = places.find("huyện thap muoi")

    assert [one.commune.name for one in found] == [
        "Tháp Mười", "Thanh Mỹ", "Mỹ Quí", "Đốc Binh Kiều", "Trường Xuân", "Phương Thịnh",
    ]  # fmt: skip
    assert {one.before for one in found} == {"huyện Tháp Mười"}


def test_a_name_of_before_says_which_it_was(places: Places) -> None:
    found = places.find("phường 1", limit=20)

    assert ("phường Sa Đéc", "phường 1, thành phố Sa Đéc") in [
        (one.commune.title, one.before) for one in found
    ]


@pytest.mark.parametrize("typed", ["", "   ", "???", "xã", "ha noi", "tôi muốn học bài", "x" * 500])
def test_words_that_name_no_place_find_none(places: Places, typed: str) -> None:
    assert places.find(typed) == []


def test_the_best_come_first_and_no_more_than_asked(places: Places) -> None:
    assert len(places.find("cao lanh", limit=3)) == 3
    assert places.find("cao lanh", limit=3)[0].commune.title == "phường Cao Lãnh"


def test_another_province_is_loaded_from_a_file_in_place_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "an-giang.yaml"
    file.write_text(GOOD)

    found = load(ROOT, str(file))

    assert [one.name for one in found.provinces] == ["An Giang"]
    assert found.commune("dac-khu-phu-quoc") == Commune(
        code="dac-khu-phu-quoc", kind="đặc khu", name="Phú Quốc", province="an-giang", unsure=True
    )
    assert [one.commune.title for one in found.find("chau phu a")] == ["phường Châu Đốc"]


def test_a_folder_gives_all_its_provinces(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text((ROOT / "places" / "content" / "dong-thap.yaml").read_text())

    assert len(load(ROOT, str(tmp_path)).communes) == 104


BROKEN = [
    (("slug: an-giang", "slug: An Giang"), 1, "mã «An Giang» không đúng dạng"),
    (("name: An Giang\n", ""), 1, "tỉnh thiếu mục «name»"),
    (('code: "30316"', "code: Châu Đốc"), 5, "mã «Châu Đốc» không đúng dạng"),
    (("code: dac-khu-phu-quoc", 'code: "30316"'), 10, "mã «30316» dùng hai lần"),
    (("kind: phường", "kind: huyện"), 6, "«kind: huyện» không dùng được"),
    (("name: Châu Đốc", "name: ''"), 7, "mục «name» để trống"),
    (("; An Giang", ""), 9, "tên cũ «phường Châu Phú A, phường Châu Phú B; thành phố Châu Đốc» chưa đủ ba phần"),
    (("    unsure: yes", "    unsure: maybe"), 14, "«unsure: maybe» không dùng được"),
    (("    kind: đặc khu\n    name: Phú Quốc", "    kind: phường\n    name: Châu Đốc"), 5, "«phường Châu Đốc» có hai lần"),
    (("communes:", "huyen:"), 5, "tỉnh không có mục «huyen»"),
    (("before: [Kiên Giang]", "before: ["), 5, "tệp không đúng dạng YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line", "message"), BROKEN, ids=[one[2] for one in BROKEN])
def test_what_is_wrong_with_a_file_is_named_by_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, message: str
) -> None:
    (tmp_path / "t.yaml").write_text(GOOD.replace(*change))

    with pytest.raises(PlacesBroken) as broken:
        load(tmp_path, "t.yaml")

    assert any(
        one.line == line and one.message.startswith(message) for one in broken.value.problems
    ), str(broken.value)
    assert all(" → " in text for text in str(broken.value).splitlines())


def test_one_province_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD)
    with pytest.raises(PlacesBroken, match="tỉnh «an-giang» có hai tệp"):
        load(tmp_path, str(tmp_path))


@pytest.mark.parametrize("file", ["nowhere.yaml", "empty-folder"])
def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path, file: str) -> None:
    (tmp_path / "empty-folder").mkdir()

    report = check_places(tmp_path, file)

    assert not report.well
    missing = "không có tệp nào về tỉnh, xã, phường ở đây"
    advice = "xem lại mục [places] trong config.toml, hoặc biến HOCSO_PLACES__FILE"
    assert report.text.splitlines() == [
        f"{file}:1: {missing} → {advice}",
        "Đã soát 0 tỉnh, 0 xã, phường: có 1 chỗ phải sửa.",
    ]


def test_what_ships_is_well() -> None:
    report = check_places(ROOT)

    assert (report.well, report.text) == (
        True,
        "Đã soát 1 tỉnh, 102 xã, phường: tốt (7 tên chưa đối chiếu với nghị quyết).",
    )
