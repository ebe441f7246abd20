"""Few are hidden: of a place, no number tells of fewer than five people.

A number may also be told by what stands beside it: the total less all the other parts. So where
one part is hidden, another is hidden with it, until at least five people are behind what is not
said (complementary suppression, as statistics offices do it).
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

FEWEST = 5

# Instead of a number: one to four; all but one to four; left out because of a neighbour.
Hidden: TypeAlias = Literal["few", "nearly_all", "withheld"]
Figure: TypeAlias = int | Hidden


def shown(count: int, total: int | None = None) -> Figure:
    """The count, where neither it nor what it leaves of ``total`` is of one to four people."""
    if 0 < count < FEWEST:
        return "few"
    if total is not None and 0 < total - count < FEWEST:
        return "nearly_all"
    return count


def shown_parts(counts: Sequence[int], totals: Sequence[int] | None = None) -> list[Figure]:
    """The counts of the parts of one whole, whose sum is known.

    ``totals`` are what each count is a part of (people, of whom so many are active), when what
    is left of them is not to be told either.
    """
    totals = counts if totals is None else totals
    figures = [shown(count, total) for count, total in zip(counts, totals, strict=True)]
    rests = [total - count for count, total in zip(counts, totals, strict=True)]
    hidden = [place for place, figure in enumerate(figures) if isinstance(figure, str)]
    spare = sorted(
        (place for place, total in enumerate(totals) if total and place not in hidden),
        key=lambda place: totals[place],
    )
    while hidden and spare and (len(hidden) < 2 or _tells(counts, rests, hidden)):
        hidden.append(spare.pop(0))
        figures[hidden[-1]] = "withheld"
    return figures


def ranked(figure: Figure) -> tuple[bool, int]:
    """To sort by, the most first. What is not said comes after all: between two numbers its place
    would tell it.
    """
    return isinstance(figure, str), 0 if isinstance(figure, str) else -figure


def _tells(counts: Sequence[int], rests: Sequence[int], hidden: Sequence[int]) -> bool:
    """Whether all that is hidden is, together, of so few that its sum tells of them."""
    sums = sum(counts[at] for at in hidden), sum(rests[at] for at in hidden)
    return any(0 < count < FEWEST for count in sums)
