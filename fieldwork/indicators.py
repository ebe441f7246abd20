"""The indicators R01 to R18, line by line: what each is called, its unit, and where it comes from.

The set, its units and its breakdowns are those of the reporting framework (no national form is
known); acts (lượt) and persons (người) are never mixed. What cannot be counted honestly from what
is stored is entered in the report by people who know it: docs/bao-cao.md says which, and why.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["tổ", "người", "buổi", "lượt", "hộ", "thuê bao", "vụ"]
# Counted by the tutor, entered in the report, or counted by another part of the tutor.
Source: TypeAlias = Literal["counted", "entered"]
# Of an entered figure: may parts be added up, does the latest hold, or does only a report on
# exactly this place and period know?
Adds: TypeAlias = Literal["sum", "latest", "never"]


@dataclass(frozen=True, slots=True)
class Line:
    """``name`` is the indicator's key, with a part after a dot where it has several."""

    name: str
    label: str
    unit: Unit
    source: Source = "counted"
    adds: Adds = "sum"


LINES = (
    Line("R01", "Tổ đang hoạt động", "tổ"),
    Line("R01.hamlets", "Số ấp, khóm, khu phố", "tổ"),
    Line("R02", "Thành viên Tổ", "người"),
    Line("R03", "Buổi, điểm hướng dẫn", "buổi"),
    Line("R03.home", "… tại nhà", "buổi"),
    Line("R03.market", "… ở chợ", "buổi"),
    Line("R03.office", "… ở một cửa", "buổi"),
    Line("R03.hall", "… ở nhà văn hóa", "buổi"),
    Line("R03.online", "… qua mạng", "buổi"),
    Line("R03.class", "Lớp mới mở", "buổi"),
    Line("R03.paste", "Bài đã dán vô nhóm", "buổi"),
    Line("R04", "Lượt người được hướng dẫn", "lượt"),
    Line("R04.N1", "… dịch vụ công", "lượt"),
    Line("R04.N2", "… mua sắm", "lượt"),
    Line("R04.N3", "… thanh toán", "lượt"),
    Line("R04.N4", "… chống lừa đảo", "lượt"),
    Line("R04.N5", "… ứng dụng khác", "lượt"),
    Line("R05", "Người được hướng dẫn, không trùng", "người", "entered", "never"),
    Line("R06.installed", "VNeID: cài đặt", "người"),
    Line("R06.level1", "VNeID: mức 1", "người"),
    Line("R06.level2", "VNeID: mức 2", "người"),
    Line("R07", "Nộp hồ sơ dịch vụ công qua mạng", "lượt"),
    Line("R08.account", "Tài khoản, ví mới", "người"),
    Line("R08.qr", "Hộ kinh doanh có mã QR", "hộ"),
    Line("R09", "Hộ đưa hàng lên sàn", "hộ"),
    Line("R10", "Cài ứng dụng của tỉnh", "lượt"),
    Line("R11", "Chữ ký số cá nhân", "người"),
    Line("R12", "Chuyển 2G lên 4G", "thuê bao"),
    Line("R13.begun", "Bài học: bắt đầu", "người"),
    Line("R13.done", "Bài học: hoàn thành", "người"),
    Line("R14", "Ghi tên học Bình dân học vụ số", "người"),
    Line("R15", "Được xác nhận phổ cập trên VNeID", "người"),
    Line("R16", "Hộ đạt Gia đình số", "hộ"),
    Line("R16.total", "Tổng số hộ", "hộ", "entered", "latest"),
    Line("R17", "Đại sứ số đang hoạt động", "người"),
    Line("R18", "Vụ lừa đảo được báo", "vụ", "entered"),
    Line("R18.guided", "Tình huống lừa đảo đã hướng dẫn", "vụ", "entered"),
)
BY_NAME = {line.name: line for line in LINES}
ENTERED = tuple(line for line in LINES if line.source == "entered")
