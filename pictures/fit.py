"""Making a drawn picture small enough for whoever limits its bytes."""

from io import BytesIO

from PIL import Image

# Each a little worse than the one before, until one fits.
_QUALITIES = (90, 75, 60)
_SMALLER = 0.7
_LEAST_WIDTH = 320


def fit(png: bytes, most: int) -> tuple[bytes, str]:
    """The picture in at most ``most`` bytes, and its media type.

    What fits stays as it is. Else it becomes a JPEG, and then a smaller one, down to a
    width of ``_LEAST_WIDTH`` pixels. Raises ``ValueError`` when even that is too much.
    """
    if len(png) <= most:
        return png, "image/png"
    image = Image.open(BytesIO(png)).convert("RGB")
    while image.width >= _LEAST_WIDTH:
        for quality in _QUALITIES:
            jpeg = BytesIO()
            image.save(jpeg, "JPEG", quality=quality, optimize=True)
            if jpeg.tell() <= most:
                return jpeg.getvalue(), "image/jpeg"
        size = (int(image.width * _SMALLER), int(image.height * _SMALLER))
        image = image.resize(size, Image.Resampling.LANCZOS)
    raise ValueError("the picture does not fit")
