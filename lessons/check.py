"""What ``python bot.py check`` says about all content."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from authoring.problems import Problem, report
from lessons.gather import FACTS, gather
from lessons.lint import lint, unused_facts


@dataclass(frozen=True, slots=True)
class Report:
    """``well`` is False when something must be put right before the tutor starts."""

    problems: tuple[Problem, ...]
    well: bool
    text: str


def check_content(root: Path, *, today: date) -> Report:
    """Lint everything under ``root``; what falls due by ``today`` is said too, as a warning."""
    gathered = gather(root)
    problems = tuple(sorted(set(lint(gathered, today=today))))
    serious = sum(problem.serious for problem in problems)
    lines = report(problems)
    unused = unused_facts(gathered)
    if unused:
        lines.append(f"{FACTS}: chưa bài nào dùng {len(unused)} dòng: {' '.join(unused)}")
    questions = sum(len(found.part.questions) for found in gathered.quizzes)
    found = (
        f"{len(gathered.courses)} khóa, {len(gathered.lessons)} bài học, "
        f"{len(gathered.quizzes)} bài kiểm tra, {questions} câu hỏi"
    )
    if serious:
        lines.append(f"Đã soát {found}: có {serious} chỗ phải sửa.")
    else:
        due = len(problems)
        lines.append(f"Đã soát {found}: tốt" + (f", {due} chỗ nên xem lại." if due else "."))
    return Report(problems, serious == 0, "\n".join(lines))
