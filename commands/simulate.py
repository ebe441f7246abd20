"""``simulate``: what the settings of reviews do for made-up learners, before changing them."""

import argparse
import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands.base import ProgramCommand, Refused, whole

if TYPE_CHECKING:
    from quizzes.review import Spacing
    from settings import Review
    from simulation.picture import Format

ROOT = Path(__file__).resolve().parents[1]
_KINDS: "dict[str, Format]" = {".png": "png", ".svg": "svg"}
_OUT = Path("mo-hinh-on-lai.png")
_MEANING = {
    "retention": "mức còn nhớ thì hỏi lại (0.7 đến 0.97)",
    "maximum_interval_days": "để lâu nhất mấy ngày",
    "safety_interval_days": "câu an toàn để lâu nhất mấy ngày (tới 120)",
    "questions_a_day": "mỗi ngày ôn mấy câu (1 đến 10)",
}


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--learners", type=whole(1, 2000), default=60, metavar="SỐ", help="mấy người học (60)"
    )
    parser.add_argument(
        "--days", type=whole(30, 730), default=180, metavar="SỐ", help="bao nhiêu ngày (180)"
    )
    parser.add_argument(
        "--out", type=Path, default=_OUT, metavar="TỆP", help=f"tệp hình .png hoặc .svg ({_OUT})"
    )
    parser.add_argument(
        "--seed",
        type=whole(0, 2**31),
        default=1,
        metavar="SỐ",
        help="cùng số này thì ra cùng kết quả (1)",
    )
    trial = parser.add_argument_group("đặt thử, để so với config.toml")
    for name, meaning in _MEANING.items():
        trial.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="SỐ", help=meaning)


def _simulate(arguments: argparse.Namespace) -> int:
    import settings
    from lessons.loading import load
    from simulation.outcome import compare
    from simulation.report import report

    kind = _checked(arguments.out)
    now = settings.load().review
    tried = {name: value for name in _MEANING if (value := getattr(arguments, name)) is not None}
    trial = _spacing(_changed(now, tried)) if tried else None
    catalogue = load(ROOT, cache=ROOT / ".cache" / "content.json")
    print("Đang tính, chừng nửa phút…", file=sys.stderr, flush=True)
    found = compare(
        catalogue,
        _spacing(now),
        trial,
        learners=arguments.learners,
        days=arguments.days,
        seed=arguments.seed,
    )
    print(report(found))
    from simulation.picture import draw

    _write(arguments.out, draw(found, kind))
    print(f"\nHình: {arguments.out}")
    return 0


def _changed(now: "Review", tried: dict[str, str]) -> "Review":
    from pydantic import ValidationError

    from settings import Review, why

    try:
        return Review.model_validate({**now.model_dump(), **tried})
    except ValidationError as broken:
        wrong = broken.errors()[0]
        option = "--" + str(wrong["loc"][0]).replace("_", "-")
        raise Refused(f"Dòng lệnh chưa đúng: {option} {why(wrong)}.") from None


def _spacing(review: "Review") -> "Spacing":
    from quizzes.review import Spacing

    return Spacing(
        retention=review.retention,
        maximum_interval_days=review.maximum_interval_days,
        safety_interval_days=review.safety_interval_days,
        questions_a_day=review.questions_a_day,
    )


def _checked(out: Path) -> "Format":
    """The kind of picture wanted, refused now rather than after the reckoning."""
    kind = _KINDS.get(out.suffix.lower())
    if kind is None:
        raise Refused(f"Tên tệp hình «{out}» phải tận cùng bằng .png hoặc .svg.")
    try:
        _check_place(out)
    except OSError as error:
        raise _unwritable(out, error) from None
    return kind


def _check_place(out: Path) -> None:
    if out.is_dir():
        raise Refused(f"«{out}» là một thư mục. Hãy chọn tên tệp khác.")
    if not out.parent.is_dir():
        raise Refused(f"Không có thư mục «{out.parent}». Hãy tạo thư mục đó, hoặc chọn chỗ khác.")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


_WHY_NOT = {
    errno.EACCES: "không có quyền",
    errno.EROFS: "chỗ này chỉ đọc",
    errno.ENOSPC: "ổ đĩa đầy",
    errno.ENAMETOOLONG: "tên dài quá",
}


def _unwritable(out: Path, error: OSError) -> Refused:
    why = _WHY_NOT.get(error.errno or 0, "ổ đĩa không nhận")
    return Refused(f"Không ghi được «{out}» ({why}). Hãy chọn chỗ khác bằng --out.")


def _write(out: Path, picture: bytes) -> None:
    try:
        out.write_bytes(picture)
    except OSError as error:
        raise _unwritable(out, error) from None


COMMAND = ProgramCommand(
    name="simulate",
    summary="vẽ thử: ôn lại như đang đặt thì người học nhớ được bao nhiêu (mô hình)",
    run=_simulate,
    options=_options,
)
