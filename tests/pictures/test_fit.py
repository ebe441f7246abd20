"""A picture made small enough."""

import random
from io import BytesIO

import pytest
from PIL import Image

import pictures
from pictures.fit import fit
from tests.pictures.test_path import content


def noise(width: int, height: int) -> bytes:
    """A PNG that hardly gets smaller."""
    pixels = random.Random(1).randbytes(width * height * 3)
    png = BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(png, "PNG")
    return png.getvalue()


def test_what_fits_stays_as_it_is() -> None:
    png = pictures.draw("path", content(["passed", "ahead"]))

    assert fit(png, len(png)) == (png, "image/png")


@pytest.mark.parametrize("share", [0.6, 0.2, 0.1])
def test_what_is_too_large_becomes_a_jpeg_that_fits(share: float) -> None:
    png = noise(900, 600)
    most = int(len(png) * share)
    body, kind = fit(png, most)

    assert len(body) <= most
    assert (kind, Image.open(BytesIO(body)).format) == ("image/jpeg", "JPEG")


def test_the_longest_path_there_may_be_fits_a_megabyte_as_it_is() -> None:
    png = pictures.draw("path", content(*[["passed", "current"] * 10] * 12))

    assert fit(png, 1_000_000) == (png, "image/png")


def test_what_cannot_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        fit(noise(400, 300), 500)
