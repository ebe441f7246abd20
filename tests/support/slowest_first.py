"""The order of a run: each test process gets a stretch of tests that begins with slow ones."""

from collections.abc import Sequence

import pytest

# Files whose tests start processes and browsers, the slowest first. What one start serves stands
# side by side, and goes to one process.
SLOW = (
    ("tests/process/test_killed.py", "tests/process/test_killed_between.py"),
    ("tests/channels/web/test_browser.py", "tests/screens/test_browser.py"),
    ("tests/process/test_running.py", "tests/process/test_broadcast_killed.py"),
    ("tests/process/test_refusals.py", "tests/process/test_zalo_oa.py"),
    ("tests/channels/zalo/test_journey.py", "tests/process/test_zalo.py"),
    ("tests/commands/test_rehearse.py", "tests/test_simulated_year.py"),
)
_PLACE = {file: place for place, files in enumerate(SLOW) for file in files}


def dealt_out(items: Sequence[pytest.Item], processes: int) -> list[list[pytest.Item]]:
    """Stretches of about the same number of tests, in the order in which xdist hands them out."""
    slow: list[list[pytest.Item]] = [[] for _ in range(processes)]
    others: list[pytest.Item] = []
    for item in items:
        place = _PLACE.get(item.nodeid.partition("::")[0])
        (others if place is None else slow[place % processes]).append(item)
    stretches: list[list[pytest.Item]] = []
    for number, first in enumerate(slow):
        # As xdist shares them out: what is left, by those who have none yet.
        share = (len(items) - sum(map(len, stretches))) // (processes - number)
        taken = max(share - len(first), 0)
        stretches.append([*first, *others[:taken]])
        others = others[taken:]
    stretches[-1] += others
    return stretches
