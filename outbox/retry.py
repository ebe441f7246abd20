"""When a delivery that failed is due again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST = timedelta(seconds=1)
LONGEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubling waits with jitter, up to five minutes, until ``give_up_after``.

    ``random`` gives floats in [0, 1). Jitter of half a wait keeps a thousand
    learners, whom one network fault stopped, from coming back in the same instant.
    """

    random: Callable[[], float]
    give_up_after: timedelta = timedelta(hours=24)

    def next_due(self, now: datetime, tries: int, at_least: timedelta = timedelta()) -> datetime:
        """When to try again after ``tries`` earlier attempts, no sooner than ``at_least``."""
        wait = min(LONGEST, FIRST * (1 << min(tries, 20)))
        return now + max(wait * (0.5 + self.random() / 2), at_least)
