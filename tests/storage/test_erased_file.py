"""What is erased cannot be read in SQLite's files either, and nobody else may read them."""

import stat
from datetime import datetime
from pathlib import Path

from storage import addresses, learners, privacy, web_lines
from storage.migrate import prepare
from storage.opening import open_database

WORDS = "lời của một người học"


def _holding(folder: Path, words: str) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if words.encode() in file.read_bytes())


async def test_erased_words_are_in_no_file(tmp_path: Path, now: datetime) -> None:
    url = f"sqlite:///{tmp_path / 'hocso.db'}"
    await prepare(url)
    database = await open_database(url)
    async with database.transaction() as connection:
        address, learner = await addresses.load(connection, "web", "a", now)
        await learners.give_consent(connection, learner.id, "1", now)
        for _ in range(40):
            await web_lines.add(connection, address.id, "learner", WORDS, None, now)
    assert _holding(tmp_path, WORDS)

    async with database.transaction() as connection:
        await privacy.erase(connection, learner.id)

    assert _holding(tmp_path, WORDS) == []
    await database.close()


async def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hocso.db'}"
    await prepare(url)
    database = await open_database(url)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    await database.close()
    assert modes == dict.fromkeys(("hocso.db", "hocso.db-shm", "hocso.db-wal"), 0o600)
