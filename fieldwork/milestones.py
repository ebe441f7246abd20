"""Milestones: the steps in digital life that are counted, each with the indicator it feeds.

A person has a milestone or does not; whether it was only said or also seen is kept apart. No
number, name or picture goes with it.
"""

from dataclasses import dataclass

from fieldwork.contents import ContentCode


@dataclass(frozen=True, slots=True)
class Milestone:
    """``label`` is what is told of it. ``feeds`` is a line of ``fieldwork.indicators``,
    ``content`` the one of the five contents it belongs to. ``before`` are slugs of those that
    nobody can skip: who has this one has them.
    """

    slug: str
    label: str
    feeds: str
    content: ContentCode
    before: tuple[str, ...] = ()


MILESTONES = (
    Milestone("vneid", "Cài VNeID", "R06.installed", "N1"),
    Milestone("vneid_1", "VNeID mức 1", "R06.level1", "N1", ("vneid",)),
    Milestone("vneid_2", "VNeID mức 2", "R06.level2", "N1", ("vneid", "vneid_1")),
    Milestone("service", "Nộp hồ sơ qua mạng", "R07", "N1"),
    Milestone("signature", "Chữ ký số", "R11", "N1"),
    Milestone("platform", "Ghi tên học Bình dân học vụ số", "R14", "N1"),
    Milestone("shop", "Gian hàng trên sàn bán hàng", "R09", "N2"),
    Milestone("account", "Tài khoản, ví để trả tiền", "R08.account", "N3"),
    Milestone("stall_qr", "Mã QR nhận tiền ở quầy", "R08.qr", "N3"),
    Milestone("app", "Ứng dụng của tỉnh", "R10", "N5"),
    Milestone("four_g", "Đổi máy 2G lên 4G", "R12", "N5"),
)
BY_SLUG = {one.slug: one for one in MILESTONES}

# After these lessons, and no others, the milestone is offered. One that only shows the way, as to
# the portal of public services, has nobody file anything yet.
TAUGHT_BY = {"tai-vneid": "vneid", "len-muc-2": "vneid_2"}


def of_contents(codes: frozenset[ContentCode]) -> tuple[Milestone, ...]:
    """Those that a visit about these contents may have led to."""
    return tuple(one for one in MILESTONES if one.content in codes)
