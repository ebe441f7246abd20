"""Every conversation in ``tests/golden/plain``, on the three ways of drawing.

Run with ``--update-golden`` to write down what the tutor says now; read the change.
"""

from pathlib import Path

import pytest

from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support import golden
from tests.support.talk import Chat, Talk

SCRIPTS = sorted((golden.FOLDER / "plain").glob("*.txt"))
WAYS = {
    "plain": (golden.plain, False),
    "telegram": (golden.telegram, True),
    "web": (golden.web, True),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_conversation_goes_as_written(
    script: Path, way: str, database: Database, catalogue: Catalogue, request: pytest.FixtureRequest
) -> None:
    draw, taps = WAYS[way]
    written = script.read_text()
    expected = golden.FOLDER / way / script.name
    talk = Talk(database, catalogue, chat=Chat(name=way), taps=taps)

    now = await golden.play(written, talk, draw)

    if request.config.getoption("--update-golden"):
        expected.write_text(now)
    assert now == expected.read_text()
