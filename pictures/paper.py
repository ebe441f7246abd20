"""The leaf of paper that every printed thing begins with."""

from font_roboto import RobotoBold, RobotoMedium
from fpdf import FPDF


def one_page(title: str, margin: float) -> FPDF:
    """An empty A4 page in our letters, ``margin`` millimetres wide on each side; never two pages."""
    page = FPDF(format="A4")
    page.set_auto_page_break(auto=False)
    page.set_margin(margin)
    page.c_margin = 0
    page.add_font("Roboto", "", RobotoMedium)
    page.add_font("Roboto", "B", RobotoBold)
    page.set_title(title)
    page.set_lang("vi")
    page.add_page()
    return page
