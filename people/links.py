"""What a chat makes a link of, in words that people type."""

import re

# An address with two slashes, or a name as phones make a link of it: in letters without marks, with
# any ending; in letters with marks, with one of the usual endings. "hôm nay.Mai nghỉ" is none:
# somebody forgot a space.
LINK = re.compile(
    r"(?i:[a-z][a-z0-9+.-]*:)?//\S+"
    r"|(?<![^\W\d_])(?i:[a-z0-9-]+\.)+(?:[a-z]{2,}|[A-Z]{2,})(?![^\W\d_])(?:[/?#:]\S*)?"
    r"|(?i:[\w-]+\.)+(?i:com|net|org|vn|top|xyz|info|shop|vip|club|site|online)\b(?:[/?#:]\S*)?"
)
HANDLE = re.compile(r"(?<!\w)@\w{4,}")
# As people write the city's name, and no phone makes a link of.
_CITY = re.compile(r"(?i)\bTP\.\s?HCM\b")


def has_link(text: str) -> bool:
    """Whether a chat would show any of it as something to tap."""
    rest = _CITY.sub(" ", text)
    return LINK.search(rest) is not None or HANDLE.search(rest) is not None
