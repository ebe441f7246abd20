"""What a comparison of settings says, in plain Vietnamese: a small table, and what it means."""

from simulation.outcome import Comparison, Outcome

LABEL = "mô hình, không phải số đo thật"
# A question with its explanation read takes about so many minutes.
_MINUTES = 2 / 3


def report(found: Comparison) -> str:
    """Some twenty lines of at most 82 letters, for a console."""
    parts = (_title(found), _settings(found), _table(found), _meaning(found), _CAVEATS)
    return "\n\n".join(parts)


def names(found: Comparison) -> tuple[tuple[str, Outcome], ...]:
    """Each plan, by the name that the table and the picture give it."""
    plans = [
        ("Không ôn gì", found.nothing),
        ("Chỉ nhắc câu an toàn", found.refreshers),
        ("Có ôn, bỏ hạn an toàn", found.reviews),
        ("Có ôn, như đang đặt", found.now),
    ]
    if found.trial is not None:
        plans.append(("Có ôn, như đặt thử", found.trial))
    return tuple(plans)


def percent(share: float | None) -> str:
    if share is None:
        return "–"
    return f"{share * 100:.0f} %" if share == 0 or share >= 0.01 else "<1 %"


def decimal(number: float) -> str:
    """With one place, and a comma as Vietnamese has it."""
    return f"{number:.1f}".replace(".", ",")


def _title(found: Comparison) -> str:
    return (
        f"Ôn lại giữ được bao nhiêu? ({LABEL})\n"
        f"{found.learners} người học tưởng tượng, {found.last_day} ngày, "
        f"{found.now.learnt:.0f} câu hỏi thật của Học Số mỗi người."
    )


def _settings(found: Comparison) -> str:
    columns = [("đang đặt", found.now)]
    if found.trial is not None:
        columns.append(("đặt thử", found.trial))
    spacings = [one.plan.spacing for _, one in columns]
    rows = [
        ("retention", [f"{one.retention:g}" for one in spacings]),
        ("maximum_interval_days", [str(one.maximum_interval_days) for one in spacings]),
        ("safety_interval_days", [str(one.safety_interval_days) for one in spacings]),
        ("questions_a_day", [str(one.questions_a_day) for one in spacings]),
    ]
    head = f"{'[review]':<24}" + "".join(f"{name:>10}" for name, _ in columns)
    lines = [
        f"{name:<24}"
        + "".join(f"{value:>10}" for value in values)
        + ("  ← khác" if len(set(values)) > 1 else "")
        for name, values in rows
    ]
    return "\n".join([head, *lines])


def decimal_exact(number: float) -> str:
    """With as many places as it needs."""
    return f"{number:g}".replace(".", ",")


def _table(found: Comparison) -> str:
    head = f"{'':<24}{'còn nhớ':>10}{'câu an toàn':>14}{'câu ôn':>10}{'an toàn':>12}"
    second = (
        f"{f'(ngày {found.last_day})':<24}{'':>10}{'còn nhớ':>14}{'mỗi tuần':>10}{'quá hạn':>12}"
    )
    lines = [
        f"{name:<24}{percent(one.known.mean[-1]):>10}{percent(one.known_safety.mean[-1]):>14}"
        f"{decimal(one.asked_a_week):>10}{percent(one.late):>12}"
        for name, one in names(found)
    ]
    return "\n".join([head, second, *lines])


def _meaning(found: Comparison) -> str:
    nothing, now = _known(found.nothing), _known(found.now)
    most = found.now.most_a_day
    said = [
        "Nói gọn:",
        f"- Không ôn thì sau {found.last_day} ngày, cứ 100 câu đã học còn nhớ chừng {nothing} câu.",
        f"- Ôn như đang đặt thì còn chừng {now} câu.",
        f"  Mỗi tuần {_effort(found.now)}; không ai bị hỏi quá {most} câu một ngày.",
        f"- Câu an toàn phải đợi quá {_limit(found.now)} ngày: {_late(found.now)}.",
        f"  Nếu bỏ hạn an toàn: {_late(found.reviews)}.",
    ]
    if found.trial is not None:
        said += _change(found.now, found.trial)
    return "\n".join(said)


def _change(now: Outcome, trial: Outcome) -> list[str]:
    """What the other settings change, in whole questions of a hundred."""
    gained = _known(trial) - _known(now)
    if gained == 0:
        kept = "nhớ như cũ"
    else:
        kept = f"nhớ {'thêm' if gained > 0 else 'bớt'} chừng {abs(gained)} câu trong 100"
    return [
        f"- Đặt thử: {kept}.",
        f"  Mỗi tuần {_effort(trial)}; không ai bị hỏi quá {trial.most_a_day} câu một ngày.",
        f"  Câu an toàn phải đợi quá {_limit(trial)} ngày: {_late(trial)}.",
    ]


def _late(outcome: Outcome) -> str:
    """Of a hundred, and never "none" when there were a few."""
    if 0 < outcome.late < 0.01:
        return "dưới 1 trong 100 câu"
    return f"{outcome.late * 100:.0f} trong 100 câu" if outcome.late else "không câu nào"


def _known(outcome: Outcome) -> int:
    return round((outcome.known.mean[-1] or 0.0) * 100)


def _limit(outcome: Outcome) -> int:
    return outcome.plan.spacing.longest(is_safety=True)


def _effort(outcome: Outcome) -> str:
    minutes = max(1, round(outcome.asked_a_week * _MINUTES))
    return f"{decimal(outcome.asked_a_week)} câu, chừng {minutes} phút"


_CAVEATS = """\
Mô hình trí nhớ là FSRS, rút ra từ sinh viên học thẻ từ. Người học ở đây là tưởng
tượng: người mau quên, người lâu quên, người hay vắng. Hãy dùng để so hai cách
đặt với nhau, đừng báo cáo như kết quả thật."""
