"""What a visit may be about, and where it takes place.

The five contents are the five basic skills that every digital community team has to teach
(Công văn 3240/BTTTT-CĐSQG, 8/8/2024). Their labels N1 to N5 are ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

ContentCode: TypeAlias = Literal["N1", "N2", "N3", "N4", "N5"]
VisitKind: TypeAlias = Literal["home", "market", "office", "hall", "online"]


@dataclass(frozen=True, slots=True)
class Content:
    """``label`` is what a team member taps, ``short`` what a line of a list says."""

    code: ContentCode
    label: str
    short: str


CONTENTS = (
    Content("N1", "Dịch vụ công, VNeID", "dịch vụ công"),
    Content("N2", "Mua sắm trên mạng", "mua sắm"),
    Content("N3", "Thanh toán trên mạng", "thanh toán"),
    Content("N4", "Tự bảo vệ, chống lừa đảo", "chống lừa đảo"),
    Content("N5", "Ứng dụng khác của tỉnh", "ứng dụng khác"),
)
# The first is what is meant when nobody says otherwise.
VISIT_KINDS: dict[VisitKind, str] = {
    "home": "tại nhà",
    "market": "ở chợ",
    "office": "ở một cửa",
    "hall": "ở nhà văn hóa",
    "online": "qua mạng",
}


def mask_of(places: Iterable[int]) -> int:
    """The contents at these places, from zero, as bits; a place that there is not counts for none."""
    return sum(1 << place for place in set(places) if 0 <= place < len(CONTENTS))


def places_of(mask: int) -> tuple[int, ...]:
    return tuple(place for place in range(len(CONTENTS)) if mask >> place & 1)


def contents_of(mask: int) -> tuple[Content, ...]:
    return tuple(CONTENTS[place] for place in places_of(mask))
