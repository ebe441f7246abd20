"""What ``python bot.py check`` says about places."""

from dataclasses import dataclass
from pathlib import Path

from authoring.problems import Problem, report
from places.directory import gather


@dataclass(frozen=True, slots=True)
class Report:
    """``well`` is False when something must be put right before the tutor starts."""

    problems: tuple[Problem, ...]
    well: bool
    text: str


def check_places(root: Path, file: str = "") -> Report:
    provinces, problems = gather(root, file)
    communes = [one for province in provinces for one in province.communes]
    lines = report(problems)
    found = f"{len(provinces)} tỉnh, {len(communes)} xã, phường"
    if problems:
        lines.append(f"Đã soát {found}: có {len(set(problems))} chỗ phải sửa.")
    else:
        unsure = sum(one.unsure for one in communes)
        note = f" ({unsure} tên chưa đối chiếu với nghị quyết)" if unsure else ""
        lines.append(f"Đã soát {found}: tốt{note}.")
    return Report(tuple(sorted(set(problems))), not problems, "\n".join(lines))
