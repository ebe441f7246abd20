"""``check``: lint all content, every problem at once."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from commands.base import ProgramCommand

ROOT = Path(__file__).resolve().parents[1]


def _check(arguments: argparse.Namespace) -> int:
    """1 when something must be put right."""
    del arguments
    import settings
    from lessons.check import check_content
    from places.check import check_places

    content = check_content(ROOT, today=datetime.now(UTC).date())
    places = check_places(ROOT, settings.load().places.file)
    print(content.text)
    print(places.text)
    return 0 if content.well and places.well else 1


COMMAND = ProgramCommand(
    name="check", summary="soát bài học, câu hỏi, xã phường; chỉ ra từng chỗ sai", run=_check
)
