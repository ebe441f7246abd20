"""The tables, the verdicts and the JSON of ``benchmarks.telegram``."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from benchmarks.measure import NOTHING, median, number, percentile, save, table, times, verdict
from benchmarks.telegram_load import Turn

TUTOR, PTB, AIOGRAM = "Học Số", "bare PTB, defaults", "bare aiogram"
ZALO = "Học Số on Zalo"
MODES = ("polling", "webhook")
DELAYS = (0.0, 0.05)
OPEN_RATE = 100.0

# A bot, its mode, and the seconds that each of its requests takes.
Key: TypeAlias = tuple[str, str, float]


@dataclass(slots=True)
class Measured:
    """What the rounds of one bot in one setting gave."""

    rates: list[float] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    server_share: list[float] = field(default_factory=list)
    silent: int = 0
    late: int = 0


def report(
    measured: Mapping[Key, Measured],
    paced: Mapping[Key, Measured],
    memory: Mapping[str, float],
    kept: Sequence[Mapping[str, Any]],
    ceiling: float,
    options: argparse.Namespace,
) -> None:
    rates = {key: median(one.rates) for key, one in measured.items()}
    head = ["bot", "mode", "ms/send", "turns/s", "÷ PTB", "÷ aiogram"]
    head += ["p50 ms", "p99 ms", "CPU ms/turn", "server's core"]
    rows = []
    for (name, mode, delay), one in sorted(measured.items(), key=lambda kv: (kv[0][2], kv[0][1])):
        rate = rates[name, mode, delay]
        rows.append(
            (
                name,
                mode,
                number(delay * 1000),
                number(rate),
                _against(rate, rates.get((PTB, mode, delay))),
                _against(rate, rates.get((AIOGRAM, mode, delay))),
                *_tails(one.turns),
                number(median(one.cpu_ms), 2),
                number(median(one.server_share), 2),
            )
        )
    print(f"\nClosed loop, {options.chats} chats, medians of {options.rounds} rounds\n")
    print(table(head, rows))
    print(f"\nOpen loop, {OPEN_RATE:.0f} updates/s, {DELAYS[-1] * 1000:.0f} ms per send\n")
    head = ["bot", "mode", "p50 to send", "p99 to send", "p50 seen", "p99 seen", "unanswered"]
    print(
        table(
            head,
            [
                (
                    name,
                    mode,
                    *_tails(one.turns, "to_send"),
                    *_tails(one.turns),
                    str(one.silent + one.late),
                )
                for (name, mode, _), one in paced.items()
            ],
        )
    )
    print("\nMemory, MB: " + ", ".join(f"{who} {mb:.0f}" for who, mb in memory.items()))
    for one_kept in kept:
        print("Stored: " + ", ".join(f"{what} {value}" for what, value in one_kept.items()))
    verdicts = _verdicts(rates, measured, paced)
    print("\n" + "\n".join(verdicts))
    path = save(
        "telegram",
        {
            "ceiling_requests_per_second": ceiling,
            "chats": options.chats,
            "closed": [
                {
                    "bot": name,
                    "mode": mode,
                    "delay_ms": delay * 1000,
                    "turns_per_second": rates[name, mode, delay],
                    "rounds": one.rates,
                    **_tails_of(one.turns),
                    "cpu_ms_per_turn": median(one.cpu_ms),
                    "server_core_share": median(one.server_share),
                    "unanswered": one.silent,
                }
                for (name, mode, delay), one in measured.items()
            ],
            "open": [
                {
                    "bot": name,
                    "mode": mode,
                    "delay_ms": delay * 1000,
                    "updates_per_second": OPEN_RATE,
                    **_tails_of(one.turns),
                    "unanswered": one.silent,
                    "nobody_free": one.late,
                }
                for (name, mode, delay), one in paced.items()
            ],
            "memory_mb": dict(memory),
            "stored": list(kept),
            "verdicts": verdicts,
        },
    )
    print(f"\n{path}")


def _against(rate: float, peer: float | None) -> str:
    return times(rate / peer) if peer else NOTHING


def _tails(turns: Sequence[Turn], what: str = "to_seen") -> tuple[str, str]:
    seconds = [getattr(turn, what) for turn in turns]
    return number(percentile(seconds, 0.5) * 1000), number(percentile(seconds, 0.99) * 1000)


def _tails_of(turns: Sequence[Turn]) -> dict[str, float]:
    return {
        f"{what}_p{share * 100:.0f}_ms": percentile((getattr(turn, what) for turn in turns), share)
        * 1000
        for what in ("to_send", "to_seen")
        for share in (0.5, 0.99)
    }


def _verdicts(
    rates: Mapping[Key, float], measured: Mapping[Key, Measured], paced: Mapping[Key, Measured]
) -> list[str]:
    silent = sum(
        one.silent
        for (name, *_), one in [*measured.items(), *paced.items()]
        if name in (TUTOR, ZALO)
    )
    found = [verdict("updates that the tutor never answered", silent, 0, at_most=True)]
    for mode in MODES:
        for delay, target in ((0.0, 1.5), (0.05, 10.0)):
            ours = rates.get((TUTOR, mode, delay))
            for peer, wanted in ((PTB, target), (AIOGRAM, 0.6)):
                theirs = rates.get((peer, mode, delay))
                if ours is not None and theirs:
                    what = f"{mode}, {delay * 1000:.0f} ms per send, × {peer}"
                    found.append(verdict(what, ours / theirs, wanted))
        one = paced.get((TUTOR, mode, DELAYS[-1]))
        if one is not None:
            p99 = percentile((turn.to_seen for turn in one.turns), 0.99) * 1000
            what = f"{mode}, p99 ms from update to seen at {OPEN_RATE:.0f} updates/s"
            found.append(verdict(what, p99, 250, at_most=True))
    return found
