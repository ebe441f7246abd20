"""Charts for who does not see them."""

from xml.etree import ElementTree as ET

from dashboard.chart import Bars, Line
from dashboard.charts import draw

_SVG = "{http://www.w3.org/2000/svg}"


def test_a_chart_says_its_title_and_its_numbers_aloud() -> None:
    bars = Bars("Đi tới đâu", (("Mở bài <1> & 2", 12.0, "12"), ("Xong bài 1", None, "dưới 5")))
    line = Line("Mỗi tuần", (("16/11", 3.0, "3"), ("23/11", None, "")))

    told = []
    for chart in (bars, line):
        picture = ET.fromstring(draw(chart))
        told.append(
            (picture.get("role"), picture.findtext(f"{_SVG}title"), picture.findtext(f"{_SVG}desc"))
        )

    assert told == [
        ("img", "Đi tới đâu", "Mở bài <1> & 2: 12; Xong bài 1: dưới 5"),
        ("img", "Mỗi tuần", "16/11: 3"),
    ]
