"""Every conversation again, through a real Official Account's channel and a fake Zalo.

A phone shows there word for word what it shows of a Zalo bot, so the same files say how it goes.
Left out is what Zalo posts otherwise of a bot: groups, and what it does not hand over.
"""

from pathlib import Path

import pytest

from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support import golden
from tests.support.zalo_oa_talk import oa_talk

# Zalo says of a bot's learner only that something came; of an account's, what it was.
_OTHERWISE = ("> #group", "> #withheld", "> #file")
# An account may not write first when it has heard nothing for 48 hours: these hold unasked lines
# that come later than that.
_LATER_THAN_ALLOWED = {
    "nhac-dung-va-tam-nghi",
    "nhac-hai-tuan",
    "nhac-quen-roi-quay-lai",
    "ca-ket-bai",
    "ca-len-tung-nac",
    "ca-nhan-roi-de-do",
}
SCRIPTS = [
    script
    for script in sorted((golden.FOLDER / "zalo").glob("*.txt"))
    if script.stem not in _LATER_THAN_ALLOWED
    and not any(line.startswith(_OTHERWISE) for line in script.read_text().splitlines())
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
async def test_conversation_goes_as_on_a_zalo_bot(
    script: Path, database: Database, catalogue: Catalogue
) -> None:
    async with oa_talk(database, catalogue) as talk:
        now = await golden.play(script.read_text(), talk, golden.plain)

    assert now == script.read_text().replace('"zalo_bot"', '"zalo_oa"')


def test_few_conversations_are_left_out() -> None:
    assert len(SCRIPTS) >= len(list((golden.FOLDER / "zalo").glob("*.txt"))) - 8
