"""What a place is: a province, a commune or ward in it, a hamlet in that.

There is no district level: it was abolished on 1/7/2025.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

CommuneKind: TypeAlias = Literal["xã", "phường", "đặc khu"]
HamletKind: TypeAlias = Literal["ap", "khom", "khu_pho"]

# Old Đồng Tháp says ấp and khóm, old Tiền Giang ấp and khu phố.
HAMLET_KINDS: dict[HamletKind, str] = {"ap": "ấp", "khom": "khóm", "khu_pho": "khu phố"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """Units that are part of a commune now: their names, their district and their province."""

    communes: tuple[str, ...]
    district: str
    province: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune or a ward. ``code`` is permanent, and what the database points at: the five
    digits of the statistics office, or a slug where they are not known. ``unsure`` marks a
    name that nobody has yet held against the resolution itself.
    """

    code: str
    kind: CommuneKind
    name: str
    province: str
    before: tuple[Former, ...] = ()
    unsure: bool = False

    @property
    def title(self) -> str:
        """As it is said: "xã Tân Hồng"."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """``before`` are the provinces that it was made of, besides its own name."""

    slug: str
    name: str
    before: tuple[str, ...]
    communes: tuple[Commune, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something belongs: a hamlet of a commune, a whole commune (``hamlet`` is 0), or
    nowhere in particular (``commune`` is "").

    ``commune`` is a ``Commune.code``; ``hamlet`` the id of a row, because hamlets are listed by
    each commune itself.
    """

    commune: str = ""
    hamlet: int = 0
