"""``check``: lint all content, every problem at once."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from commands.base import ProgramCommand

ROOT = Path(__file__).resolve().parents[1]


def _check(arguments: argparse.Namespace) -> int:
    """1 when something must be put right."""
    del arguments
    from lessons.check import check_content

    report = check_content(ROOT, today=datetime.now(UTC).date())
    print(report.text)
    return 0 if report.well else 1


COMMAND = ProgramCommand(
    name="check", summary="soát mọi bài học và câu hỏi, chỉ ra từng chỗ sai", run=_check
)
