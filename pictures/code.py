"""QR codes, as rows of dark and light."""

from io import BytesIO

import segno


def modules(link: str) -> list[list[bool]]:
    """Each module, dark or not, row by row, without the quiet zone around (four modules wide).

    A quarter of it may be torn or dirty and it still reads: it hangs on walls.
    """
    made = segno.make(link, error="q", micro=False, boost_error=False)
    return [[bool(dark) for dark in row] for row in made.matrix]


def svg(link: str) -> bytes:
    """The code as a picture for a page, with the quiet zone around it; as large as the page likes."""
    made = segno.make(link, error="q", micro=False, boost_error=False)
    drawn = BytesIO()
    made.save(drawn, kind="svg", border=4, light="#ffffff", omitsize=True)
    return drawn.getvalue()
